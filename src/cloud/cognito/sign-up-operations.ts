import type { Operation } from '../service.ts'
import { afterConfirmation, beforeSignUp } from './confirmation.ts'
import { expiredCode, invalid, notAuthorized, refusal } from './errors.ts'
import { checkMayWrite, checkSecretHash, type House } from './house.ts'
import type { Input, Kinds } from './operation.ts'
import { checkPassword } from './password-policy.ts'
import { setPassword } from './passwords.ts'
import type { AppClient, Pool, User } from './pool.ts'
import { codeMismatch, deliveryTo, takeCode } from './post.ts'
import { admit, candidate, findUser } from './users.ts'

/** What people do for themselves before they can sign in, or when they no longer can. */
export function signUpOperations(house: House, { anybody }: Kinds): readonly Operation[] {
  const { post, now } = house
  return [
    anybody('SignUp', ['Username', 'Password'], async ({ pool, client }, input) => {
      const { settings } = pool
      checkSecretHash(client, input.Username, input.SecretHash)
      if (settings.onlyAdminsCreateUsers) throw notAuthorized('SignUp is not permitted for this user pool')
      const attributes = input.UserAttributes ?? []
      checkMayWrite(client, attributes)
      checkPassword(settings.passwordPolicy, input.Password, 'SignUp')
      const newcomer = candidate(pool, input.Username, attributes)
      // On AWS, too, the function is asked before it is known whether there is somebody of that name.
      const admission = await beforeSignUp(house, pool, client.id, newcomer, input)
      const user = admit(pool, newcomer, now(), { byName: 'User already exists' })
      setPassword(pool, user, input.Password, now())
      for (const name of admission.verified) user.attributes.set(`${name}_verified`, 'true')
      const answer = { UserConfirmed: admission.confirms, UserSub: user.sub }
      if (admission.confirms) {
        user.status = 'CONFIRMED'
        await afterConfirmation(house, pool, client.id, user, 'ConfirmSignUp', input.ClientMetadata)
        return answer
      }
      const attribute = firstAddress(user, settings.autoVerified)
      if (!attribute) return answer
      const letter = { source: 'SignUp', clientId: client.id, metadata: input.ClientMetadata } as const
      return { CodeDeliveryDetails: await post.sendCode(pool, user, 'sign-up', attribute, letter), ...answer }
    }),
    anybody('ConfirmSignUp', ['Username', 'ConfirmationCode'], async ({ pool, client }, input) => {
      const user = known(pool, client, input)
      if (!user) throw expiredCode()
      if (user.status !== 'UNCONFIRMED') throw alreadyConfirmed(user)
      const { attribute } = takeCode(user, 'sign-up', input.ConfirmationCode, now())
      yieldAlias(pool, user, attribute, input.ForceAliasCreation === true)
      user.attributes.set(`${attribute}_verified`, 'true')
      user.status = 'CONFIRMED'
      user.modified = now()
      await afterConfirmation(house, pool, client.id, user, 'ConfirmSignUp', input.ClientMetadata)
      return {}
    }),
    anybody('ResendConfirmationCode', ['Username'], async ({ pool, client }, input) => {
      const user = known(pool, client, input)
      if (!user) return { CodeDeliveryDetails: madeUp(input.Username) }
      if (user.status !== 'UNCONFIRMED') throw invalid('User is already confirmed.')
      const attribute = firstAddress(user, pool.settings.autoVerified)
      if (!attribute) throw invalid('Cannot resend codes. Auto verification not turned on.')
      const letter = { source: 'ResendCode', clientId: client.id, metadata: input.ClientMetadata } as const
      return { CodeDeliveryDetails: await post.sendCode(pool, user, 'sign-up', attribute, letter) }
    }),
    anybody('ForgotPassword', ['Username'], async ({ pool, client }, input) => {
      const user = known(pool, client, input)
      if (!user) return { CodeDeliveryDetails: madeUp(input.Username) }
      if (!user.isEnabled) throw notAuthorized('User is disabled.')
      if (user.status === 'FORCE_CHANGE_PASSWORD') {
        throw notAuthorized('User password cannot be reset in the current state.')
      }
      const letter = {
        source: 'ForgotPassword',
        clientId: client.id,
        metadata: input.ClientMetadata,
      } as const
      const to = recoveryAddress(pool, user)
      return { CodeDeliveryDetails: await post.sendCode(pool, user, 'password', to, letter) }
    }),
    anybody(
      'ConfirmForgotPassword',
      ['Username', 'ConfirmationCode', 'Password'],
      async ({ pool, client }, input) => {
        const user = known(pool, client, input)
        if (!user) throw codeMismatch()
        if (!user.isEnabled) throw notAuthorized('User is disabled.')
        checkPassword(pool.settings.passwordPolicy, input.Password)
        const { attribute } = takeCode(user, 'password', input.ConfirmationCode, now())
        user.attributes.set(`${attribute}_verified`, 'true')
        setPassword(pool, user, input.Password, now())
        user.status = 'CONFIRMED'
        const { ClientMetadata } = input
        await afterConfirmation(house, pool, client.id, user, 'ConfirmForgotPassword', ClientMetadata)
        return {}
      },
    ),
  ]
}

/**
 * Who is meant; undefined for somebody who does not exist, where the client does not tell.
 *
 * @throws NotAuthorizedException, UserNotFoundException
 */
function known(pool: Pool, client: AppClient, { Username, SecretHash }: Input): User | undefined {
  checkSecretHash(client, Username, SecretHash)
  const user = findUser(pool, Username)
  if (user || client.settings.hidesWhoExists) return user
  throw refusal('UserNotFoundException', 'Username/client id combination not found.')
}

/** Where a code may go to that lets somebody set a new password. */
export function recoveryAddress({ settings }: Pool, { attributes }: User): string {
  const verified = settings.recovery.find(
    one => attributes.get(one) && attributes.get(`${one}_verified`)?.toLowerCase() === 'true',
  )
  if (verified) return verified
  throw invalid('Cannot reset password for the user as there is no registered/verified email or phone_number')
}

/**
 * An alias belongs to the last who verified it, if they insist; otherwise to the first.
 *
 * @throws AliasExistsException
 */
function yieldAlias({ settings, users }: Pool, user: User, attribute: string, insists: boolean): void {
  if (!settings.aliasAttributes.includes(attribute)) return
  const holder = [...users.values()].find(
    other =>
      other !== user &&
      other.attributes.get(attribute) === user.attributes.get(attribute) &&
      other.attributes.get(`${attribute}_verified`)?.toLowerCase() === 'true',
  )
  if (!holder) return
  if (!insists) {
    throw refusal('AliasExistsException', `An account with the ${attribute} already exists.`)
  }
  holder.attributes.set(`${attribute}_verified`, 'false')
}

export const alreadyConfirmed = ({ status }: User) =>
  notAuthorized(`User cannot be confirmed. Current status is ${status}`)

/** Cognito prefers a telephone where it may choose. */
const firstAddress = ({ attributes }: User, allowed: readonly string[]): string | undefined =>
  ['phone_number', 'email'].find(one => allowed.includes(one) && attributes.get(one))

/** Tells nobody whether there is such a user. */
const madeUp = (name: string) => deliveryTo('email', name.includes('@') ? name : `${name}@example.com`)
