import { randomUUID } from 'node:crypto'
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns'
import { awkward, named, type Scene, Unmet } from '#kit'

/** Something that was said, as it travels on the topic: the READMEs of labs 6 and 7 say so to publishers. */
export interface Message {
  readonly id: string
  readonly room: string
  readonly from: { readonly id: string; readonly displayName: string }
  readonly content: string
  readonly sentAt: string
}

/** Something that nobody has said before, and that only a faithful copy survives. Short ones fit into a report. */
export const something = ({ short = true } = {}): string =>
  awkward({ actions: ['subscribe', 'complete', 'connection_init'], short })

/** A message that nobody has sent before, from a backend. */
export const aMessage = (scene: Scene, room: string, content = something()): Message => ({
  id: randomUUID(),
  room,
  from: { id: scene.nonce(), displayName: named(1)[0]! },
  content,
  sentAt: new Date().toISOString(),
})

/** Messages of one room, one second apart: the first is the oldest. */
export function inARow(scene: Scene, room: string, count: number): Message[] {
  const start = Date.now() - count * 1_000
  return Array.from({ length: count }, (_, at) => ({
    ...aMessage(scene, room),
    sentAt: new Date(start + at * 1_000).toISOString(),
  }))
}

/** Publishes up to ten messages to the topic, at once and in this order: whole ones, or any text. */
export async function publish(scene: Scene, ...messages: readonly (Message | string)[]): Promise<void> {
  const TopicArn = scene.output('TopicArn')
  const PublishBatchRequestEntries = messages.map((message, index) => ({
    Id: String(index),
    Message: typeof message === 'string' ? message : JSON.stringify(message),
  }))
  const { Failed = [] } = await scene
    .aws(SNSClient)
    .send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
    .catch(refused)
  const [failed] = Failed
  if (failed) refused(Object.assign(new Error(failed.Message), { name: failed.Code ?? '' }))

  function refused(error: Error): never {
    // The stack's own output leads nowhere, or to a topic for other publishers: that must be fixed in the stack.
    if (error.name === 'NotFoundException')
      throw new Unmet({ expected: 'the output TopicArn to name the topic', observed: error.message })
    if (!error.name.startsWith('InvalidParameter')) throw error
    throw new Unmet({
      expected: 'the topic to take what a backend publishes: a text, and nothing else',
      observed: `SNS refused it: ${error.message}`,
    })
  }
}
