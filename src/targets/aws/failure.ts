import {
  type CloudFormationClient,
  paginateDescribeStackEvents,
  type StackEvent,
} from '@aws-sdk/client-cloudformation'
import { DeployFailed } from '#kit'

const STACK = 'AWS::CloudFormation::Stack'

/** Everything that was noted of a stack, oldest first. */
export async function eventsOf(
  client: CloudFormationClient,
  stackId: string,
): Promise<readonly StackEvent[]> {
  const events: StackEvent[] = []
  for await (const page of paginateDescribeStackEvents({ client }, { StackName: stackId })) {
    events.push(...(page.StackEvents ?? []))
  }
  return events.reverse()
}

/** Why a stack failed: the resource that did so first, and all the reasons that were given. */
export function deployFailed(events: readonly StackEvent[]): DeployFailed {
  const failed = events.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))
  // When one resource fails, those under way beside it are cancelled: they are not the cause.
  const first =
    failed.find(
      ({ ResourceType, ResourceStatusReason }) =>
        ResourceType !== STACK && !/cancelled/i.test(ResourceStatusReason ?? ''),
    ) ?? failed[0]
  const stack = events.findLast(
    ({ ResourceType, ResourceStatusReason }) => ResourceType === STACK && ResourceStatusReason,
  )
  const {
    StackName = '',
    LogicalResourceId = '',
    ResourceType,
    ResourceStatusReason: because = 'CloudFormation gives no reason.',
  } = first ?? stack ?? {}
  const ofResource = first !== undefined && ResourceType !== STACK
  return new DeployFailed({
    ...(ofResource && { logicalId: LogicalResourceId }),
    reason: `${StackName}${ofResource ? `/${LogicalResourceId} (${ResourceType})` : ''}: ${because}`,
    evidence: reasonsIn(events),
  })
}

/** `CREATE_FAILED Say: …`, a line for each event that says why something failed or was taken back. */
export const reasonsIn = (events: readonly StackEvent[]): readonly string[] =>
  events
    .filter(
      ({ ResourceStatus = '', ResourceStatusReason }) =>
        ResourceStatusReason && /FAILED|ROLLBACK/.test(ResourceStatus),
    )
    .map(one => `${one.ResourceStatus} ${one.LogicalResourceId}: ${one.ResourceStatusReason}`)
