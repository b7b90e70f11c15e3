import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type Scene, Unmet } from '#kit'

/** How long it may take until a message is given up, in milliseconds: three times ten seconds, or fewer and longer. */
const GIVEN_UP = 30_000
/** How long all queues must be empty to believe that a message is in none of them, in milliseconds: their counts are approximate. */
const EMPTY = 4_000

/** Waits until all of these texts are in the dead-letter queue, and answers with everything that is. Throws `Unmet`. */
export async function putAside(scene: Scene, texts: readonly string[]): Promise<readonly string[]> {
  const sqs = scene.aws(SQSClient)
  const QueueUrl = scene.output('DeadLetterQueueUrl')
  const bodies = new Set<string>()
  const missing = () => texts.filter(text => ![...bodies].some(body => body.includes(text)))
  const begun = Date.now()
  let lastSeenAnything = Date.now()
  while (missing().length > 0) {
    const { Messages = [] } = await sqs
      .send(
        // Out of sight for a moment only: whoever looks into the queue after us is to see them.
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          VisibilityTimeout: 1,
        }),
      )
      .catch(noSuchQueue)
    for (const { Body = '' } of Messages) bodies.add(Body)
    if ((await waiting(scene)) > 0) lastSeenAnything = Date.now()
    if (missing().length === 0) break
    const expected = `${missing().length} messages that nobody can read to end in the dead-letter queue, in ${GIVEN_UP / 1000} seconds`
    if (Date.now() - lastSeenAnything > EMPTY)
      throw new Unmet({ expected, observed: 'they are in no queue any more' })
    if (Date.now() - begun > GIVEN_UP) throw new Unmet({ expected, observed: 'they are still being tried' })
  }
  return [...bodies]

  function noSuchQueue(error: Error): never {
    if (error.name !== 'QueueDoesNotExist') throw error
    throw new Unmet({
      expected: 'the output DeadLetterQueueUrl to lead to the dead-letter queue',
      observed: error.message,
    })
  }
}

/** How many messages are in the stack's other queues, visible, in flight or delayed. */
async function waiting(scene: Scene): Promise<number> {
  const sqs = scene.aws(SQSClient)
  const counts = await Promise.all(
    scene
      .resources('AWS::SQS::Queue')
      .filter(({ physicalId }) => physicalId !== scene.output('DeadLetterQueueUrl'))
      .map(({ physicalId }) =>
        sqs.send(
          new GetQueueAttributesCommand({
            QueueUrl: physicalId,
            AttributeNames: [
              'ApproximateNumberOfMessages',
              'ApproximateNumberOfMessagesNotVisible',
              'ApproximateNumberOfMessagesDelayed',
            ],
          }),
        ),
      ),
  )
  return counts
    .flatMap(({ Attributes = {} }) => Object.values(Attributes))
    .reduce((sum, one) => sum + Number(one), 0)
}
