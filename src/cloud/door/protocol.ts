import type { AwsError } from '../error.ts'
import type { Operation, Service, WireAnswer, WireRequest } from '../service.ts'
import { noSuchOperation } from './no-such-operation.ts'
import * as cbor from './protocols/cbor.ts'
import * as json from './protocols/json.ts'
import * as query from './protocols/query.ts'
import * as rest from './protocols/rest-json.ts'
import * as xml from './protocols/rest-xml.ts'
import { restOperation } from './rest-operations.ts'

/** How a family of services speaks: what a request asks for, and how answers and refusals are put. */
export interface Protocol {
  /** Whether a request looks like this protocol: asked of a service that speaks several. */
  isSpoken(wire: WireRequest): boolean
  /** Throws `AwsError` for what cannot be read or is no operation of the service. */
  hear(wire: WireRequest, service: Service): { readonly operation: Operation; readonly input: any }
  answer(
    output: unknown,
    operation: Operation,
    service: Service,
    requestId: string,
    wire: WireRequest,
  ): WireAnswer
  refuse(error: AwsError, service: Service, requestId: string, wire: WireRequest): WireAnswer
}

const UNKNOWN = 'UnknownOperationException'

/** The refusal of an operation that AWS has at this route, and this cloud has not; undefined for any other route. */
function missingHere(
  service: Service,
  wire: WireRequest,
  code: string,
  status: number,
): AwsError | undefined {
  const name = restOperation(service.signingName, wire)
  if (name === undefined || service.operations.some(one => one.name === name)) return
  return noSuchOperation(service, wire, code, status)
}

/** AWS JSON 1.0 and 1.1. */
const awsJson = (version: json.JsonProtocol): Protocol => ({
  isSpoken: ({ headers }) => headers['x-amz-target'] !== undefined,
  hear(wire, service) {
    const { operation: name, input } = json.decode(wire, service.targetPrefix ?? '')
    const operation = service.operations.find(one => one.name === name)
    if (!operation) throw noSuchOperation(service, wire, UNKNOWN, 400, json.UNKNOWN_OPERATION)
    return { operation, input }
  },
  answer: (output, _operation, _service, requestId) => json.encode(output, version, requestId),
  refuse: (error, _service, requestId) => json.encodeError(error, version, requestId),
})

const awsQuery: Protocol = {
  isSpoken: ({ headers }) => headers['x-amz-target'] === undefined,
  hear(wire, service) {
    const { operation: name, input } = query.decode(wire)
    const operation = service.operations.find(one => one.name === name)
    if (!operation) throw noSuchOperation(service, wire, 'InvalidAction')
    return { operation, input }
  },
  answer: (output, operation, service, requestId, wire) =>
    query.wantsJson(wire)
      ? query.encodeJson(output, operation.name, requestId)
      : query.encode(output, operation.name, dialect(service), requestId),
  refuse: (error, service, requestId, wire) =>
    query.wantsJson(wire)
      ? query.encodeErrorJson(error, requestId)
      : query.encodeError(error, dialect(service), requestId),
}

/** Smithy RPC v2 with CBOR. */
const rpcCbor: Protocol = {
  isSpoken: ({ headers }) => headers['smithy-protocol'] === 'rpc-v2-cbor',
  hear(wire, service) {
    const { operation: name, input } = cbor.decode(wire, service.targetPrefix ?? '')
    const operation = service.operations.find(one => one.name === name)
    if (!operation) throw noSuchOperation(service, wire, UNKNOWN)
    return { operation, input }
  },
  answer: (output, _operation, _service, requestId) => cbor.encode(output, requestId),
  refuse: (error, _service, requestId) => cbor.encodeError(error, requestId),
}

const restJson: Protocol = {
  isSpoken: () => true,
  hear(wire, service) {
    const asked = routerOf(service)(wire)
    if (asked) return asked
    throw (
      missingHere(service, wire, UNKNOWN, 404) ??
      service.unrouted?.(wire) ??
      noSuchOperation(service, wire, UNKNOWN, 404)
    )
  },
  answer: (output, _operation, _service, requestId) => rest.encode(output, requestId),
  refuse: (error, _service, requestId) => rest.encodeError(error, requestId),
}

const restXml: Protocol = {
  isSpoken: () => true,
  hear(wire, service) {
    const asked = xmlRouterOf(service)(wire)
    if (asked) return asked
    // Clients do not try a 501 again, as they do other errors of a server.
    throw (
      missingHere(service, wire, 'NotImplemented', 501) ??
      service.unrouted?.(wire) ??
      noSuchOperation(service, wire, 'MethodNotAllowed', 405)
    )
  },
  answer: (output, _operation, _service, requestId) => xml.encode((output ?? {}) as xml.XmlAnswer, requestId),
  refuse: (error, _service, requestId, wire) => xml.encodeError(error, requestId, wire),
}

/** By the name that a `Service` gives its protocol. */
export const protocols: Readonly<Record<Service['protocol'], Protocol>> = {
  'json-1.0': awsJson('json-1.0'),
  'json-1.1': awsJson('json-1.1'),
  query: awsQuery,
  'rest-json': restJson,
  'rpc-v2-cbor': rpcCbor,
  'rest-xml': restXml,
}

const routers = new WeakMap<Service, rest.Router>()
const xmlRouters = new WeakMap<Service, xml.Router>()

/** Made once a service: routes are many, and requests more. */
function routerOf(service: Service): rest.Router {
  const router = routers.get(service) ?? rest.router(service.operations)
  routers.set(service, router)
  return router
}

function xmlRouterOf(service: Service): xml.Router {
  const router = xmlRouters.get(service) ?? xml.router(service.operations, service.subresources ?? new Set())
  xmlRouters.set(service, router)
  return router
}

const dialect = ({ signingName, version = '' }: Service): query.QueryDialect => ({ signingName, version })
