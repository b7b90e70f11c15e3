import { DeleteStackCommand, paginateListStackResources, type Stack } from '@aws-sdk/client-cloudformation'
import { DeployFailed, type Deployment } from '#kit'
import { NESTED_STACK } from '../nested.ts'
import type { AwsAccount } from './account.ts'
import { eventsOf, reasonsIn } from './failure.ts'
import { AwsTrouble } from './trouble.ts'
import { whenGone } from './wait.ts'

/** A stack in an account, and how somebody would be rid of it by hand. */
export interface StackThere {
  readonly stackName: string
  /** Stays the same when a stack of that name is made again. */
  readonly stackId: string
  /** A command. */
  readonly howToDelete: string
}

/** How long to wait for something that should come, in milliseconds: a cold start behind a cold start, over the internet. */
const PATIENCE = 30_000
/** The same at an endpoint of one's own, which is mostly on this machine. */
const PATIENCE_AT_AN_ENDPOINT = 6_000

/** How late CloudWatch Logs shows a line, in milliseconds. An endpoint of one's own shows it at once. */
const LOGS_ARE_LATE = 5_000

/** A stack that is up, as a deployment. `destroy` is how to be rid of it. */
export async function deploymentOf(
  account: AwsAccount,
  stack: Stack,
  accountId: string,
  destroy: () => Promise<void>,
): Promise<Deployment> {
  const resources = await resourcesOf(account, stack.StackId!)
  const apiHosts = apiHostsOf(resources, String(account.config.region))
  return {
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue ?? '']),
    ),
    resources,
    ...(apiHosts && { apiHosts }),
    aws: account.config,
    accountId,
    patience: account.endpoint === undefined ? PATIENCE : PATIENCE_AT_AN_ENDPOINT,
    ...(account.endpoint === undefined && {
      settled: () => new Promise<void>(resolve => setTimeout(resolve, LOGS_ARE_LATE)),
    }),
    destroy,
  }
}

/** Where the APIs of a stack are. Behind a mapping or a distribution they can be at any host: nobody can tell. */
function apiHostsOf(resources: Deployment['resources'], region: string): string[] | undefined {
  const isElsewhere = ({ type }: { type: string }) =>
    type === 'AWS::ApiGatewayV2::ApiMapping' || type === 'AWS::CloudFront::Distribution'
  if (resources.some(isElsewhere)) return undefined
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  return resources
    .filter(({ type }) => type === 'AWS::ApiGatewayV2::Api')
    .map(({ physicalId }) => `${physicalId}.execute-api.${region}.${suffix}`)
}

/** What a stack and those that are nested in it are made of. One that has been deleted is asked for by its id. */
export async function resourcesOf(account: AwsAccount, StackName: string): Promise<Deployment['resources']> {
  const { cloudFormation: client } = account
  const resources: Deployment['resources'][number][] = []
  for await (const page of paginateListStackResources({ client }, { StackName })) {
    for (const one of page.StackResourceSummaries ?? []) {
      resources.push({
        logicalId: one.LogicalResourceId!,
        type: one.ResourceType!,
        physicalId: one.PhysicalResourceId ?? '',
      })
      if (one.ResourceType === NESTED_STACK && one.PhysicalResourceId)
        resources.push(...(await resourcesOf(account, one.PhysicalResourceId)))
    }
  }
  return resources
}

/** Deletes a stack, and waits until it is gone. Throws `AwsTrouble` with what keeps it. */
export async function deleteStack(account: AwsAccount, there: StackThere): Promise<void> {
  const { cloudFormation, pace } = account
  const { stackId } = there
  await orLeftBehind(account, cloudFormation.send(new DeleteStackCommand({ StackName: stackId })), there)
  const stack = await orLeftBehind(account, whenGone(cloudFormation, stackId, pace), there)
  if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return
  const failures = (await orLeftBehind(account, eventsOf(cloudFormation, stackId), there)).filter(
    ({ ResourceStatus, PhysicalResourceId }) =>
      ResourceStatus === 'DELETE_FAILED' && PhysicalResourceId !== stackId,
  )
  const { StackStatus, StackStatusReason } = stack
  throw leftBehind(there, [`${StackStatus}: ${StackStatusReason}`, ...reasonsIn(failures)].join('; '))
}

/** Once a stack is on its way, whoever loses sight of it must say so: it may cost money. */
export async function orLeftBehind<T>(
  account: AwsAccount,
  waiting: Promise<T>,
  there: Pick<StackThere, 'stackName' | 'howToDelete'>,
): Promise<T> {
  try {
    return await waiting
  } catch (error) {
    const cause = account.trouble(error)
    throw leftBehind(there, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

/** Why the stack failed; and, where it did not go afterwards, that it is still there. */
export async function clearedAway(failure: DeployFailed, clearing: Promise<void>): Promise<DeployFailed> {
  try {
    await clearing
    return failure
  } catch (error) {
    if (!(error instanceof AwsTrouble)) throw error
    const { logicalId, reason, evidence } = failure
    return new DeployFailed({
      ...(logicalId !== undefined && { logicalId }),
      reason,
      evidence: [...evidence, error.message, error.next],
    })
  }
}

const leftBehind = (
  { stackName, howToDelete }: Pick<StackThere, 'stackName' | 'howToDelete'>,
  because: string,
  cause?: unknown,
): AwsTrouble =>
  new AwsTrouble(
    'left-behind',
    `The stack ${stackName} may still be there: ${because}`,
    `Look at it, and delete it with \`${howToDelete}\`.`,
    cause,
  )
