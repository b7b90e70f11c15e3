import type { AwsError } from '../../error.ts'
import type { Operation, RestInput, WireAnswer, WireRequest } from '../../service.ts'
import { errorBody } from './error-body.ts'
import { xmlOf } from './xml.ts'

/** What an operation answers: a document (`root` and its `members`), or bytes, or neither. */
export interface XmlAnswer {
  readonly status?: number
  /** Those that are undefined are left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** The document's first element. */
  readonly root?: string
  readonly members?: unknown
  readonly bytes?: Buffer
}

/** Finds the operation whose `route` a request is for. */
export type Router = (wire: WireRequest) => { operation: Operation; input: RestInput } | undefined

/**
 * AWS REST-XML as S3 speaks it: makes a router of the operations' routes, which are `/`, `/:bucket` or `/:bucket/:key`
 * with what must stand in the query behind, or in a header `x-amz-…`: `GET /:bucket?list-type`. Of a request the host may name the bucket, or the path.
 * The route that wants the most is taken; a request whose query asks for something (`subresources`) that no
 * route has is for none.
 */
export function router(operations: readonly Operation[], subresources: ReadonlySet<string>): Router {
  const routes = operations
    .filter(({ route }) => route !== undefined)
    .map(operation => {
      const [, method, path = '', wanted = ''] = /^(\w+) ([^?]*)\??(.*)$/.exec(operation.route!)!
      return { operation, method, depth: path.split('/:').length, wanted: wanted.split('&').filter(Boolean) }
    })
    .sort((a, b) => b.wanted.length - a.wanted.length)

  return wire => {
    const [path = '/', ...rest] = wire.target.split('?')
    const query = Object.fromEntries(new URLSearchParams(rest.join('?')))
    const { bucket, key } = placeOf(path, wire.host)
    const depth = key ? 3 : bucket ? 2 : 1
    const found = routes.find(
      one =>
        one.method === wire.method &&
        one.depth === depth &&
        one.wanted.every(name => Object.hasOwn(name.startsWith('x-amz-') ? wire.headers : query, name)) &&
        Object.keys(query).every(name => !subresources.has(name) || one.wanted.includes(name)),
    )
    return found && { operation: found.operation, input: { params: { bucket, key }, query, body: wire.body } }
  }
}

/** A host that has a bucket's name in front: `bucket.s3.us-east-1.amazonaws.com`, and `bucket.localhost` here. */
const BUCKET_HOST = /^(.{3,})\.(?:(?:s3\.)?localhost|s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?)$/

function placeOf(path: string, host: string): { readonly bucket: string; readonly key: string } {
  const inHost = BUCKET_HOST.exec(host)?.[1]
  if (inHost !== undefined) return { bucket: inHost, key: decoded(path.slice(1)) }
  const slash = path.indexOf('/', 1)
  return slash < 0
    ? { bucket: decoded(path.slice(1)), key: '' }
    : { bucket: decoded(path.slice(1, slash)), key: decoded(path.slice(slash + 1)) }
}

/** The bucket that a request's host or path names; empty when there is none. */
export const bucketIn = ({ target, host }: Pick<WireRequest, 'target' | 'host'>): string =>
  placeOf(target.split('?')[0]!, host).bucket

/** Text that is not validly encoded stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    return text
  }
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** An answer as it goes out. */
export function encode(
  { status, headers = {}, root, members, bytes }: XmlAnswer,
  requestId: string,
): WireAnswer {
  const given = Object.entries(headers).filter((one): one is [string, string] => one[1] !== undefined)
  const body = root ? `${DECLARATION}<${root} xmlns="${NAMESPACE}">${xmlOf(members ?? {})}</${root}>` : bytes
  return {
    status: status ?? 200,
    headers: {
      ...identification(requestId),
      ...(root ? { 'content-type': 'application/xml' } : {}),
      ...Object.fromEntries(given),
    },
    body: body ?? '',
  }
}

/** `<Error><Code>…</Code><Message>…</Message>…`; to a HEAD the status alone. */
export function encodeError(
  error: AwsError,
  requestId: string,
  { method }: Pick<WireRequest, 'method'>,
): WireAnswer {
  const { writing, body } = errorBody(error)
  const { message: _, Message: __, ...members } = body
  const content = {
    Code: error.code,
    Message: error.message,
    ...members,
    RequestId: requestId,
    HostId: requestId,
  }
  const isSilent = method === 'HEAD' || writing.emptyBody
  return {
    status: error.status,
    headers: { ...identification(requestId), 'content-type': 'application/xml', ...writing.headers },
    body: isSilent ? '' : `${DECLARATION}<Error>${xmlOf(content)}</Error>`,
  }
}

const identification = (requestId: string) => ({
  'x-amz-request-id': requestId,
  'x-amz-id-2': requestId,
  server: 'AmazonS3',
})
