import { expect } from 'vitest'
import type { UpdateRow, UpdateTable } from './update-row.ts'

const same = (property: string, value: unknown, more: Partial<UpdateRow> = {}): UpdateRow => ({
  property,
  does: 'no interruption',
  change: { [property]: value },
  shows: { [property]: value },
  ...more,
})
const unseen = (property: string, value: unknown): UpdateRow => ({
  property,
  does: 'no interruption',
  change: { [property]: value },
})
/** The user guide: "This user pool property cannot be updated." */
const fixed = (property: string, value: unknown): UpdateRow => ({
  property,
  does: 'refused',
  source: 'the user guide; the words are in aws-amplify/amplify-cli issue 4227',
  change: { [property]: value },
})
const words = '{####} is your code'

/** AWS::Cognito::UserPool. */
export const userPool: UpdateTable = {
  type: 'AWS::Cognito::UserPool',
  base: { UserPoolName: 'people' },
  rows: [
    same('UserPoolName', 'members', { shows: { Name: 'members' } }),
    fixed('UsernameAttributes', ['email']),
    fixed('AliasAttributes', ['email']),
    fixed('UsernameConfiguration', { CaseSensitive: false }),
    same('Policies', { PasswordPolicy: { MinimumLength: 10 } }),
    same('AutoVerifiedAttributes', ['email']),
    same('Schema', [{ Name: 'nick', AttributeDataType: 'String', Mutable: true }], {
      shows: { SchemaAttributes: expect.arrayContaining([expect.objectContaining({ Name: 'custom:nick' })]) },
      isOneWay: true,
    }),
    same('AdminCreateUserConfig', { AllowAdminCreateUserOnly: true }),
    same('AccountRecoverySetting', { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] }),
    same('MfaConfiguration', 'OFF'),
    {
      property: 'LambdaConfig',
      does: 'no interruption',
      change: ({ FunctionArn }) => ({ LambdaConfig: { PreSignUp: FunctionArn } }),
      shows: ({ FunctionArn }) => ({ LambdaConfig: { PreSignUp: FunctionArn } }),
    },
    same('DeletionProtection', 'ACTIVE'),
    same('VerificationMessageTemplate', { EmailMessage: words, EmailSubject: 'x' }),
    same('EmailVerificationMessage', words),
    same('EmailVerificationSubject', 'x'),
    same('SmsVerificationMessage', words),
    same('UserAttributeUpdateSettings', { AttributesRequireVerificationBeforeUpdate: [] }, { shows: {} }),
    unseen('UserPoolAddOns', { AdvancedSecurityMode: 'OFF' }),
    same('UserPoolTags', { a: 'b' }),
    unseen('EmailConfiguration', { EmailSendingAccount: 'COGNITO_DEFAULT' }),
    unseen('SmsConfiguration', { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' }),
    unseen('SmsAuthenticationMessage', words),
    unseen('EmailAuthenticationMessage', words),
    unseen('EmailAuthenticationSubject', 'x'),
    unseen('UserPoolTier', 'LITE'),
  ],
}

/** AWS::Cognito::UserPoolClient. */
export const userPoolClient: UpdateTable = {
  type: 'AWS::Cognito::UserPoolClient',
  base: ({ UserPoolId }) => ({ UserPoolId }),
  rows: [
    {
      property: 'UserPoolId',
      does: 'replacement',
      change: ({ OtherUserPoolId }) => ({ UserPoolId: OtherUserPoolId }),
      shows: ({ OtherUserPoolId }) => ({ UserPoolId: OtherUserPoolId }),
    },
    { property: 'GenerateSecret', does: 'replacement', change: { GenerateSecret: true } },
    same('ClientName', 'page'),
    same('ExplicitAuthFlows', ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']),
    same('AccessTokenValidity', 2),
    same('IdTokenValidity', 2),
    same('RefreshTokenValidity', 7),
    same('TokenValidityUnits', { AccessToken: 'hours' }),
    same('AuthSessionValidity', 5),
    same('PreventUserExistenceErrors', 'ENABLED'),
    same('EnableTokenRevocation', false),
    same('ReadAttributes', ['email']),
    same('WriteAttributes', ['email']),
    same('SupportedIdentityProviders', ['COGNITO']),
    unseen('RefreshTokenRotation', { Feature: 'DISABLED' }),
    unseen('EnablePropagateAdditionalUserContextData', false),
    unseen('CallbackURLs', ['https://example.com']),
    unseen('LogoutURLs', ['https://example.com']),
    unseen('DefaultRedirectURI', 'https://example.com'),
    unseen('AllowedOAuthScopes', ['openid']),
    unseen('AllowedOAuthFlowsUserPoolClient', false),
  ],
}
