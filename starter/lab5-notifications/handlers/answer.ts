import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { BadEnvelope } from './envelope.ts'
import { hangUp } from './sender.ts'

/** Answers the sender of a message with what `work` comes to. With those who send rubbish we do not talk. */
export async function answer(
  event: APIGatewayProxyWebsocketEventV2,
  work: () => Promise<unknown>,
): Promise<APIGatewayProxyResultV2> {
  try {
    return { statusCode: 200, body: JSON.stringify(await work()) }
  } catch (error) {
    // Any other failure is ours: it goes to the log, and the sender hears "Internal server error".
    if (!(error instanceof BadEnvelope)) throw error
    console.warn(`Hung up: ${error.message}`)
    await hangUp(event.requestContext)
    return { statusCode: 400 }
  }
}
