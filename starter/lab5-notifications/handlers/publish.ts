import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { answer } from './answer.ts'
import { type Envelope, envelopeIn } from './envelope.ts'
import { send } from './sender.ts'
import * as storage from './storage.ts'

/** A backend said what came of something: tells those who wait for it, and says how many that were. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = event =>
  answer(event, async () => {
    const envelope = envelopeIn(event.body, 'backend')
    for await (const waiter of storage.find(envelope)) {
      // The one call that takes a waiter off the list tells them, so an envelope that comes twice is heard once.
      if (!(await storage.take(waiter))) continue
      try {
        if (await tell(waiter, envelope)) return { delivered: 1, failed: 0 }
      } catch (error) {
        console.error(`Could not tell ${waiter.connectionId}:`, error)
        // A backend that reads of failures sends its envelope again.
        return { delivered: 0, failed: 1 }
      }
    }
    return { delivered: 0, failed: 0 }
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
