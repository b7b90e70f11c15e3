// For tests alone: a port whose every answer the test decides, to hold real clients against encoders and decoders.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WireAnswer, WireRequest } from '../../service.ts'

/** A server on port 0 that answers each request as `reply` says. */
export async function answering(
  reply: (wire: WireRequest) => WireAnswer,
): Promise<{ endpoint: string; stop(): void }> {
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { status, headers, body } = reply({
      method: request.method!,
      target: request.url!,
      headers: request.headers,
      body: Buffer.concat(chunks),
      host: request.headers.host ?? '',
      sourceIp: '127.0.0.1',
    })
    response.writeHead(status, headers).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** What every client in these tests is made with. */
export const someone = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  maxAttempts: 1,
}

/** A request that nobody sent. */
export const wire = (parts: Partial<WireRequest>): WireRequest => ({
  method: 'POST',
  target: '/',
  headers: {},
  body: Buffer.alloc(0),
  host: 'localhost',
  sourceIp: '127.0.0.1',
  ...parts,
})
