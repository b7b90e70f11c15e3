import type { Api, Apis, Stage } from './api.ts'
import { type Snapshot, serving } from './snapshot.ts'

/** A stage that can be reached. */
export interface Reached {
  readonly api: Api
  readonly stage: Stage
  readonly snapshot: Snapshot
}

/**
 * The stage a path names: `/prod`, or with a slash at its end (facts: A1). Else why there is none, which is always a 403: unknown or no
 * stage (A15), more path after it (A16, assumed), nothing deployed (A14), default endpoint disabled (A50).
 */
export function reach(apis: Apis, apiId: string, path: string): Reached | string {
  const api = apis.get(apiId)
  if (!api) return `There is no API ${apiId}`
  const [, stageName, more] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? []
  if (!stageName) return 'The address has no stage'
  if (more) return `The address has more path than a stage: ${path}`
  return reachStage(api, stageName)
}

/** A stage by name, or why it cannot be reached. */
export function reachStage(api: Api, stageName: string): Reached | string {
  const stage = api.stages.get(stageName)
  if (!stage) return `There is no stage ${stageName}`
  const snapshot = serving(api, stage)
  if (!snapshot) return `Stage ${stageName} has no deployment`
  if (snapshot.disabled) return 'The default endpoint is disabled'
  return { api, stage, snapshot }
}
