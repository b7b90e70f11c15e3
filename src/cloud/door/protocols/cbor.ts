import { cbor, dateToTag } from '@smithy/core/cbor'
import { AwsError } from '../../error.ts'
import { lacking } from '../../lack.ts'
import type { WireAnswer, WireRequest } from '../../service.ts'
import { errorBody } from './error-body.ts'

/** A path of Smithy RPC v2: `/service/GraniteServiceVersion20100801/operation/ListMetrics`. */
const PATH = /^\/service\/([^/]+)\/operation\/([^/?]+)$/

/**
 * Smithy RPC v2 with CBOR (CloudWatch): the operation in the path, CBOR both ways, times as Dates. A body that is none is a
 * `SerializationException`, a path that is none or another service's an `UnknownOperationException`.
 */
export function decode(wire: WireRequest, service: string): { operation: string; input: any } {
  const [, asked, operation] = PATH.exec(wire.target) ?? []
  if (!operation || asked !== service) throw unknownOperation()
  return { operation, input: parsed(wire.body) }
}

const unknownOperation = () => lacking(new AwsError('UnknownOperationException', '', 404))

export const encode = (output: unknown, requestId: string): WireAnswer => answer(200, output ?? {}, requestId)

export function encodeError(error: AwsError, requestId: string): WireAnswer {
  const { writing, body } = errorBody(error)
  return answer(error.status, { __type: writing.__type ?? error.code, ...body }, requestId, writing.headers)
}

function parsed(body: Buffer): unknown {
  if (body.length === 0) return {}
  let input: unknown
  try {
    input = withDates(cbor.deserialize(body))
  } catch {
    throw new AwsError('SerializationException', '')
  }
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input
  throw new AwsError('SerializationException', '')
}

/** Tag 1 is a time in seconds since the epoch. */
function withDates(value: any): unknown {
  if (Array.isArray(value)) return value.map(withDates)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (value.tag === 1 && 'value' in value) return new Date(Number(value.value) * 1000)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withDates(member)]))
}

/** What is undefined is not there. */
function withTags(value: unknown): unknown {
  if (value instanceof Date) return dateToTag(value)
  if (Array.isArray(value)) return value.map(withTags)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, withTags(member)]),
  )
}

const answer = (
  status: number,
  body: unknown,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer => ({
  status,
  headers: {
    'content-type': 'application/cbor',
    'smithy-protocol': 'rpc-v2-cbor',
    'x-amzn-requestid': requestId,
    ...headers,
  },
  body: Buffer.from(cbor.serialize(withTags(body))),
})
