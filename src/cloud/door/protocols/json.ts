import { crc32 } from 'node:zlib'
import { AwsError } from '../../error.ts'
import { lacking } from '../../lack.ts'
import type { WireAnswer, WireRequest } from '../../service.ts'
import { errorBody } from './error-body.ts'

/** AWS JSON 1.0 (DynamoDB, SQS) and 1.1 (CloudWatch Logs, Cognito): the operation in a header, JSON both ways. */
export type JsonProtocol = 'json-1.0' | 'json-1.1'

/**
 * What is asked for: `X-Amz-Target: DynamoDB_20120810.PutItem` and the body. A body that is no JSON object is a
 * `SerializationException`, a target that is none an `UnknownOperationException`, as is one of another service.
 */
export function decode(wire: WireRequest, targetPrefix: string): { operation: string; input: any } {
  const [prefix, operation, ...more] = String(wire.headers['x-amz-target'] ?? '').split('.')
  if (prefix !== targetPrefix || !operation || more.length > 0) throw unknownOperation()
  return { operation, input: parsed(wire.body) }
}

/** The answer to a target that is none; AWS gives no message with it. */
const unknownOperation = () => lacking(coralError('UnknownOperationException'))

/** How the code of an operation that is not there is written. */
export const UNKNOWN_OPERATION = { __type: 'com.amazon.coral.service#UnknownOperationException' }

/** An output as JSON; none at all is an empty body. Times are seconds since the epoch: the service writes them so. */
export const encode = (output: unknown, protocol: JsonProtocol, requestId: string): WireAnswer =>
  answer(200, output === undefined ? '' : JSON.stringify(output), protocol, requestId)

/** `{"__type":"…","message":"…"}`, and whatever else the error's body holds (see error-body.ts). */
export function encodeError(error: AwsError, protocol: JsonProtocol, requestId: string): WireAnswer {
  const { writing, body } = errorBody(error)
  const text = writing.emptyBody ? '' : JSON.stringify({ __type: writing.__type ?? error.code, ...body })
  return answer(error.status, text, protocol, requestId, writing.headers)
}

function parsed(body: Buffer): unknown {
  if (body.length === 0) return {}
  let input: unknown
  try {
    input = JSON.parse(body.toString())
  } catch {
    throw coralError('SerializationException')
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw coralError('SerializationException')
  }
  return input
}

const coralError = (code: string) =>
  new AwsError(code, '', 400, { __type: `com.amazon.coral.service#${code}` })

const answer = (
  status: number,
  body: string,
  protocol: JsonProtocol,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer => ({
  status,
  headers: {
    'content-type': `application/x-amz-${protocol}`,
    'x-amzn-requestid': requestId,
    // DynamoDB sends it, and older SDKs check it there.
    ...(protocol === 'json-1.0' ? { 'x-amz-crc32': String(crc32(body)) } : {}),
    ...headers,
  },
  body,
})
