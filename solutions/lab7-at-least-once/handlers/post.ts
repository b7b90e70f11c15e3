import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { forgetAll } from './connections.ts'

const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

/** Posts a frame to a client. If the client is no longer connected, forgets it. */
export async function post(ConnectionId: string, frame: object) {
  await unlessGone(ConnectionId, () =>
    management.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(frame) })),
  )
}

/**
 * Ends a connection because its client broke the protocol. The protocol has a code for each case. API Gateway always
 * closes with 1000, so the code is in our log.
 */
export async function hangUp(ConnectionId: string, code: number, reason: string) {
  console.warn(`${ConnectionId} is hung up on: ${code} ${reason}`)
  await unlessGone(ConnectionId, () => management.send(new DeleteConnectionCommand({ ConnectionId })))
}

async function unlessGone(connectionId: string, work: () => Promise<unknown>) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof GoneException)) throw error
    await forgetAll(connectionId)
  }
}
