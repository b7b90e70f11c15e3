// The quickest other local cloud for WebSocket APIs that we know, serverless-standalone, with the handler that ours has: it runs in the
// server's own process, without permissions or logs. Its folder is the first argument.

import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi'

const { resolve } = createRequire(join(process.argv[2], 'package.json'))
const { standalone } = await import(pathToFileURL(resolve('serverless-standalone')).href)

const port = await freePort()
const api = new ApiGatewayManagementApi({
  endpoint: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
})
const echo = async ({ requestContext, body }) => {
  await api.postToConnection({ ConnectionId: requestContext.connectionId, Data: body })
  return { statusCode: 200 }
}
const route = (name, handler) => ({ name, handler, events: [{ websocket: { route: name } }] })
const server = standalone({
  functions: [route('$connect', async () => ({ statusCode: 200 })), route('$default', echo)],
  websocket: { port },
})
await server.start()
process.send(`ws://127.0.0.1:${port}/`)
process.once('disconnect', () => process.exit())

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise(done => probe.once('listening', done))
  const { port } = probe.address()
  await new Promise(done => probe.close(done))
  return port
}
