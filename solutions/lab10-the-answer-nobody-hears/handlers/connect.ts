import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const lambda = new LambdaClient()

/** A customer comes. The connection exists when this function has returned, so another function says welcome. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { connectionId } = event.requestContext

  await lambda.send(
    new InvokeCommand({
      FunctionName: process.env.WELCOME,
      // Lambda takes the event and answers at once. It does not wait for the function.
      InvocationType: 'Event',
      Payload: JSON.stringify({ connectionId }),
    }),
  )

  return { statusCode: 200 }
}
