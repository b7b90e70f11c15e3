import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'

const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

/** Posts a message to a client of this stage. */
export async function post(ConnectionId: string, message: object) {
  try {
    await management.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(message) }))
  } catch (error) {
    // The client is no longer connected. Nobody is at fault.
    if (!(error instanceof GoneException)) throw error
  }
}
