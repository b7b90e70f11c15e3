import type { Api, Apis, Stage } from './api.ts'
import { apiIdIn, type Core } from './core.ts'
import { type CustomDomain, mappingOf } from './custom-domains.ts'
import { serving } from './deploy.ts'
import type { Snapshot } from './snapshot.ts'

/** A stage that can be reached. */
export interface Reached {
  readonly api: Api
  readonly stage: Stage
  readonly snapshot: Snapshot
}

/** A stage that can be reached, and what of the path lies behind it, without a slash in front. */
export interface Located extends Reached {
  readonly rest: string
}

/** All that a stage's address can lead through. */
type Addresses = Pick<Core, 'apis' | 'domains' | 'account'>

/**
 * The stage at which a client that names `host` and `path` asks for a WebSocket: `/prod` on an API's own host, `/{mapping key}` or `/`
 * on a custom domain, or with a slash at its end (facts: A1, H17). Else why there is none, which is always a 403: unknown or no stage
 * (A15), more path after it (A16, assumed), nothing deployed (A14), default endpoint disabled (A50), no mapping (H17).
 */
export function reach(addresses: Addresses, host: string, path: string): Reached | string {
  const located = locate(addresses, host, path)
  if (typeof located === 'string' || located.rest === '') return located
  return `The address has more path than a stage: ${path}`
}

/** The stage to which a path leads, however far it goes on. Else why there is none. */
export function locate({ apis, domains, account }: Addresses, host: string, path: string): Located | string {
  const domain = domains.get(host)
  if (domain) return locateMapped(apis, domain, path)
  const apiId = apiIdIn(host, account)
  if (apiId === undefined) return `There is neither an API nor a custom domain at ${host}`
  const api = apis.get(apiId)
  if (!api) return `There is no API ${apiId}`
  const [stageName, rest] = firstSegment(path)
  if (!stageName) return 'The address has no stage'
  const reached = reachStage(api, stageName)
  if (typeof reached === 'string') return reached
  return reached.snapshot.disabled ? 'The default endpoint is disabled' : { ...reached, rest }
}

/** Of two mappings that fit, the one with a key: the empty key stands for every path that has none of its own. */
function locateMapped(apis: Apis, domain: CustomDomain, path: string): Located | string {
  const [key, rest] = firstSegment(path)
  const keyed = key === '' ? undefined : mappingOf(domain, key)
  const mapping = keyed ?? mappingOf(domain, '')
  if (!mapping) return `${domain.domainName} has no API mapping for ${path}`
  const api = apis.get(mapping.apiId)
  const reached = api ? reachStage(api, mapping.stage) : `There is no API ${mapping.apiId}`
  if (typeof reached === 'string') return reached
  return { ...reached, rest: keyed ? rest : path.slice(1) }
}

function reachStage(api: Api, stageName: string): Reached | string {
  const stage = api.stages.get(stageName)
  if (!stage) return `There is no stage ${stageName}`
  const snapshot = serving(api, stage)
  return snapshot ? { api, stage, snapshot } : `Stage ${stageName} has no deployment`
}

/** `/prod/more/still` → `prod`, `more/still`. */
function firstSegment(path: string): readonly [first: string, rest: string] {
  const [, first = '', rest = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? []
  return [first, rest]
}
