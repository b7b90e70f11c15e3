import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type Scene, Unmet } from '#kit'
import type { Stage } from './doors.ts'
import { isServed, type Known, something } from './guests.ts'

/** What the kitchen says: to which connection, and what. It knows no more of a client. */
export interface Ready {
  readonly connectionId: string
  readonly text: string
}

/** The kitchen puts messages into the queue of a stage, all at once, so that one call of the function may get them all. Throws `Unmet`. */
export async function kitchenSays(scene: Scene, stage: Stage, ...messages: readonly Ready[]): Promise<void> {
  const QueueUrl = scene.output(stage.queueUrl)
  scene.did(
    `the kitchen put ${messages.length === 1 ? 'a message' : `${messages.length} messages`} into the queue of ${stage.name}`,
  )
  const Entries = messages.map((message, at) => ({ Id: String(at), MessageBody: JSON.stringify(message) }))
  try {
    await scene.aws(SQSClient).send(new SendMessageBatchCommand({ QueueUrl, Entries }))
  } catch (error) {
    // The stack's own output leads nowhere: that must be fixed in the stack.
    if (!/QueueDoesNotExist|NonExistentQueue|InvalidAddress/.test((error as Error).name)) throw error
    throw new Unmet({
      expected: `the output ${stage.queueUrl} to be the address of the queue of ${stage.name}`,
      observed: `the output ${stage.queueUrl} is ${QueueUrl}, and there is no such queue`,
    })
  }
}

/** The kitchen has something for each of these, in the queue of the stage at which they are, and each hears it. Throws `Unmet`. */
export async function kitchenServes(scene: Scene, guests: readonly Known[], text = something): Promise<void> {
  const meals = guests.map(guest => ({ guest, text: text() }))
  const stages = new Set(guests.map(({ door }) => door.stage))
  for (const stage of stages) {
    const here = meals.filter(({ guest }) => guest.door.stage === stage)
    await kitchenSays(
      scene,
      stage,
      ...here.map(({ guest, text }) => ({ connectionId: guest.connectionId, text })),
    )
  }
  await Promise.all(meals.map(({ guest, text }) => isServed(guest, text)))
}
