import type { Physical, ResourceType } from '../../cloudformation/resource.ts'
import type { House } from '../house.ts'
import type { Pool } from '../pool.ts'
import { refusedInPool } from '../pool-settings.ts'
import { userPoolRights } from '../rights.ts'
import { gone } from './gone.ts'

/** AWS::Cognito::UserPool. Without MFA, challenges of its own, devices, passkeys and links in messages: those are refused by name. */
export const userPool = ({ pools, post, knownIds }: House): ResourceType => ({
  type: 'AWS::Cognito::UserPool',
  rights: userPoolRights,
  properties: {
    UserPoolName: 'update',
    Policies: 'update',
    AutoVerifiedAttributes: 'update',
    UsernameAttributes: 'fixed',
    AliasAttributes: 'fixed',
    UsernameConfiguration: 'fixed',
    Schema: 'update',
    AdminCreateUserConfig: 'update',
    AccountRecoverySetting: 'update',
    MfaConfiguration: 'update',
    LambdaConfig: 'update',
    DeletionProtection: 'update',
    VerificationMessageTemplate: 'update',
    EmailVerificationMessage: 'update',
    EmailVerificationSubject: 'update',
    SmsVerificationMessage: 'update',
    UserAttributeUpdateSettings: 'update',
    UserPoolAddOns: 'update',
    UserPoolTags: 'update',
    // Nothing is sent from here, and nobody is asked for a second factor.
    EmailConfiguration: 'harmless',
    SmsConfiguration: 'harmless',
    SmsAuthenticationMessage: 'harmless',
    EmailAuthenticationMessage: 'harmless',
    EmailAuthenticationSubject: 'harmless',
    UserPoolTier: 'harmless',
  },
  attributes: ['Arn', 'ProviderName', 'ProviderURL', 'UserPoolId'],
  refuse: properties => refusedInPool(properties).map(what => `${what} is not supported by the local cloud`),
  create: ({ properties, inventName, stackName, logicalId }) =>
    physical(
      pools.create(
        properties,
        properties.UserPoolName ?? inventName(128),
        knownIds?.get(`${stackName}/${logicalId}`),
      ),
    ),
  update: ({ properties }, { physicalId }) =>
    physical(
      pools.update(physicalId, properties, properties.UserPoolName ?? pools.find(physicalId).settings.name),
    ),
  delete: ({ physicalId }) =>
    gone(() => {
      const pool = pools.find(physicalId)
      pools.delete(physicalId)
      post.forget(pool)
    }),
})

const physical = ({ id, arn, issuer }: Pool): Physical => ({
  physicalId: id,
  attributes: { Arn: arn, ProviderName: issuer.replace('https://', ''), ProviderURL: issuer, UserPoolId: id },
})
