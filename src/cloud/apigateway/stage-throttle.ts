import type { Stage } from './api.ts'
import { tokenBucket } from './throttle.ts'

/**
 * Whether a stage lets one more request onto a route: by the route's own settings or the stage's defaults (facts: G9).
 * Each route has a bucket of its own (assumed).
 */
export function stageAdmits(stage: Stage, routeKey: string, now: () => number): boolean {
  const { throttling, routeThrottling } = stage.settings
  const limits = routeThrottling[routeKey] ?? throttling
  if (limits.rate === undefined && limits.burst === undefined) return true
  const throttle = stage.throttles.get(routeKey) ?? tokenBucket(limits, now)
  stage.throttles.set(routeKey, throttle)
  return throttle()
}
