import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { answer } from './answer.ts'
import { envelopeIn } from './envelope.ts'
import * as storage from './storage.ts'

/** A frontend said what it waits for: writes it down, and says so. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = event =>
  answer(async () => {
    const envelope = envelopeIn(event.body, 'frontend')
    await storage.create(envelope, event.requestContext.connectionId)
    const { merchant_id, ref } = envelope
    return { registered: { merchant_id, ref } }
  })
