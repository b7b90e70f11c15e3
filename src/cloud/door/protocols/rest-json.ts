import type { AwsError } from '../../error.ts'
import type { Operation, RestInput, WireAnswer, WireRequest } from '../../service.ts'
import { errorBody } from './error-body.ts'

/** Finds the operation whose `route` a request is for. Without one, nothing was asked for. */
export type Router = (wire: WireRequest) => { operation: Operation; input: RestInput } | undefined

/**
 * AWS REST-JSON (the @connections API, Lambda): makes a router of the operations' routes. The path is taken as it
 * came and each part decoded once, so that `gone%3D` is `gone=`, `%2F` part of a name, and `%40connections` the
 * same as `@connections` (facts: E2). A named part is never empty.
 */
export function router(operations: readonly Operation[]): Router {
  const routes = operations
    .filter(operation => operation.route !== undefined)
    .map(operation => {
      const [method, path] = operation.route!.split(' ') as [string, string]
      return { operation, method, parts: path.split('/') }
    })

  return wire => {
    const question = wire.target.indexOf('?')
    const path = question < 0 ? wire.target : wire.target.slice(0, question)
    const parts = path.split('/').map(decoded)
    for (const { operation, method, parts: wanted } of routes) {
      const params = method === wire.method ? match(wanted, parts) : undefined
      if (!params) continue
      const query = question < 0 ? {} : Object.fromEntries(new URLSearchParams(wire.target.slice(question)))
      return { operation, input: { params, query, body: wire.body } }
    }
    return undefined
  }
}

function match(wanted: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    if (!part.startsWith(':')) {
      if (part !== parts[i]) return undefined
    } else {
      if (parts[i] === '') return undefined
      params[part.slice(1)] = parts[i]!
    }
  }
  return params
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    // A stray % is nobody's escape.
    if (!(error instanceof URIError)) throw error
    return part
  }
}

/** An output as JSON with status 200; none at all is an empty body. */
export const encode = (output: unknown, requestId: string): WireAnswer =>
  answer(200, output === undefined ? '' : JSON.stringify(output), requestId)

/**
 * `{"message":"…"}`, `{"Message":"…"}` or nothing (see error-body.ts), with the code in `x-amzn-ErrorType`
 * (facts: E5, E11, J6).
 */
export function encodeError(error: AwsError, requestId: string): WireAnswer {
  const { writing, body } = errorBody(error)
  return answer(error.status, writing.emptyBody ? '' : JSON.stringify(body), requestId, {
    'x-amzn-errortype': error.code,
    ...writing.headers,
  })
}

const answer = (
  status: number,
  body: string,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...headers },
  body,
})
