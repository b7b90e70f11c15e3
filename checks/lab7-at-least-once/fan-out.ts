import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type Scene, Unmet } from '#kit'

/** A queue of the stack, and where its messages go that cannot be dealt with. */
export interface Queue {
  readonly logicalId: string
  readonly url: string
  readonly arn: string
  /** How many messages are in it: visible, in flight or delayed. The numbers are approximate. */
  readonly count: number
  /** The ARN of its dead-letter queue, by its redrive policy. */
  readonly deadLetters: string | undefined
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const

/** All queues of the stack. */
export async function queues(scene: Scene): Promise<Queue[]> {
  const sqs = scene.aws(SQSClient)
  return Promise.all(
    scene.resources('AWS::SQS::Queue').map(async ({ logicalId, physicalId: url }) => {
      const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })
      const { Attributes = {} } = await sqs.send(command)
      const { deadLetterTargetArn } = JSON.parse(Attributes.RedrivePolicy ?? '{}')
      return {
        logicalId,
        url,
        arn: Attributes.QueueArn ?? '',
        count: COUNTS.reduce((sum, name) => sum + Number(Attributes[name]), 0),
        deadLetters: deadLetterTargetArn,
      }
    }),
  )
}

/** A queue that the topic feeds, with its dead-letter queue. */
export interface Fed {
  readonly queue: Queue
  readonly deadLetters: Queue
}

/**
 * The queues that are subscribed to the topic, each with its dead-letter queue. Throws `Unmet` when there is none, or when one of
 * them has no dead-letter queue of its own or one that is fed by the topic itself.
 */
export async function fedByTheTopic(scene: Scene): Promise<Fed[]> {
  const [all, endpoints] = await Promise.all([queues(scene), subscribed(scene)])
  const fed = all.filter(({ arn }) => endpoints.includes(arn))
  if (fed.length === 0)
    throw new Unmet({
      expected: 'queues of the stack that are subscribed to the topic',
      observed: `subscribed are ${endpoints.join(', ') || 'none'}`,
    })
  return fed.map(queue => {
    const deadLetters = all.find(({ arn }) => arn === queue.deadLetters)
    const expected = `the queue ${queue.logicalId} to have a dead-letter queue in the stack`
    const granted = { policy: queue.url, statement: 0 }
    if (!deadLetters)
      throw new Unmet({
        expected,
        observed: queue.deadLetters
          ? `its redrive policy names ${queue.deadLetters}, which is not in the stack`
          : `the queue ${queue.logicalId} has no redrive policy`,
        granted,
      })
    if (fed.includes(deadLetters))
      throw new Unmet({
        expected,
        observed: `its redrive policy names ${deadLetters.logicalId}, which the topic feeds itself`,
        granted,
      })
    return { queue, deadLetters }
  })
}

/** The endpoints of all subscriptions of the topic. */
async function subscribed(scene: Scene): Promise<string[]> {
  const sns = scene.aws(SNSClient)
  const TopicArn = scene.output('TopicArn')
  const found: string[] = []
  let NextToken: string | undefined
  do {
    const page = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }))
    found.push(...(page.Subscriptions ?? []).map(({ Endpoint = '' }) => Endpoint))
    NextToken = page.NextToken
  } while (NextToken)
  return found
}
