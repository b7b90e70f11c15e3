import type { APIGatewayProxyResultV2 } from 'aws-lambda'

/** Answers whoever sent a message with what `work` comes to. */
export async function answer(work: () => Promise<unknown>): Promise<APIGatewayProxyResultV2> {
  return { statusCode: 200, body: JSON.stringify(await work()) }
}
