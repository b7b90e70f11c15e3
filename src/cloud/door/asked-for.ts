import type { WireRequest } from '../service.ts'
import { restOperation } from './rest-operations.ts'

/** The operation by name, where anything tells it: `SendMessage`; else `GET /v2/apis`. */
export function askedFor(wire: WireRequest, signingName: string): string {
  const { headers, method, target, body } = wire
  const named = String(headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1)
  const inPath = /\/operation\/(\w+)$/.exec(target)?.[1]
  const [path, query = ''] = target.split('?')
  const inForm = [body.toString('latin1', 0, 2_000), query].map(form => /(?:^|&)Action=(\w+)/.exec(form)?.[1])
  const told = [named, inPath, ...inForm].find(Boolean)
  return told ?? restOperation(signingName, wire) ?? `${method} ${path}`
}
