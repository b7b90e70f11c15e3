import type { WireRequest } from '../service.ts'
import { queryPairs } from './canonical.ts'
import { missingToken, type Protocol, refusal } from './refusals.ts'

/** A signature as the client wrote it down, in a header or in the query. */
export interface Signature {
  readonly accessKeyId: string
  /** `20261121`. */
  readonly day: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  /** Hexadecimal. */
  readonly hex: string
  /** `20261121T050000Z`. */
  readonly date: string
  readonly sessionToken?: string | undefined
  readonly presigned: boolean
  /** Seconds for which a presigned URL is good. */
  readonly validFor?: number
}

/** Finds the signature in a request. Throws the refusals for none and for one that is not whole. */
export function readSignature(wire: WireRequest, protocol: Protocol): Signature {
  const header = wire.headers.authorization
  const query = new Map(queryPairs(wire.target.split('?').slice(1).join('?')))
  if (typeof header === 'string') return fromHeader(header, wire, protocol)
  if (query.has('X-Amz-Algorithm')) return fromQuery(query, protocol)
  throw missingToken(protocol)
}

const ALGORITHM = 'AWS4-HMAC-SHA256'

function fromHeader(header: string, { headers }: WireRequest, protocol: Protocol): Signature {
  const [algorithm, ...rest] = header.trim().split(/\s+/)
  const parts = new Map<string, string>()
  for (const part of (algorithm === ALGORITHM ? rest.join(' ') : header).split(/\s*,\s*/)) {
    const equals = part.indexOf('=')
    if (equals < 0) {
      throw incomplete(
        `'${part}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`,
        protocol,
      )
    }
    parts.set(part.slice(0, equals), part.slice(equals + 1))
  }
  const date = one(headers['x-amz-date']) ?? basicIso(one(headers.date))
  const lacks = ['Credential', 'Signature', 'SignedHeaders']
    .filter(name => !parts.has(name))
    .map(name => `Authorization header requires '${name}' parameter.`)
  if (!date) {
    lacks.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
  }
  if (!date || lacks.length > 0 || algorithm !== ALGORITHM) {
    throw incomplete(`${lacks.join(' ')} Authorization=${header}`.trim(), protocol)
  }
  return {
    ...scope(parts.get('Credential')!, protocol),
    signedHeaders: parts.get('SignedHeaders')!.toLowerCase().split(';'),
    hex: parts.get('Signature')!,
    date,
    sessionToken: one(headers['x-amz-security-token']),
    presigned: false,
  }
}

function fromQuery(query: ReadonlyMap<string, string>, protocol: Protocol): Signature {
  const lacks = ['X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date']
    .filter(name => !query.get(name))
    .map(name => `AWS query-string parameters must include '${name}'.`)
  if (lacks.length > 0)
    throw incomplete(`${lacks.join(' ')} Re-examine the query-string parameters.`, protocol)
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) {
    throw incomplete(`Unsupported AWS 'algorithm': '${query.get('X-Amz-Algorithm')}'.`, protocol)
  }
  return {
    ...scope(query.get('X-Amz-Credential')!, protocol),
    signedHeaders: query.get('X-Amz-SignedHeaders')!.toLowerCase().split(';'),
    hex: query.get('X-Amz-Signature')!,
    date: query.get('X-Amz-Date')!,
    sessionToken: query.get('X-Amz-Security-Token'),
    presigned: true,
    // Five minutes where the client does not say, as for a signature in a header.
    validFor: Number(query.get('X-Amz-Expires') ?? 300),
  }
}

function scope(credential: string, protocol: Protocol) {
  const [accessKeyId, day, region, service, end, ...more] = credential.split('/')
  if (!accessKeyId || !day || !region || !service || end !== 'aws4_request' || more.length > 0) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      protocol,
    )
  }
  return { accessKeyId, day, region, service }
}

const incomplete = (message: string, protocol: Protocol) => refusal('incomplete', protocol, message)

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/** A Date header, `Sat, 21 Nov 2026 05:00:00 GMT`, as SigV4 writes dates. */
function basicIso(date: string | undefined): string | undefined {
  const at = Date.parse(date ?? '')
  return Number.isNaN(at) ? undefined : stamp(at)
}

/** `20261121T050000Z`. */
export const stamp = (at: number) => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')

/** Milliseconds since the epoch; NaN for what is not such a date. */
export const instant = (text: string) =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
