import type { Throttling } from '../throttle.ts'
import { type Throttle, tokenBucket } from '../throttle.ts'
import { type Quota, quotaPeriod } from './quota.ts'

/** An API key, for people rather than programs: it says who is calling, and counts their calls (facts: F23). */
export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly enabled: boolean
}

/** How much the holders of some keys may ask of some stages. */
export interface UsagePlan {
  readonly id: string
  readonly name: string
  readonly stages: readonly { readonly apiId: string; readonly stageName: string }[]
  /** For each key by itself. */
  readonly throttle?: Throttling | undefined
  readonly quota?: Quota | undefined
}

/** What a key has spent of a plan. */
interface Spending {
  readonly throttle: Throttle | undefined
  period: number
  requests: number
}

/** The verdict on a request with a key. */
export type KeyVerdict =
  | { readonly kind: 'good'; readonly key: ApiKey; readonly plan: UsagePlan }
  | { readonly kind: 'unknown' | 'throttled' | 'exhausted'; readonly because: string }

/** All API keys and usage plans of an account. */
export interface Keychain {
  /** By id. */
  readonly keys: Map<string, ApiKey>
  /** By id. */
  readonly plans: ReadonlyMap<string, UsagePlan>
  /** Puts a plan in; what was spent of one with the same id stays spent unless its limits have changed. */
  putPlan(plan: UsagePlan): void
  removePlan(planId: string): void
  /** Key ids of a plan, in the order in which they came. */
  members(planId: string): Set<string>
  /** Whether a request with this key may come in to a stage; counts it if so. */
  spend(value: string | undefined, apiId: string, stageName: string): KeyVerdict
}

/** Starts without a key. `now` is in milliseconds since the epoch, by the cloud's clock. */
export function openKeychain(now: () => number): Keychain {
  const keys = new Map<string, ApiKey>()
  const plans = new Map<string, UsagePlan>()
  const memberships = new Map<string, Set<string>>()
  /** By plan id, then by key id. */
  const spendings = new Map<string, Map<string, Spending>>()

  const members = (planId: string) => at(memberships, planId, () => new Set<string>())

  return {
    keys,
    plans,
    putPlan(plan) {
      const before = plans.get(plan.id)
      if (JSON.stringify([before?.throttle, before?.quota]) !== JSON.stringify([plan.throttle, plan.quota])) {
        spendings.delete(plan.id)
      }
      plans.set(plan.id, plan)
    },
    removePlan(planId) {
      plans.delete(planId)
      memberships.delete(planId)
      spendings.delete(planId)
    },
    members,
    spend(value, apiId, stageName) {
      const key = value === undefined ? undefined : [...keys.values()].find(one => one.value === value)
      // The reasons go into the execution log; only the last was captured, the others are assumed.
      if (!key) return unknown(value === undefined ? 'No API Key in the request' : 'API Key not found')
      if (!key.enabled) return unknown('API Key is disabled')
      const plan = [...plans.values()].find(
        ({ id, stages }) =>
          members(id).has(key.id) &&
          stages.some(stage => stage.apiId === apiId && stage.stageName === stageName),
      )
      if (!plan) return unknown('No Usage Plan found for key and API Stage')
      return draw(key, plan)
    },
  }

  function draw(key: ApiKey, plan: UsagePlan): KeyVerdict {
    const period = plan.quota ? quotaPeriod(plan.quota, now()) : 0
    const spent = at(
      at(spendings, plan.id, () => new Map<string, Spending>()),
      key.id,
      () => ({
        throttle: plan.throttle && tokenBucket(plan.throttle, now),
        period,
        requests: 0,
      }),
    )
    if (spent.period !== period) Object.assign(spent, { period, requests: 0 })
    if (plan.quota && spent.requests >= plan.quota.limit) {
      return { kind: 'exhausted', because: `The quota of usage plan ${plan.id} is used up` }
    }
    if (spent.throttle?.() === false) {
      return { kind: 'throttled', because: `The throttle of usage plan ${plan.id} is exceeded` }
    }
    spent.requests++
    return { kind: 'good', key, plan }
  }
}

const unknown = (because: string): KeyVerdict => ({ kind: 'unknown', because })

/** The value of a key, made when it is not there yet. */
function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}
