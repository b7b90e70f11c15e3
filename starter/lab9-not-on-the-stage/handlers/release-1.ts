import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

/** Release 1: says a text back, and tells clients who they are. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { routeKey, connectionId, stage } = event.requestContext

  switch (routeKey) {
    case 'say':
      return answer({ text: JSON.parse(event.body!).text })
    case 'whoami':
      return answer({ connectionId, stage })
    default:
      throw new Error(`Release 1 does not know ${routeKey}.`)
  }
}

/** The routes have a route response, so the client hears the body. */
const answer = (body: object) => ({ statusCode: 200, body: JSON.stringify(body) })
