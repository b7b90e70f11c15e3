import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { WebSocket } from 'ws'
import { type Attack, often, together } from '../attack.ts'
import { push, shake } from '../by-hand.ts'
import { close, frame, TEXT } from '../frame.ts'
import type { Whereabouts } from '../victim.ts'

/** Clients that ask for much and read nothing (assumed: 1008), or that are told much (facts: E9). */
export const deafClients: Attack = {
  name: 'clients that never read',
  sizes: { reduced: 2, full: 30 },
  right: ['close 1008', 'close 1000', 'LimitExceededException'],
  async run(victim, size) {
    const asking = await often(size, 5, () => ask(victim))
    const told = await often(size, 5, () => tell(victim))
    return together(asking, told)
  },
}

async function ask({ busy }: Whereabouts): Promise<string> {
  const client = shake(busy)
  await client.opened
  client.socket.pause()
  const big = Buffer.concat(Array.from({ length: 10 }, () => frame(TEXT, '{"action":"big"}')))
  // A hundred kilobytes an answer: twenty times what its buffer takes, and the system's.
  for (let n = 0; n < 30 && (await push(client, big)); n++);
  await push(client, close(1000))
  // Only now it reads. Either the cloud has had enough, or it has not read all of this yet and goes on as it is read from.
  await pause(1000)
  client.socket.resume()
  return client.outcome()
}

async function tell({ busy, callback, region, credentials }: Whereabouts): Promise<string> {
  const socket = new WebSocket(busy)
  await once(socket, 'open')
  socket.send('{"action":"who"}')
  const [connectionId] = await once(socket, 'message')
  socket.pause()
  const management = new ApiGatewayManagementApiClient({
    endpoint: callback,
    region,
    credentials,
    maxAttempts: 1,
  })
  const post = new PostToConnectionCommand({
    ConnectionId: String(connectionId),
    Data: Buffer.alloc(100_000, 'x'),
  })
  try {
    for (let n = 0; n < 300; n++) await management.send(post)
    return 'nothing'
  } catch (error) {
    return (error as Error).name
  } finally {
    management.destroy()
    socket.terminate()
  }
}
