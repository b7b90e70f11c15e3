import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from '../error.ts'
import type { WireAnswer, WireRequest } from '../service.ts'
import { signedFor } from './service-of.ts'

/** The most bytes of one request: DynamoDB's 16 MB for a batch is the largest that any service here takes, S3 aside. */
const MAX_BODY = 16 * 1024 * 1024
/** Of one to S3, which takes 5 GB: what a process can well hold in memory. A larger object comes in parts. */
const MAX_OBJECT = 512 * 1024 * 1024

/** Reads a request to its end. `host` overrides the Host header where a port stands for one AWS host. */
export async function readWire(request: IncomingMessage, host?: string): Promise<WireRequest> {
  const chunks: Buffer[] = []
  let size = 0
  const limit = isForS3(request) ? MAX_OBJECT : MAX_BODY
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw tooLarge(limit)
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

const isForS3 = ({ url = '', headers }: IncomingMessage) => signedFor({ target: url, headers }) === 's3'

const tooLarge = (limit: number) =>
  limit === MAX_OBJECT
    ? new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400)
    : new AwsError('RequestEntityTooLargeException', 'Request must be smaller than 16 MB', 413)

/** The host that a request names, without its port. */
export const hostOf = (request: IncomingMessage): string =>
  (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()

/** Sends an answer. */
export function writeWire(response: ServerResponse, { status, headers, body }: WireAnswer): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
}
