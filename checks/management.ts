import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { Scene } from '#kit'

/**
 * Posts to a connection of the stack, as its functions do. Answers with undefined when the message was taken, and with
 * the name of the refusal when there is no such connection (facts: E5, E6). `endpoint` is where the stage's connections are
 * reached; those of the output `Url` unless given.
 */
export async function post(
  scene: Scene,
  connectionId: string,
  text: string,
  endpoint = scene.callbackUrl,
): Promise<string | undefined> {
  scene.did(`the check posted ${text} to connection ${connectionId}`)
  // The management API has an address of its own: not the account's endpoint, but the stage's.
  const management = scene.aws(ApiGatewayManagementApiClient, { endpoint })
  try {
    await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: text }))
    return undefined
  } catch (error) {
    const { name } = error as Error
    if (name === 'GoneException' || name === 'BadRequestException') return name
    throw error
  }
}

/** Ends a connection from the side of the service, as its functions could. Answers whether it was still there. */
export async function endConnection(scene: Scene, connectionId: string): Promise<boolean> {
  const management = scene.aws(ApiGatewayManagementApiClient, { endpoint: scene.callbackUrl })
  try {
    await management.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))
    return true
  } catch (error) {
    if (error instanceof GoneException) return false
    throw error
  }
}
