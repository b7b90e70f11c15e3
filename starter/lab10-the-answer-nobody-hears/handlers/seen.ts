import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

/** A customer has seen an answer. Notes it, and tells nobody. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { id } = JSON.parse(event.body!)

  console.log('seen', id)

  return { statusCode: 200 }
}
