import type { IncomingMessage } from 'node:http'

/** A client's request to connect, as API Gateway passes it on. */
export interface Offer {
  /** The path as sent, without the query. */
  readonly path: string
  /** The length of the whole connect URL, in characters (facts: A3). */
  readonly urlLength: number
  readonly query: readonly (readonly [string, string])[]
  /** In the client's spelling, with API Gateway's own, without the upgrade's (facts: D2, D3). */
  readonly headers: readonly (readonly [string, string])[]
  /** The same with the upgrade's, for authorizers (facts: F15). */
  readonly upgradeHeaders: readonly (readonly [string, string])[]
  readonly sourceIp: string
  readonly userAgent?: string | undefined
}

/** Headers between one hop and the next, which are not passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Reads a handshake request that came for `domainName`, whatever address of ours the client used. */
export function readOffer(request: IncomingMessage, domainName: string, traceId: string): Offer {
  const target = request.url ?? '/'
  const question = target.indexOf('?')
  const path = question < 0 ? target : target.slice(0, question)
  const sourceIp = addressOf(request.socket.remoteAddress)
  const sent = pairsOf(request.rawHeaders)
  const has = (name: string) => sent.find(([one]) => one.toLowerCase() === name)?.[1]
  const forwarded = has('x-forwarded-for')

  const headers: [string, string][] = [
    ['Host', domainName],
    ...sent.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !OURS.has(name.toLowerCase())),
    ['X-Amzn-Trace-Id', has('x-amzn-trace-id') ?? traceId],
    ['X-Forwarded-For', forwarded ? `${forwarded}, ${sourceIp}` : sourceIp],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ]
  return {
    path,
    urlLength: `wss://${domainName}${target}`.length,
    query: question < 0 ? [] : [...new URLSearchParams(target.slice(question + 1))],
    headers: sorted(headers),
    upgradeHeaders: sorted([
      ['Connection', 'upgrade'],
      ['content-length', '0'],
      ['Upgrade', 'websocket'],
      ...headers,
    ]),
    sourceIp,
    userAgent: request.headers['user-agent'],
  }
}

/** The caller's address in the IPv4 form in which API Gateway reports it. */
export const addressOf = (remoteAddress = '127.0.0.1') =>
  remoteAddress === '::1' ? '127.0.0.1' : remoteAddress.replace(/^::ffff:/, '')

/** Headers that are written anew. */
const OURS = new Set(['host', 'x-amzn-trace-id', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto'])

const pairsOf = (raw: readonly string[]) =>
  Array.from({ length: raw.length / 2 }, (_, at): [string, string] => [raw[2 * at]!, raw[2 * at + 1]!])

/** Alphabetically, as in every capture. */
const sorted = (pairs: [string, string][]) =>
  pairs.toSorted(([a], [b]) => compare(a.toLowerCase(), b.toLowerCase()))

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
