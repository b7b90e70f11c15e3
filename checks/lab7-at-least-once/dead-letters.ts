import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { fairTimeout, type Scene, Unmet } from '#kit'

/** How long it may take until a message is given up, in milliseconds: three times ten seconds, or fewer and longer. */
const GIVEN_UP = 30_000
/** How many times on end all queues must be empty to believe that a message is in none of them: their counts are approximate. A look takes a second. */
const EMPTY_LOOKS = 4

/** Waits until all of these texts are in the dead-letter queue, and answers with everything that is. Throws `Unmet`. */
export async function putAside(scene: Scene, texts: readonly string[]): Promise<readonly string[]> {
  const sqs = scene.aws(SQSClient)
  const QueueUrl = scene.output('DeadLetterQueueUrl')
  const bodies = new Set<string>()
  const missing = () => texts.filter(text => ![...bodies].some(body => body.includes(text)))
  let isGivenUp = false
  const callOff = fairTimeout(GIVEN_UP, () => {
    isGivenUp = true
  })
  try {
    await look()
  } finally {
    callOff()
  }
  return [...bodies]

  async function look(): Promise<void> {
    let emptyLooks = 0
    while (missing().length > 0) {
      const { Messages = [] } = await sqs
        .send(
          // Out of sight for a moment only: those who look into the queue after us must see them.
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: 10,
            WaitTimeSeconds: 1,
            VisibilityTimeout: 1,
          }),
        )
        .catch(noSuchQueue)
      for (const { Body = '' } of Messages) bodies.add(Body)
      const evidence = await waiting(scene)
      emptyLooks = evidence.length > 0 ? 0 : emptyLooks + 1
      if (missing().length === 0) break
      const expected = `${missing().length} messages that nobody can read to end in the dead-letter queue, in ${GIVEN_UP / 1000} seconds`
      if (emptyLooks >= EMPTY_LOOKS) throw new Unmet({ expected, observed: 'they are in no queue any more' })
      if (isGivenUp) throw new Unmet({ expected, observed: 'they are still being tried', evidence })
    }
  }

  function noSuchQueue(error: Error): never {
    if (error.name !== 'QueueDoesNotExist') throw error
    throw new Unmet({
      expected: 'the output DeadLetterQueueUrl to lead to the dead-letter queue',
      observed: error.message,
    })
  }
}

/** The queues, other than those for dead letters, in which there are messages, visible, in flight or delayed. */
async function waiting(scene: Scene): Promise<string[]> {
  const sqs = scene.aws(SQSClient)
  const queues = await Promise.all(
    scene.resources('AWS::SQS::Queue').map(async ({ logicalId, physicalId }) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: physicalId, AttributeNames: ['All'] }),
      )
      const count = COUNTS.reduce((sum, name) => sum + Number(Attributes[name]), 0)
      return { logicalId, count, arn: Attributes.QueueArn ?? '', redrive: Attributes.RedrivePolicy ?? '' }
    }),
  )
  const isForDeadLetters = (arn: string) => queues.some(({ redrive }) => redrive.includes(`"${arn}"`))
  return queues
    .filter(({ count, arn }) => count > 0 && !isForDeadLetters(arn))
    .map(({ logicalId, count }) => `in the queue ${logicalId}: ${count}`)
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const
