import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

export const handler: APIGatewayProxyWebsocketHandlerV2 = async ({ requestContext }) => {
  console.log(JSON.stringify({ event: requestContext.eventType, id: requestContext.connectionId }))
  return { statusCode: 200 }
}
