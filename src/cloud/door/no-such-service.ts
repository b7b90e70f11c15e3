import { AwsError } from '../error.ts'
import type { WireAnswer, WireRequest } from '../service.ts'
import { askedFor } from './asked-for.ts'
import * as cbor from './protocols/cbor.ts'
import * as json from './protocols/json.ts'
import * as query from './protocols/query.ts'
import * as rest from './protocols/rest-json.ts'
import { xmlOf } from './protocols/xml.ts'

/** Services that speak REST and XML. S3 is here, and has its own way of writing it. */
const REST_XML = new Set(['route53', 'cloudfront', 's3-outposts', 's3express'])

/**
 * The answer for a service that this cloud does not have. It names the service and the operation, in the encoding that
 * the caller reads, by what the request looks like. Nothing is passed on to the internet.
 */
export function noSuchService(wire: WireRequest, name: string, requestId: string): WireAnswer {
  const error = new AwsError(
    'ServiceNotInLocalCloud',
    `The local cloud has no service "${name}" (${wire.host}), so it has no ${askedFor(wire, name)}. Nothing was sent to AWS.`,
  )
  const written = inItsEncoding(error, wire, name, requestId)
  return { ...written, headers: { 'x-amzn-errortype': error.code, ...written.headers } }
}

function inItsEncoding(
  error: AwsError,
  { headers }: WireRequest,
  name: string,
  requestId: string,
): WireAnswer {
  const type = String(headers['content-type'] ?? '')
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return cbor.encodeError(error, requestId)
  if (headers['x-amz-target'] !== undefined || type.startsWith('application/x-amz-json')) {
    return json.encodeError(error, type.endsWith('1.0') ? 'json-1.0' : 'json-1.1', requestId)
  }
  if (name === 'ec2') return inXml('Response', ['Errors', { Error: said(error) }], { RequestID: requestId })
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return query.encodeError(error, { signingName: name, version: '' }, requestId)
  }
  if (!REST_XML.has(name)) return rest.encodeError(error, requestId)
  return inXml('ErrorResponse', ['Error', { Type: 'Sender', ...said(error) }], { RequestId: requestId })
}

const said = ({ code, message }: AwsError) => ({ Code: code, Message: message })

const inXml = (root: string, [around, members]: [string, object], identification: object): WireAnswer => ({
  status: 400,
  headers: { 'content-type': 'text/xml' },
  body: `<${root}>${xmlOf({ [around]: members, ...identification })}</${root}>`,
})
