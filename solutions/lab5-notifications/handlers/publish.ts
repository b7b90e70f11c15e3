import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { answer } from './answer.ts'
import { each } from './each.ts'
import { type Envelope, envelopeIn } from './envelope.ts'
import { send } from './sender.ts'
import * as storage from './storage.ts'

/** How many are told at a time, however many there are. */
const AT_ONCE = 20

/** A backend said what came of something: tells everybody who waits for it, and says how many that were. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = event =>
  answer(async () => {
    const envelope = envelopeIn(event.body, 'backend')
    let delivered = 0
    let failed = 0
    await each(storage.find(envelope), AT_ONCE, async waiter => {
      // The one call that takes a waiter off the list tells them, so an envelope that comes twice is heard once.
      if (!(await storage.take(waiter))) return
      try {
        if (await tell(waiter, envelope)) delivered += 1
      } catch (error) {
        failed += 1
        console.error(`Could not tell ${waiter.connectionId}:`, error)
      }
    })
    // A backend that reads of failures sends its envelope again; those who have heard it are no longer on the list.
    return { delivered, failed }
  })

async function tell(waiter: storage.Waiter, envelope: Envelope): Promise<boolean> {
  try {
    return await send(waiter.connectionId, envelope)
  } catch (error) {
    // They are still there, so they still wait.
    await storage.put(waiter)
    throw error
  }
}
