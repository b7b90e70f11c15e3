import { createHash } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { WireRequest } from '../service.ts'
import { algorithms, checksumOf } from './checksums.ts'
import { badDigest, invalidRequest } from './errors.ts'

/** What a client has sent: the bytes that it meant, and the checksum that it gave of them, which is right. */
export interface Payload {
  readonly bytes: Buffer
  readonly checksum: { readonly algorithm: string; readonly value: string } | undefined
}

/**
 * Takes a request's body out of its `aws-chunked` encoding, if it is in one, and holds it against Content-MD5 and
 * `x-amz-checksum-…`, which may come as a header or behind the body. Throws `BadDigest`, `InvalidDigest`,
 * `IncompleteBody`, `InvalidRequest`.
 */
export function payloadOf({ headers, body }: Pick<WireRequest, 'headers' | 'body'>): Payload {
  const isChunked = String(headers['x-amz-content-sha256']).startsWith('STREAMING-')
  const { bytes, trailer } = isChunked ? unchunked(body) : { bytes: body, trailer: {} }
  const length = headers['x-amz-decoded-content-length']
  if (isChunked && length !== undefined && Number(length) !== bytes.length) throw incompleteBody()
  checkMd5(headers['content-md5'], bytes)
  return { bytes, checksum: checksumIn({ ...headers, ...trailer }, bytes) }
}

/** The encodings of an object itself: `aws-chunked` was only on the way here. */
export function contentEncoding(header: string | undefined): string | undefined {
  const left = (header ?? '')
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '' && one !== 'aws-chunked')
  return left.length > 0 ? left.join(',') : undefined
}

/** `<length in hex>[;extension]\r\n<bytes>\r\n` again and again until a length of 0, then headers. */
function unchunked(body: Buffer): { readonly bytes: Buffer; readonly trailer: Record<string, string> } {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const end = body.indexOf('\r\n', at)
    if (end < 0) throw incompleteBody()
    const length = Number.parseInt(body.toString('latin1', at, end), 16)
    if (Number.isNaN(length)) throw incompleteBody()
    at = end + 2
    if (length === 0) break
    if (at + length + 2 > body.length) throw incompleteBody()
    chunks.push(body.subarray(at, at + length))
    at += length + 2
  }
  const lines = body.toString('latin1', at).split('\r\n')
  const trailer = lines.flatMap(line => {
    const colon = line.indexOf(':')
    return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]]
  })
  return { bytes: Buffer.concat(chunks), trailer: Object.fromEntries(trailer) }
}

function checkMd5(sent: string | string[] | undefined, bytes: Buffer): void {
  if (typeof sent !== 'string') return
  if (Buffer.from(sent, 'base64').length !== 16) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.')
  }
  if (createHash('md5').update(bytes).digest('base64') !== sent) {
    throw badDigest('The Content-MD5 you specified did not match what we received.')
  }
}

const CHECKSUM = 'x-amz-checksum-'

function checksumIn(headers: WireRequest['headers'], bytes: Buffer): Payload['checksum'] {
  const given = Object.keys(algorithms).filter(name => headers[CHECKSUM + name.toLowerCase()] !== undefined)
  if (given.length > 1)
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  const [algorithm] = given
  if (!algorithm) return undefined
  const sent = String(headers[CHECKSUM + algorithm.toLowerCase()])
  if (Buffer.from(sent, 'base64').length !== algorithms[algorithm]!(Buffer.alloc(0)).length) {
    throw invalidRequest(`Value for ${CHECKSUM}${algorithm.toLowerCase()} header is invalid.`)
  }
  const value = checksumOf(algorithm, bytes)
  if (value !== sent) throw badDigest(`The ${algorithm} you specified did not match the calculated checksum.`)
  return { algorithm, value }
}

const incompleteBody = () => new AwsError('IncompleteBody', 'The request body terminated unexpectedly')
