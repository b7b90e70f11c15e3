import { createRequire } from 'node:module'
import type { WireRequest } from '../service.ts'

/** A route, as botocore writes it: `PUT /{Bucket}/{Key+}?acl`. */
interface Route {
  readonly name: string
  readonly method: string
  readonly parts: readonly string[]
  /** `acl`, `list-type=2`. */
  readonly query: readonly string[]
}

const routes = new Map<string, readonly Route[]>()

/**
 * The name of the operation that a request of a REST protocol asks for, of the services in rest-operations.json. The
 * request itself does not say it.
 */
export function restOperation(
  signingName: string,
  { method, target, host }: WireRequest,
): string | undefined {
  const [path = '', ...rest] = target.split('?')
  const query = new URLSearchParams(rest.join('?'))
  const bucket = signingName === 's3' ? /^(.+)\.(?:s3[.-]|localhost$)/.exec(host)?.[1] : undefined
  const parts = partsOf(bucket ? `/${bucket}${path}` : path)
  const found = routesOf(signingName).filter(
    route =>
      route.method === method && fits(route.parts, parts) && route.query.every(one => asks(query, one)),
  )
  return found.sort((a, b) => weightOf(b) - weightOf(a))[0]?.name
}

function routesOf(signingName: string): readonly Route[] {
  if (routes.size === 0) {
    const known = createRequire(import.meta.url)('./rest-operations.json').routes
    for (const [service, all] of Object.entries<Record<string, string>>(known)) {
      routes.set(service, Object.entries(all).map(routeOf))
    }
  }
  return routes.get(signingName) ?? []
}

function routeOf([route, name]: [string, string]): Route {
  const [, method = '', path = '', query = ''] = /^(\w+) ([^?]*)\??(.*)$/.exec(route) ?? []
  return { name, method, parts: partsOf(path), query: query.split('&').filter(Boolean) }
}

const partsOf = (path: string): readonly string[] => path.split('/').filter(Boolean)

function fits(wanted: readonly string[], parts: readonly string[]): boolean {
  const isLong = wanted.at(-1)?.endsWith('+}') && parts.length > wanted.length
  if (parts.length !== wanted.length && !isLong) return false
  return wanted.every((part, index) => part.startsWith('{') || part === parts[index])
}

function asks(query: URLSearchParams, wanted: string): boolean {
  const [name = '', value] = wanted.split('=')
  return query.has(name) && (value === undefined || value === '' || query.get(name) === value)
}

/** What is asked for by more names is meant rather than what anything fits. */
const weightOf = ({ parts, query }: Route): number =>
  10 * query.length + parts.filter(part => !part.startsWith('{')).length
