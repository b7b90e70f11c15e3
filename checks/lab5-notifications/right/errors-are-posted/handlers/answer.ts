import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { BadEnvelope } from './envelope.ts'

/** Answers whoever sent a message with what `work` comes to, or with what is wrong with their envelope. The connection lives on either way. */
export async function answer(
  event: APIGatewayProxyWebsocketEventV2,
  work: () => Promise<unknown>,
): Promise<APIGatewayProxyResultV2> {
  try {
    await post(event, await work())
    return { statusCode: 200 }
  } catch (error) {
    // Any other failure is ours: it goes to the log, and the sender hears "Internal server error".
    if (!(error instanceof BadEnvelope)) throw error
    await post(event, { error: error.message })
    return { statusCode: 400 }
  }
}

async function post({ requestContext }: APIGatewayProxyWebsocketEventV2, message: unknown) {
  const { domainName, stage, connectionId } = requestContext
  const here = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` })
  await here.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(message) }))
}
