import { createHash } from 'node:crypto'

/** What a signature is made over, besides the payload: see "Create a signed AWS API request" in the IAM guide. */
export interface Canonical {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Names of the headers that were signed, in lower case, in the order in which the client gave them. */
  readonly signedHeaders: readonly string[]
  /** Hexadecimal SHA-256 of the body, or what was sent in its place. */
  readonly payloadHash: string
}

/**
 * The canonical requests that a client may have signed: AWS encodes the path, as sent, once more; S3 takes it as it
 * is. A client that sends `@connections` bare but signs it encoded, as some libraries do, is right too: AWS decodes first.
 */
export function canonicalRequests(request: Canonical, service: string): readonly string[] {
  const [path = '/', ...query] = request.target.split('?')
  const rest = [
    canonicalQuery(query.join('?')),
    ...request.signedHeaders.map(name => `${name}:${headerText(request.headers[name])}`),
    '',
    request.signedHeaders.join(';'),
    request.payloadHash,
  ]
  return canonicalPaths(path, service).map(one => [request.method, one, ...rest].join('\n'))
}

/** Hexadecimal SHA-256. */
export const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')

/** A query as pairs, decoded. A plus sign is a plus sign: signers write a space as `%20`. */
export const queryPairs = (query: string): readonly (readonly [name: string, value: string])[] =>
  query
    .split('&')
    .filter(pair => pair !== '')
    .map(pair => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
    })

function canonicalPaths(path: string, service: string): readonly string[] {
  if (service === 's3') return [path]
  const once = (text: string) => text.split('/').map(encode).join('/')
  const normal = withoutDots(path)
  const decoded = normal.split('/').map(decode).join('/')
  return [...new Set([once(normal), once(once(decoded)), once(path)])]
}

/** `/a/./b//../c` → `/a/c`; a slash at the end stays. */
function withoutDots(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}${parts.length > 0 && path.endsWith('/') ? '/' : ''}`
}

function canonicalQuery(query: string): string {
  return queryPairs(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map(pair => pair.join('='))
    .join('&')
}

/** By code unit: not by anybody's alphabet. */
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const headerText = (value: string | string[] | undefined) =>
  (Array.isArray(value) ? value.join(',') : (value ?? '')).trim().replace(/\s+/g, ' ')

/** RFC 3986: everything but letters, digits and `-._~`. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Text that is not validly encoded stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}
