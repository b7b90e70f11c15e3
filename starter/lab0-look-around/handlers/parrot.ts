import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

/** Change it, and see who speaks then. */
const NAME = 'the parrot'

/** A client says something: notes it in the log, and says it back. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { text } = JSON.parse(event.body!)

  console.log('somebody said', text)

  return { statusCode: 200, body: JSON.stringify({ from: NAME, text }) }
}
