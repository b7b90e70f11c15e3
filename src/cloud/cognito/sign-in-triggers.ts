import { refusal } from './errors.ts'
import type { House } from './house.ts'
import { setPassword } from './passwords.ts'
import type { AppClient, Pool, User } from './pool.ts'
import { attributesFor, given } from './triggers.ts'
import { admit, candidate } from './users.ts'

/** Asks the pool's function before it is known whether somebody's password is right. Throws what `Triggers` do. */
export async function beforeAuthentication(
  { triggers }: House,
  pool: Pool,
  client: AppClient,
  user: User | undefined,
  username: string,
  metadata: unknown,
): Promise<void> {
  await triggers.call(pool, 'PreAuthentication', {
    source: 'PreAuthentication_Authentication',
    userName: user?.username ?? username,
    clientId: client.id,
    request: {
      userAttributes: user ? attributesFor(user) : {},
      validationData: metadata ?? null,
      ...(client.settings.hidesWhoExists && { userNotFound: user === undefined }),
    },
    response: {},
  })
}

/** Tells the pool's function that somebody has signed in. Throws what `Triggers` do. */
export async function afterAuthentication(
  { triggers }: House,
  pool: Pool,
  client: AppClient,
  user: User,
  metadata: unknown,
): Promise<void> {
  await triggers.call(pool, 'PostAuthentication', {
    source: 'PostAuthentication_Authentication',
    userName: user.username,
    clientId: client.id,
    request: {
      userAttributes: attributesFor(user),
      newDeviceUsed: false,
      ...given('clientMetadata', metadata),
    },
    response: {},
  })
}

/**
 * Lets the pool's function bring somebody from elsewhere, who is not in the pool and signs in with a password.
 *
 * @throws UserNotFoundException when it does not.
 */
export async function migrate(
  house: House,
  pool: Pool,
  client: AppClient,
  username: string,
  password: string,
  metadata: unknown,
): Promise<void> {
  const failed = () => refusal('UserNotFoundException', `Exception migrating user in app client ${client.id}`)
  const response = await house.triggers
    .call(pool, 'UserMigration', {
      source: 'UserMigration_Authentication',
      userName: username,
      clientId: client.id,
      request: { password, validationData: metadata ?? null },
      response: {
        userAttributes: null,
        forceAliasCreation: null,
        finalUserStatus: null,
        messageAction: null,
        desiredDeliveryMediums: null,
      },
    })
    .catch(error => {
      throw error?.code === 'UserLambdaValidationException' ? failed() : error
    })
  const attributes = response?.userAttributes
  if (!attributes) throw failed()
  const pairs = Object.entries(attributes).filter(([Name]) => Name !== 'username' && Name !== 'sub')
  const newcomer = candidate(
    pool,
    username,
    pairs.map(([Name, Value]) => ({ Name, Value: String(Value) })),
  )
  const user = admit(pool, newcomer, house.now(), { byName: 'User already exists' })
  setPassword(pool, user, password, house.now())
  user.status = response.finalUserStatus === 'CONFIRMED' ? 'CONFIRMED' : 'RESET_REQUIRED'
}
