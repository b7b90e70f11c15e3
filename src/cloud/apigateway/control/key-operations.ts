import { AwsError } from '../../error.ts'
import type { Operation, RestInput } from '../../service.ts'
import type { ApiKey, UsagePlan } from '../authorization/keychain.ts'
import type { Core } from '../core.ts'
import { keyOf } from '../resources/api-key.ts'
import type { Entry, Ledger } from '../resources/ledger.ts'
import { planOf } from '../resources/usage-plan.ts'
import { pageOf } from './paging.ts'
import { read } from './read.ts'

/**
 * The operations of API Gateway (v1) that read API keys and usage plans (facts: F23): `aws apigateway get-api-key --include-value` is how
 * people learn the value of a key that was made for them. On the wire a list is an `item` here, and a time a number of seconds.
 */
export function keyOperations({ keychain }: Core, ledger: Ledger): readonly Operation<RestInput>[] {
  return [
    read('GetApiKeys', '/apikeys', ({ query }) => {
      const { name, customerId, includeValues } = query
      const all = [...keychain.keys.values()]
        .map(key => keyShape(key, includeValues === 'true'))
        .filter(
          one =>
            (name === undefined || one.name.startsWith(name)) &&
            (customerId === undefined || one.customerId === customerId),
        )
      return listed(all, query)
    }),
    read('GetApiKey', '/apikeys/:keyId', ({ params, query }) =>
      keyShape(keyOf(keychain.keys, params.keyId), query.includeValue === 'true'),
    ),
    read('GetUsagePlans', '/usageplans', ({ query }) => {
      const { keyId } = query
      const plans = [...keychain.plans.values()].filter(
        ({ id }) => keyId === undefined || keychain.members(id).has(keyId),
      )
      return listed(plans.map(planShape), query)
    }),
    read('GetUsagePlan', '/usageplans/:planId', ({ params }) =>
      planShape(planOf(keychain.plans, params.planId)),
    ),
    read('GetUsagePlanKeys', '/usageplans/:planId/keys', ({ params, query }) => {
      const { id } = planOf(keychain.plans, params.planId)
      return listed(
        [...keychain.members(id)].map(keyId => planKeyShape(keyId)),
        query,
      )
    }),
    read('GetUsagePlanKey', '/usageplans/:planId/keys/:keyId', ({ params }) => {
      const { id } = planOf(keychain.plans, params.planId)
      if (!keychain.members(id).has(params.keyId!)) {
        throw new AwsError('NotFoundException', 'Invalid API Key identifier specified', 404)
      }
      return planKeyShape(params.keyId!)
    }),
  ]

  /** The value only for who asks for it. */
  function keyShape({ id, name, value, enabled }: ApiKey, withValue: boolean) {
    const { properties = {}, createdAt = 0, updatedAt = 0 } = entryOf(id)
    return {
      id,
      ...(withValue && { value }),
      name,
      description: properties.Description,
      customerId: properties.CustomerId,
      enabled,
      createdDate: Math.floor(createdAt / 1000),
      lastUpdatedDate: Math.floor(updatedAt / 1000),
      stageKeys: [],
      tags: tagsOf(properties.Tags),
    }
  }

  function planShape({ id, name, stages, throttle, quota }: UsagePlan) {
    const { properties = {} } = entryOf(id)
    return {
      id,
      name,
      description: properties.Description,
      apiStages: stages.map(({ apiId, stageName }) => ({ apiId, stage: stageName })),
      throttle: throttle && { burstLimit: throttle.burst, rateLimit: throttle.rate },
      quota,
      tags: tagsOf(properties.Tags),
    }
  }

  function planKeyShape(keyId: string) {
    const { name, value } = keyShape(keyOf(keychain.keys, keyId), true)
    return { id: keyId, type: 'API_KEY', name, value }
  }

  function entryOf(id: string): Partial<Entry> {
    return ledger.entries().find(entry => entry.id === id) ?? {}
  }
}

function listed(all: readonly object[], { limit, position }: RestInput['query']) {
  const { items, next } = pageOf(all, limit, position)
  return { item: items, position: next }
}

/** CloudFormation's list of tags as a map. */
const tagsOf = (tags: unknown = []): Record<string, string> | undefined =>
  Array.isArray(tags) && tags.length > 0
    ? Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
    : undefined
