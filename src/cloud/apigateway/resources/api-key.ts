import { randomInt } from 'node:crypto'
import type { ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import type { ApiKey } from '../authorization/keychain.ts'
import type { Core } from '../core.ts'
import { isTrue } from './api.ts'
import { bad } from './found.ts'
import { apiKeyRights } from './rights.ts'

/** AWS::ApiGateway::ApiKey, for a `$connect` route with ApiKeyRequired (facts: F23). Without `Enabled` it is disabled, as CloudFormation's schema says. */
export function apiKeyResource({ keychain, ids }: Core): ResourceType {
  return {
    type: 'AWS::ApiGateway::ApiKey',
    rights: apiKeyRights,
    properties: {
      Name: 'replace',
      Value: 'replace',
      // Ids are always others than values here.
      GenerateDistinctId: 'replace',
      Enabled: 'update',
      Description: 'update',
      CustomerId: 'update',
      StageKeys: 'update',
      Tags: 'update',
    },
    attributes: ['APIKeyId'],
    refuse: ({ StageKeys }) =>
      StageKeys && !(Array.isArray(StageKeys) && StageKeys.length === 0)
        ? [
            'StageKeys is for REST APIs without usage plans: a WebSocket API takes keys of an AWS::ApiGateway::UsagePlan',
          ]
        : [],
    create({ properties: { Name, Value, Enabled }, inventName }) {
      const id = ids.api()
      const name = String(Name ?? inventName(1024))
      keychain.keys.set(id, { id, name, value: valueFrom(Value), enabled: isTrue(Enabled) })
      return physical(id)
    },
    update({ properties }, { physicalId }) {
      const key = keyOf(keychain.keys, physicalId)
      keychain.keys.set(physicalId, { ...key, enabled: isTrue(properties.Enabled) })
      return physical(physicalId)
    },
    delete({ physicalId }) {
      keychain.keys.delete(physicalId)
      for (const planId of keychain.plans.keys()) keychain.members(planId).delete(physicalId)
    },
  }

  function valueFrom(value: unknown): string {
    if (value === undefined) return randomValue()
    const text = String(value)
    if (text.length < 20) bad('API Key value should be at least 20 characters')
    if (text.length > 128) bad('API Key value should not be more than 128 characters')
    if ([...keychain.keys.values()].some(key => key.value === text)) {
      throw new AwsError('ConflictException', 'API Key already exists', 409)
    }
    return text
  }
}

/** A key by id. Throws `NotFoundException`. */
export function keyOf(keys: ReadonlyMap<string, ApiKey>, keyId: unknown): ApiKey {
  const key = keys.get(String(keyId))
  if (!key) throw new AwsError('NotFoundException', 'Invalid API Key identifier specified', 404)
  return key
}

const physical = (id: string) => ({ physicalId: id, attributes: { APIKeyId: id } })

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
/** Forty letters and digits, as API Gateway makes them. */
const randomValue = () => Array.from({ length: 40 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
