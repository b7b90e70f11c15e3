import type { APIGatewayProxyResultV2 } from 'aws-lambda'
import { BadEnvelope } from './envelope.ts'

/** Answers the sender of a message with what `work` comes to, or with what is wrong with the envelope. The connection lives on either way. */
export async function answer(work: () => Promise<unknown>): Promise<APIGatewayProxyResultV2> {
  try {
    return { statusCode: 200, body: JSON.stringify(await work()) }
  } catch (error) {
    // Any other failure is ours: it goes to the log, and the sender hears "Internal server error".
    if (!(error instanceof BadEnvelope)) throw error
    return { statusCode: 400, body: JSON.stringify({ error: error.message }) }
  }
}
