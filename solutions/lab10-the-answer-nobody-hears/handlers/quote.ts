import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

/** In cents, for each character. */
const PRICE = 30

/** What does an engraving cost? Returns the answer. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { id, text } = JSON.parse(event.body!)

  return { statusCode: 200, body: JSON.stringify({ id, text, price: text.length * PRICE }) }
}
