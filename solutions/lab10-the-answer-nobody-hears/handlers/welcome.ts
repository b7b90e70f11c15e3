import { setTimeout } from 'node:timers/promises'
import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'

const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

/** How often to try, and how long to wait between two tries, in milliseconds. */
const TRIES = 20
const PAUSE = 100

/** A customer has come, or is about to: says welcome. */
export const handler = async ({ connectionId }: { connectionId: string }) => {
  const welcome = JSON.stringify({ welcome: connectionId })

  for (let left = TRIES; left > 0; left--) {
    try {
      await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: welcome }))
      return
    } catch (error) {
      if (!(error instanceof GoneException)) throw error
      // $connect may not have returned yet: then there is no connection so far.
      await setTimeout(PAUSE)
    }
  }
}
