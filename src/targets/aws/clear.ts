import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import type { Deployment } from '#kit'
import { costSoFar } from './cost.ts'
import { eventsOf } from './failure.ts'
import { attendeeOf, type Hand, howToDestroy, stackCalled } from './hand.ts'
import type { Made } from './manifest.ts'
import { PREFIX } from './names.ts'
import { deleteStack, resourcesOf } from './stack.ts'
import { AwsTrouble } from './trouble.ts'

/** What happened to one thing that was to be removed. */
export interface Cleared {
  readonly fate: 'deleted' | 'failed' | 'kept by design'
  /** `stack wslab-lab2-wrong-permissions-ana`. */
  readonly what: string
  readonly because?: string
}

/** Deletes a lab's stack and whatever it would leave behind, then looks again. What will not go is told, not thrown. */
export async function clearStack(hand: Hand, made: Made): Promise<readonly Cleared[]> {
  const what = `stack ${made.stackName}`
  const stack = await stackCalled(hand, made.stackName)
  if (!stack?.StackId) return []
  if (attendeeOf(stack) !== made.attendee || !made.stackName.startsWith(PREFIX)) {
    return [
      { fate: 'kept by design', what, because: 'it does not bear the tags of the kit and of this attendee' },
    ]
  }
  const { StackId: stackId, CreationTime = new Date() } = stack
  const resources = await hand.account.told(resourcesOf(hand.account, stackId))
  try {
    await deleteStack(hand.account, { stackName: made.stackName, stackId, howToDelete: howToDestroy(made) })
  } catch (error) {
    if (!(error instanceof AwsTrouble)) throw error
    return [{ fate: 'failed', what, because: error.message }]
  }
  const still = await stackCalled(hand, made.stackName)
  if (still) return [{ fate: 'failed', what, because: `it is still there: ${still.StackStatus}` }]
  const cost = costSoFar(Date.now() - CreationTime.getTime())
  return [
    { fate: 'deleted', what, because: `it has cost ${cost}, estimated` },
    ...(await whatWasSkipped(hand, stackId)),
    ...(await clearLogGroups(hand, resources)),
  ]
}

/** Empties and deletes a bucket, then looks again. */
export async function clearBucket(hand: Hand, bucket: string): Promise<readonly Cleared[]> {
  const what = `bucket ${bucket}`
  try {
    if (!(await hand.account.told(hand.buckets.remove(bucket)))) return []
    const still = (await hand.account.told(hand.buckets.list())).some(({ name }) => name === bucket)
    return [still ? { fate: 'failed', what, because: 'it is still there' } : { fate: 'deleted', what }]
  } catch (error) {
    if (!(error instanceof AwsTrouble)) throw error
    return [{ fate: 'failed', what, because: error.message }]
  }
}

/** What the template said should stay. The guard lets no such stack through, but people deploy by other ways too. */
async function whatWasSkipped({ account }: Hand, stackId: string): Promise<readonly Cleared[]> {
  const events = await account.told(eventsOf(account.cloudFormation, stackId))
  return events
    .filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_SKIPPED')
    .map(({ ResourceType, PhysicalResourceId, LogicalResourceId }) => ({
      fate: 'kept by design',
      what: `${ResourceType} ${PhysicalResourceId || LogicalResourceId}`,
      because: 'its DeletionPolicy says so; delete it by hand if nobody wants it',
    }))
}

/** The log groups that services make by themselves, for functions and APIs that are gone. */
async function clearLogGroups(
  { account }: Hand,
  resources: Deployment['resources'],
): Promise<readonly Cleared[]> {
  const prefixes = resources.flatMap(({ type, physicalId }) => {
    if (type === 'AWS::Lambda::Function') return [`/aws/lambda/${physicalId}`]
    return type === 'AWS::ApiGatewayV2::Api' ? [`/aws/apigateway/${physicalId}/`] : []
  })
  const client = new CloudWatchLogsClient(account.config)
  try {
    const cleared: Cleared[] = []
    for (const logGroupNamePrefix of prefixes) {
      const { logGroups = [] } = await account.told(
        client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix })),
      )
      for (const { logGroupName = '' } of logGroups) {
        // A function's group is found by its whole name: another's may begin with it.
        if (!logGroupNamePrefix.endsWith('/') && logGroupName !== logGroupNamePrefix) continue
        await account.told(client.send(new DeleteLogGroupCommand({ logGroupName })).catch(unlessGone))
        cleared.push({ fate: 'deleted', what: `log group ${logGroupName}` })
      }
    }
    return cleared
  } finally {
    client.destroy()
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ResourceNotFoundException)) throw error
}
