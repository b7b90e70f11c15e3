import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { say } from './say.ts'

export async function handler({ requestContext, body }: APIGatewayProxyWebsocketEventV2) {
  const { connectionId, routeKey, eventType } = requestContext
  console.info(`${eventType} ${connectionId}`)

  if (routeKey === 'message') await say(connectionId, { text: JSON.parse(body!).text })
  if (routeKey === 'whoami') await say(connectionId, { connectionId })
  if (routeKey === '$default')
    await say(connectionId, { error: 'no such action', known: ['whoami', 'message'] })

  return { statusCode: 201 }
}
