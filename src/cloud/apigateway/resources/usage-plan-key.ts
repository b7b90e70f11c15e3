import type { ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import type { Core } from '../core.ts'
import { keyOf } from './api-key.ts'
import { bad } from './found.ts'
import { usagePlanKeyRights } from './rights.ts'
import { planOf } from './usage-plan.ts'

/** AWS::ApiGateway::UsagePlanKey: puts an API key into a usage plan (facts: F23). */
export function usagePlanKeyResource({ keychain }: Core): ResourceType {
  return {
    type: 'AWS::ApiGateway::UsagePlanKey',
    rights: usagePlanKeyRights,
    properties: { KeyId: 'replace', KeyType: 'replace', UsagePlanId: 'replace' },
    attributes: ['Id'],
    create({ properties: { KeyId, KeyType, UsagePlanId } }) {
      if (KeyType !== 'API_KEY') bad(`Invalid key type ${KeyType}: must be API_KEY`)
      const { id: keyId } = keyOf(keychain.keys, KeyId)
      const plan = planOf(keychain.plans, UsagePlanId)
      checkAlone(keyId, plan.id)
      keychain.members(plan.id).add(keyId)
      const id = `${keyId}:${plan.id}`
      return { physicalId: id, attributes: { Id: id } }
    },
    delete({ properties }) {
      keychain.members(String(properties.UsagePlanId)).delete(String(properties.KeyId))
    },
  }

  /** A key is in one plan of a stage at most; the words are assumed. */
  function checkAlone(keyId: string, planId: string) {
    if (keychain.members(planId).has(keyId)) {
      throw new AwsError('ConflictException', `Usage Plan ${planId} already has API Key ${keyId}`, 409)
    }
    const plan = planOf(keychain.plans, planId)
    for (const other of keychain.plans.values()) {
      if (other.id === planId || !keychain.members(other.id).has(keyId)) continue
      const shared = plan.stages.find(({ apiId, stageName }) =>
        other.stages.some(stage => stage.apiId === apiId && stage.stageName === stageName),
      )
      if (!shared) continue
      throw new AwsError(
        'ConflictException',
        `API Key ${keyId} is already in Usage Plan ${other.id} for API Stage ${shared.apiId}:${shared.stageName}`,
        409,
      )
    }
  }
}
