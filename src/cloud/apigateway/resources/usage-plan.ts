import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import type { UsagePlan } from '../authorization/keychain.ts'
import type { Quota } from '../authorization/quota.ts'
import type { Core } from '../core.ts'
import type { Throttling } from '../throttle.ts'
import { bad } from './found.ts'
import { usagePlanRights } from './rights.ts'

/** The last offset of each period, and AWS's words for one beyond it. */
const OFFSETS = {
  DAY: [0, 'Usage Plan quota offset must be zero in the DAY period'],
  WEEK: [6, 'Usage Plan quota offset must be between zero and six inclusive in the WEEK period'],
  MONTH: [27, 'Usage Plan quota offset must be between zero and 27 inclusive in the MONTH period'],
} as const

/** AWS::ApiGateway::UsagePlan, with the stages of WebSocket APIs (facts: F23). */
export function usagePlanResource({ apis, keychain, ids }: Core): ResourceType {
  return {
    type: 'AWS::ApiGateway::UsagePlan',
    rights: usagePlanRights,
    properties: {
      ApiStages: 'update',
      Throttle: 'update',
      Quota: 'update',
      UsagePlanName: 'update',
      Description: 'update',
      Tags: 'update',
    },
    attributes: ['Id'],
    refuse: ({ ApiStages }) =>
      (Array.isArray(ApiStages) ? ApiStages : []).some(stage => stage?.Throttle !== undefined)
        ? [
            'ApiStages.Throttle is by the methods of a REST API: a WebSocket API has Throttle for the whole plan',
          ]
        : [],
    create({ properties, inventName }) {
      const id = ids.resource()
      keychain.putPlan(planFrom(id, inventName(1024), properties))
      return physical(id)
    },
    update({ properties }, { physicalId }) {
      const { name } = planOf(keychain.plans, physicalId)
      keychain.putPlan(planFrom(physicalId, name, properties))
      return physical(physicalId)
    },
    delete({ physicalId }) {
      keychain.removePlan(physicalId)
    },
  }

  function planFrom(
    id: string,
    name: string,
    { UsagePlanName = name, ApiStages = [], Throttle, Quota }: Properties,
  ): UsagePlan {
    return {
      id,
      name: String(UsagePlanName),
      stages: [ApiStages].flat().map(({ ApiId, Stage }) => stageFrom(String(ApiId), String(Stage))),
      throttle: Throttle && throttleFrom(Throttle),
      quota: Quota && quotaFrom(Quota),
    }
  }

  function stageFrom(apiId: string, stageName: string) {
    if (!apis.get(apiId)?.stages.has(stageName)) {
      throw new AwsError('NotFoundException', `API Stage not found: ${apiId}:${stageName}`, 404)
    }
    return { apiId, stageName }
  }
}

/** A plan by id. Throws `NotFoundException`. */
export function planOf(plans: ReadonlyMap<string, UsagePlan>, planId: unknown): UsagePlan {
  const plan = plans.get(String(planId))
  if (!plan) throw new AwsError('NotFoundException', 'Invalid Usage Plan ID specified', 404)
  return plan
}

const physical = (id: string) => ({ physicalId: id, attributes: { Id: id } })

const throttleFrom = ({ RateLimit, BurstLimit }: Properties): Throttling => ({
  rate: RateLimit === undefined ? undefined : Number(RateLimit),
  burst: BurstLimit === undefined ? undefined : Number(BurstLimit),
})

function quotaFrom({ Limit, Period, Offset = 0 }: Properties): Quota {
  if (Period !== 'DAY' && Period !== 'WEEK' && Period !== 'MONTH') {
    bad(`Invalid Usage Plan quota period ${Period}: must be one of [DAY, WEEK, MONTH]`)
  }
  const limit = Number(Limit)
  if (!(limit >= 0)) bad('Usage Plan quota limit must not be negative')
  const offset = Number(Offset)
  const [last, words] = OFFSETS[Period as Quota['period']]
  if (!(offset >= 0 && offset <= last)) bad(words)
  return { limit, period: Period, offset }
}
