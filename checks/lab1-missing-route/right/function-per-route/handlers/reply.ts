import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'

const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

export async function reply(connectionId: string, answer: unknown) {
  await management.send(
    new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(answer) }),
  )
}
