import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'

/** Posts a message to a client, by the endpoint of its stage. */
export async function post(endpoint: string, ConnectionId: string, message: object) {
  const management = new ApiGatewayManagementApiClient({ endpoint })
  try {
    await management.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(message) }))
  } catch (error) {
    // The client is no longer connected. Nobody is at fault.
    if (!(error instanceof GoneException)) throw error
  }
}
