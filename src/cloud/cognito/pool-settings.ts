import { invalid, notHere } from './errors.ts'
import { type PasswordPolicy, readPasswordPolicy } from './password-policy.ts'
import { isTrue, readSchema, type SchemaAttribute } from './schema.ts'
import { type Functions, functionsIn, triggersNotRun } from './trigger-functions.ts'

/** How a pool is set up. */
export interface PoolSettings {
  readonly name: string
  readonly passwordPolicy: PasswordPolicy
  readonly schema: readonly SchemaAttribute[]
  /** Attributes to which a code is sent at sign-up: `email`, `phone_number`. */
  readonly autoVerified: readonly string[]
  /** What people sign up with instead of a name: `email`, `phone_number`. Their name is then their `sub`. */
  readonly usernameAttributes: readonly string[]
  /** What people may sign in with besides their name. */
  readonly aliasAttributes: readonly string[]
  readonly isCaseSensitive: boolean
  readonly onlyAdminsCreateUsers: boolean
  /** Which attributes a code may be sent to when a password was forgotten, the preferred one first. */
  readonly recovery: readonly string[]
  readonly isDeletionProtected: boolean
  readonly messages: Messages
  /** The functions that it calls. */
  readonly functions: Functions
  readonly tags: Readonly<Record<string, string>>
  /** The properties as they were given, for DescribeUserPool. */
  readonly given: Readonly<Record<string, any>>
}

/** The texts of what is sent: `{####}` stands for the code, `{username}` for the name. */
export interface Messages {
  readonly code: Text
  readonly invitation: Text
}

interface Text {
  readonly subject: string
  readonly email: string
  readonly sms: string
}

/**
 * Reads a pool's properties, as CreateUserPool and AWS::Cognito::UserPool have them.
 *
 * @throws InvalidParameterException for what AWS does not take, and by name for what is not here.
 */
export function readPoolSettings(given: Readonly<Record<string, any>>, name: string): PoolSettings {
  const [refused] = refusedInPool(given)
  if (refused) throw notHere(refused)
  if (given.UsernameAttributes?.length > 0 && given.AliasAttributes?.length > 0) {
    throw invalid('Only one of the aliasAttributes or usernameAttributes can be set in a user pool.')
  }
  return {
    name,
    passwordPolicy: readPasswordPolicy(given.Policies?.PasswordPolicy, given.AdminCreateUserConfig),
    schema: readSchema(given.Schema ?? []),
    autoVerified: given.AutoVerifiedAttributes ?? [],
    usernameAttributes: given.UsernameAttributes ?? [],
    aliasAttributes: given.AliasAttributes ?? [],
    // So it is where nothing is said; the console says `false`.
    isCaseSensitive: String(given.UsernameConfiguration?.CaseSensitive ?? true) === 'true',
    onlyAdminsCreateUsers: isTrue(given.AdminCreateUserConfig?.AllowAdminCreateUserOnly),
    recovery: readRecovery(given.AccountRecoverySetting),
    isDeletionProtected: given.DeletionProtection === 'ACTIVE',
    messages: readMessages(given),
    functions: functionsIn(given.LambdaConfig),
    tags: given.UserPoolTags ?? {},
    given,
  }
}

/** Unsupported properties of a user pool, each as the subject of a sentence. Only literal values are looked at. */
export function refusedInPool(given: Readonly<Record<string, any>>): readonly string[] {
  const factors: unknown = given.Policies?.SignInPolicy?.AllowedFirstAuthFactors
  const template = given.VerificationMessageTemplate
  return [
    ...(isGiven(given.MfaConfiguration, 'OFF') ? [`MfaConfiguration ${given.MfaConfiguration}`] : []),
    ...triggersNotRun(given.LambdaConfig).map(trigger => `LambdaConfig.${trigger}`),
    ...(Array.isArray(factors) && factors.some(factor => factor !== 'PASSWORD')
      ? ['A SignInPolicy with other factors than PASSWORD']
      : []),
    ...(given.DeviceConfiguration ? ['DeviceConfiguration'] : []),
    ...(isGiven(template?.DefaultEmailOption, 'CONFIRM_WITH_CODE')
      ? ['VerificationMessageTemplate with CONFIRM_WITH_LINK']
      : []),
    ...(Number(given.Policies?.PasswordPolicy?.PasswordHistorySize ?? 0) > 0
      ? ['PasswordPolicy.PasswordHistorySize']
      : []),
    ...(isGiven(given.UserPoolAddOns?.AdvancedSecurityMode, 'OFF')
      ? [`UserPoolAddOns.AdvancedSecurityMode ${given.UserPoolAddOns.AdvancedSecurityMode}`]
      : []),
    ...(given.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate?.length > 0
      ? ['UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate']
      : []),
  ]
}

/** Given, written out, and not `harmless`. */
const isGiven = (value: unknown, harmless: string): boolean => typeof value === 'string' && value !== harmless

function readRecovery(setting: any): readonly string[] {
  const mechanisms: readonly { Name: string; Priority: number }[] = setting?.RecoveryMechanisms ?? [
    // Where nothing is said; AWS's documentation calls it the legacy behaviour.
    { Name: 'verified_phone_number', Priority: 1 },
    { Name: 'verified_email', Priority: 2 },
  ]
  return [...mechanisms]
    .sort((a, b) => Number(a.Priority) - Number(b.Priority))
    .map(({ Name }) => Name)
    .filter(name => name !== 'admin_only')
    .map(name => name.replace('verified_', ''))
}

function readMessages(given: Readonly<Record<string, any>>): Messages {
  const template = given.VerificationMessageTemplate ?? {}
  const invitation = given.AdminCreateUserConfig?.InviteMessageTemplate ?? {}
  return {
    code: {
      subject: template.EmailSubject ?? given.EmailVerificationSubject ?? 'Your verification code',
      email: template.EmailMessage ?? given.EmailVerificationMessage ?? 'Your confirmation code is {####}',
      sms: template.SmsMessage ?? given.SmsVerificationMessage ?? 'Your confirmation code is {####}',
    },
    invitation: {
      subject: invitation.EmailSubject ?? 'Your temporary password',
      email: invitation.EmailMessage ?? 'Your username is {username} and temporary password is {####}.',
      sms: invitation.SMSMessage ?? 'Your username is {username} and temporary password is {####}.',
    },
  }
}
