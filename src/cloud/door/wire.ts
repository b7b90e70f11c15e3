import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from '../error.ts'
import type { WireAnswer, WireRequest } from '../service.ts'

/** The most bytes of one request: DynamoDB's 16 MB for a batch is the largest that any service here takes. */
const MAX_BODY = 16 * 1024 * 1024

/** Reads a request to its end. `host` overrides the Host header where a port stands for one AWS host. */
export async function readWire(request: IncomingMessage, host?: string): Promise<WireRequest> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY)
      throw new AwsError('RequestEntityTooLargeException', 'Request must be smaller than 16 MB', 413)
    chunks.push(chunk)
  }
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers: request.headers,
    body: Buffer.concat(chunks),
    host: host ?? hostOf(request),
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
  }
}

/** The host that a request names, without its port. */
export const hostOf = (request: IncomingMessage): string =>
  (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()

/** Sends an answer. */
export function writeWire(response: ServerResponse, { status, headers, body }: WireAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
