import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

/** Release 2: `say` tells also who said it, and `spell` is new. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { routeKey, connectionId, stage } = event.requestContext

  switch (routeKey) {
    case 'say':
      return answer({ text: JSON.parse(event.body!).text, from: connectionId })
    case 'whoami':
      return answer({ connectionId, stage })
    case 'spell':
      return answer({ letters: [...JSON.parse(event.body!).text] })
    default:
      throw new Error(`Release 2 does not know ${routeKey}.`)
  }
}

/** The routes have a route response, so the client hears the body. */
const answer = (body: object) => ({ statusCode: 200, body: JSON.stringify(body) })
