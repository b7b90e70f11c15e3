import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { fairTimeout, type Scene, Unmet } from '#kit'
import { type Fed, queues } from './fan-out.ts'

/** How long it may take until a message is given up, in milliseconds: three times ten seconds, or fewer and longer. */
const GIVEN_UP = 30_000
/** How many times in a row all queues must be empty to believe that a message is in none of them: their counts are approximate. A look takes a second. */
const EMPTY_LOOKS = 3

/**
 * Waits until all of these texts have come to the dead-letter queue of each queue, and answers with everything that is there. Two
 * queues may share a dead-letter queue: then each text comes twice. Throws `Unmet`.
 */
export async function putAside(
  scene: Scene,
  fed: readonly Fed[],
  texts: readonly string[],
): Promise<string[]> {
  const shelves = [...new Set(fed.map(({ deadLetters }) => deadLetters.url))]
  const found = await Promise.all(
    shelves.map(url => {
      const sources = fed.filter(({ deadLetters }) => deadLetters.url === url)
      return allIn(scene, url, sources, texts)
    }),
  )
  return found.flat()
}

async function allIn(
  scene: Scene,
  QueueUrl: string,
  sources: readonly Fed[],
  texts: readonly string[],
): Promise<string[]> {
  const sqs = scene.aws(SQSClient)
  const bodies = new Map<string, string>()
  const countOf = (text: string) => [...bodies.values()].filter(body => body.includes(text)).length
  const missing = () => texts.filter(text => countOf(text) < sources.length)
  let isLate = false
  const callOff = fairTimeout(GIVEN_UP, () => {
    isLate = true
  })
  try {
    for (let emptyLooks = 0; ; ) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        // Out of sight for a moment only: those who look into the queue after us must see them.
        VisibilityTimeout: 1,
      })
      const { Messages = [] } = await sqs.send(command)
      for (const { MessageId = '', Body = '' } of Messages) bodies.set(MessageId, Body)
      if (missing().length === 0) return [...bodies.values()]
      const evidence = await stillWaiting(scene, sources)
      emptyLooks = evidence.length > 0 ? 0 : emptyLooks + 1
      if (emptyLooks >= EMPTY_LOOKS) throw unmet('they are in no queue any more', [])
      if (isLate) throw unmet('they are still being tried', evidence)
    }
  } finally {
    callOff()
  }

  function unmet(observed: string, evidence: readonly string[]): Unmet {
    const names = sources.map(({ queue }) => queue.logicalId).join(' and ')
    return new Unmet({
      expected: `what nobody can read to end in the dead-letter queue of ${names}, in ${GIVEN_UP / 1000} seconds`,
      observed: `${missing().length} of ${texts.length} messages are missing there, and ${observed}`,
      evidence,
      granted: { policy: sources[0]!.queue.url, statement: 0 },
    })
  }
}

/** Those of the queues in which there are messages. */
async function stillWaiting(scene: Scene, sources: readonly Fed[]): Promise<string[]> {
  const urls = sources.map(({ queue }) => queue.url)
  return (await queues(scene))
    .filter(({ url, count }) => count > 0 && urls.includes(url))
    .map(({ logicalId, count }) => `in the queue ${logicalId}: ${count}`)
}
