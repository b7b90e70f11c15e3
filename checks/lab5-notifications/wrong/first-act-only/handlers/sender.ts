import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'

/** Tries three times in all, a little later each time, if it is worth trying again (429, 500). */
const management = new ApiGatewayManagementApiClient({
  endpoint: process.env.FRONTEND_ENDPOINT!,
  maxAttempts: 3,
})

/** Posts a message to a connection. False if it is gone, and nobody will ever read the message. */
export async function send(connectionId: string, message: unknown): Promise<boolean> {
  try {
    await management.send(
      new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(message) }),
    )
    return true
  } catch (error) {
    if (error instanceof GoneException) return false
    throw error
  }
}
