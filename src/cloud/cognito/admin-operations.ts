import type { Operation } from '../service.ts'
import { afterConfirmation, beforeSignUp } from './confirmation.ts'
import { notAuthorized, refusal } from './errors.ts'
import type { House } from './house.ts'
import { matcher } from './list-filter.ts'
import type { Kinds } from './operation.ts'
import { removeUser } from './own-operations.ts'
import { paged } from './paged.ts'
import { checkPassword, inventPassword } from './password-policy.ts'
import { setPassword } from './passwords.ts'
import type { Pool, User } from './pool.ts'
import { alreadyConfirmed, recoveryAddress } from './sign-up-operations.ts'
import { signOutEverywhere } from './tokens.ts'
import {
  aboutUser,
  admit,
  attributesOf,
  candidate,
  changeAttributes,
  describeUser,
  findUser,
  userOf,
} from './users.ts'

/** What administrators do with users. */
export function adminOperations(house: House, { admin }: Kinds): readonly Operation[] {
  const { post, now } = house
  /** An operation on one user, without anything to tell. */
  const onUser = (
    name: string,
    required: readonly string[],
    run: (pool: Pool, user: User, input: Readonly<Record<string, any>>) => void | Promise<void>,
  ) =>
    admin(name, ['Username', ...required], async (pool, input) => {
      const user = userOf(pool, input.Username)
      await run(pool, user, input)
      user.modified = now()
      return {}
    })

  return [
    admin('AdminCreateUser', ['Username'], async (pool, input) => ({
      User: describeUser(await createUser(house, pool, input)),
    })),
    admin('AdminGetUser', ['Username'], (pool, input) => {
      const user = userOf(pool, input.Username)
      return { Username: user.username, UserAttributes: attributesOf(user), ...aboutUser(user) }
    }),
    admin('ListUsers', [], (pool, input) => {
      const found = [...pool.users.values()].filter(matcher(input.Filter))
      const page = paged(found, input.Limit, input.PaginationToken)
      return {
        Users: page.items.map(user => describeUser(user, input.AttributesToGet)),
        ...(page.next ? { PaginationToken: page.next } : {}),
      }
    }),
    admin('AdminDeleteUser', ['Username'], (pool, input) => {
      removeUser(pool, userOf(pool, input.Username))
      // AWS's answer has no body.
      return undefined
    }),
    onUser('AdminConfirmSignUp', [], async (pool, user, { ClientMetadata }) => {
      if (user.status !== 'UNCONFIRMED') throw alreadyConfirmed(user)
      user.status = 'CONFIRMED'
      await afterConfirmation(house, pool, undefined, user, 'ConfirmSignUp', ClientMetadata)
    }),
    onUser('AdminSetUserPassword', ['Password'], (pool, user, input) => {
      checkPassword(pool.settings.passwordPolicy, input.Password)
      setPassword(pool, user, input.Password, now())
      user.status = input.Permanent === true ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD'
    }),
    onUser('AdminResetUserPassword', [], async (pool, user, { ClientMetadata: metadata }) => {
      if (!user.isEnabled) throw notAuthorized('User is disabled.')
      if (user.status === 'FORCE_CHANGE_PASSWORD') {
        throw notAuthorized('User password cannot be reset in the current state.')
      }
      const to = recoveryAddress(pool, user)
      await post.sendCode(pool, user, 'password', to, { source: 'ForgotPassword', metadata })
      user.password = undefined
      user.status = 'RESET_REQUIRED'
    }),
    onUser('AdminDisableUser', [], (pool, user) => {
      user.isEnabled = false
      signOutEverywhere(pool, user)
    }),
    onUser('AdminEnableUser', [], (_pool, user) => {
      user.isEnabled = true
    }),
    onUser('AdminUpdateUserAttributes', ['UserAttributes'], (pool, user, input) =>
      changeAttributes(pool, user, input.UserAttributes, now()),
    ),
    onUser('AdminDeleteUserAttributes', ['UserAttributeNames'], (pool, user, input) =>
      changeAttributes(
        pool,
        user,
        input.UserAttributeNames.map((Name: string) => ({ Name, Value: '' })),
        now(),
      ),
    ),
    onUser('AdminUserGlobalSignOut', [], (pool, user) => signOutEverywhere(pool, user)),
  ]
}

/**
 * Lets somebody in on an administrator's word: AdminCreateUser, and AWS::Cognito::UserPoolUser. They are told their temporary
 * password unless `MessageAction` is `SUPPRESS`; with `RESEND` somebody who is there already gets another one.
 *
 * @throws what AdminCreateUser throws.
 */
export async function createUser(
  house: House,
  pool: Pool,
  input: Readonly<Record<string, any>>,
): Promise<User> {
  const { post, now } = house
  const { passwordPolicy } = pool.settings
  const password: string = input.TemporaryPassword ?? inventPassword(passwordPolicy)
  if (input.TemporaryPassword !== undefined) checkPassword(passwordPolicy, password, 'AdminCreateUser')
  const user =
    input.MessageAction === 'RESEND' ? waiting(pool, input.Username) : await admitted(house, pool, input)
  setPassword(pool, user, password, now())
  user.status = 'FORCE_CHANGE_PASSWORD'
  // Where nothing is said, AWS sends an SMS; who has no telephone then hears nothing.
  if (input.MessageAction !== 'SUPPRESS') {
    const media = input.DesiredDeliveryMediums ?? ['SMS']
    const letter = { source: 'AdminCreateUser', metadata: input.ClientMetadata } as const
    await post.invite(pool, user, password, media, letter)
  }
  return user
}

async function admitted(house: House, pool: Pool, input: Readonly<Record<string, any>>): Promise<User> {
  const newcomer = candidate(pool, input.Username, input.UserAttributes ?? [])
  const { verified } = await beforeSignUp(house, pool, undefined, newcomer, input)
  const user = admit(pool, newcomer, house.now(), { byName: 'User account already exists' })
  for (const name of verified) user.attributes.set(`${name}_verified`, 'true')
  return user
}

/** @throws UserNotFoundException, UnsupportedUserStateException for somebody who has a password of their own. */
function waiting(pool: Pool, name: string): User {
  const user = findUser(pool, name)
  if (!user) throw refusal('UserNotFoundException', 'User does not exist.')
  if (user.status === 'FORCE_CHANGE_PASSWORD') return user
  throw refusal(
    'UnsupportedUserStateException',
    `Resend not possible. ${name} status is not FORCE_CHANGE_PASSWORD`,
  )
}
