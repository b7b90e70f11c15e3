import { randomUUID } from 'node:crypto'
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns'
import { type Scene, Unmet } from '#kit'

/** Something that was said, as it travels on the topic: the README of the lab says so to publishers. */
export interface Message {
  readonly id: string
  readonly room: string
  readonly from: { readonly id: string; readonly displayName: string }
  readonly content: string
  readonly sentAt: string
}

/** A message that nobody has sent before, from a backend. */
export const aMessage = (scene: Scene, room: string, content = scene.nonce()): Message => ({
  id: randomUUID(),
  room,
  from: { id: scene.nonce(), displayName: 'The backend' },
  content,
  sentAt: new Date().toISOString(),
})

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
    .catch(noSuchTopic)
  if (Failed.length > 0) throw new Error(`SNS did not take a message: ${Failed[0]?.Message}`)

  function noSuchTopic(error: Error): never {
    if (error.name !== 'NotFoundException') throw error
    // The stack's own output leads nowhere: that must be fixed in the stack.
    throw new Unmet({ expected: 'the output TopicArn to name the topic', observed: error.message })
  }
}

/** How long to wait for one message before saying another, in milliseconds. */
const ONE_TRY = 700

/**
 * Says something in a room until somebody hears it. A subscription is acknowledged by nothing else: from then on, and not
 * before, they can be said to listen. On a busy machine an earlier message comes late, and proves the same. Answers with all
 * that was said: more of it may come at any time. Throws `Unmet`.
 */
export async function listens(
  scene: Scene,
  name: string,
  room: string,
  hasHeard: (message: Message, within: number) => Promise<boolean>,
): Promise<readonly Message[]> {
  const said: Message[] = []
  scene.did(`a backend published messages to the topic until ${name} heard one`)
  await scene.eventually(
    `${name} to hear what is published to the topic, in the room they listen to`,
    async () => {
      const message = aMessage(scene, room)
      said.push(message)
      await publish(scene, message)
      if (await hasHeard(message, ONE_TRY)) return true
      for (const earlier of said) if (await hasHeard(earlier, 0)) return true
      return undefined
    },
  )
  return said
}
