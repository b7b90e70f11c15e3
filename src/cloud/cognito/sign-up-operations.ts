import type { Operation } from '../service.ts'
import { expiredCode, invalid, notAuthorized, refusal } from './errors.ts'
import { checkMayWrite, checkSecretHash, type House } from './house.ts'
import type { Input, Kinds } from './operation.ts'
import { checkPassword } from './password-policy.ts'
import { setPassword } from './passwords.ts'
import type { AppClient, Pool, User } from './pool.ts'
import { codeMismatch, deliveryTo, takeCode } from './post.ts'
import { admit, findUser } from './users.ts'

/** What people do for themselves before they can sign in, or when they no longer can. */
export function signUpOperations({ post, now }: House, { anybody }: Kinds): readonly Operation[] {
  return [
    anybody('SignUp', ['Username', 'Password'], ({ pool, client }, input) => {
      const { settings } = pool
      checkSecretHash(client, input.Username, input.SecretHash)
      if (settings.onlyAdminsCreateUsers) throw notAuthorized('SignUp is not permitted for this user pool')
      const attributes = input.UserAttributes ?? []
      checkMayWrite(client, attributes)
      checkPassword(settings.passwordPolicy, input.Password, 'SignUp')
      const user = admit(pool, input.Username, attributes, now(), { byName: 'User already exists' })
      setPassword(pool, user, input.Password, now())
      const attribute = firstAddress(user, settings.autoVerified)
      return {
        ...(attribute ? { CodeDeliveryDetails: post.sendCode(pool, user, 'sign-up', attribute) } : {}),
        UserConfirmed: false,
        UserSub: user.sub,
      }
    }),
    anybody('ConfirmSignUp', ['Username', 'ConfirmationCode'], ({ pool, client }, input) => {
      const user = known(pool, client, input)
      if (!user) throw expiredCode()
      if (user.status !== 'UNCONFIRMED') throw alreadyConfirmed(user)
      const { attribute } = takeCode(user, 'sign-up', input.ConfirmationCode, now())
      yieldAlias(pool, user, attribute, input.ForceAliasCreation === true)
      user.attributes.set(`${attribute}_verified`, 'true')
      user.status = 'CONFIRMED'
      user.modified = now()
      return {}
    }),
    anybody('ResendConfirmationCode', ['Username'], ({ pool, client }, input) => {
      const user = known(pool, client, input)
      if (!user) return { CodeDeliveryDetails: madeUp(input.Username) }
      if (user.status !== 'UNCONFIRMED') throw invalid('User is already confirmed.')
      const attribute = firstAddress(user, pool.settings.autoVerified)
      if (!attribute) throw invalid('Cannot resend codes. Auto verification not turned on.')
      return { CodeDeliveryDetails: post.sendCode(pool, user, 'sign-up', attribute) }
    }),
    anybody('ForgotPassword', ['Username'], ({ pool, client }, input) => {
      const user = known(pool, client, input)
      if (!user) return { CodeDeliveryDetails: madeUp(input.Username) }
      if (!user.isEnabled) throw notAuthorized('User is disabled.')
      if (user.status === 'FORCE_CHANGE_PASSWORD') {
        throw notAuthorized('User password cannot be reset in the current state.')
      }
      return { CodeDeliveryDetails: post.sendCode(pool, user, 'password', recoveryAddress(pool, user)) }
    }),
    anybody(
      'ConfirmForgotPassword',
      ['Username', 'ConfirmationCode', 'Password'],
      ({ pool, client }, input) => {
        const user = known(pool, client, input)
        if (!user) throw codeMismatch()
        if (!user.isEnabled) throw notAuthorized('User is disabled.')
        checkPassword(pool.settings.passwordPolicy, input.Password)
        const { attribute } = takeCode(user, 'password', input.ConfirmationCode, now())
        user.attributes.set(`${attribute}_verified`, 'true')
        setPassword(pool, user, input.Password, now())
        user.status = 'CONFIRMED'
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
