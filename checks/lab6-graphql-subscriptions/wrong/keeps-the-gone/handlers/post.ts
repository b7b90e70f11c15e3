import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'

const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

/** Posts a frame to a client; if there turns out to be nobody, forgets them. */
export async function post(ConnectionId: string, frame: object) {
  await unlessGone(ConnectionId, () =>
    management.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(frame) })),
  )
}

/**
 * Ends a connection because of something its client did. The protocol has a code for each such thing; API Gateway has none
 * to choose, and closes with 1000. So the code is in our log.
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
    console.warn(`${connectionId} is gone`)
  }
}
