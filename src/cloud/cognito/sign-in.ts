import { randomBytes } from 'node:crypto'
import { incorrect, invalid, noSuchUser, notAuthorized, refusal } from './errors.ts'
import { checkSecretHash, type House } from './house.ts'
import { checkPasswordOf } from './passwords.ts'
import { type AppClient, type Challenge, keepChallenge, type Pool, type User } from './pool.ts'
import type { Parameters, Progress } from './progress.ts'
import { afterAuthentication, beforeAuthentication, migrate } from './sign-in-triggers.ts'
import { startSrp } from './srp-challenge.ts'
import { type TokenSource, tokenOverrides } from './token-overrides.ts'
import { type AuthenticationResult, groupsOf, openSession, tokensOf } from './tokens.ts'
import { findUser } from './users.ts'

/**
 * Begins to sign somebody in: InitiateAuth, or AdminInitiateAuth with `isAdmin`.
 *
 * @throws what those throw.
 */
export async function initiateAuth(
  house: House,
  pool: Pool,
  client: AppClient,
  flow: string,
  parameters: Parameters,
  isAdmin: boolean,
  metadata?: unknown,
): Promise<Progress> {
  const { flows } = client.settings
  switch (flow) {
    case 'USER_PASSWORD_AUTH':
      if (!flows.has('USER_PASSWORD')) throw invalid('USER_PASSWORD_AUTH flow not enabled for this client')
      return byPassword(house, pool, client, parameters, metadata)
    case 'ADMIN_USER_PASSWORD_AUTH':
    case 'ADMIN_NO_SRP_AUTH':
      if (!isAdmin) throw invalid('Initiate Auth method not supported.')
      if (!flows.has('ADMIN_USER_PASSWORD')) throw invalid('Auth flow not enabled for this client')
      return byPassword(house, pool, client, parameters, metadata)
    case 'USER_SRP_AUTH': {
      if (!flows.has('USER_SRP')) throw invalid('USER_SRP_AUTH is not enabled for the client.')
      const user = someone(pool, client, parameters, ['USERNAME', 'SRP_A'])
      await beforeAuthentication(house, pool, client, user, parameters.USERNAME!, metadata)
      return startSrp(pool, client, user, parameters, house.now())
    }
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN': {
      const token = required(parameters, 'REFRESH_TOKEN')
      return {
        AuthenticationResult: await refreshed(house, pool, client, token, parameters.SECRET_HASH, metadata),
        ChallengeParameters: {},
      }
    }
    case 'CUSTOM_AUTH':
      throw invalid('Custom auth lambda trigger is not configured for the user pool.')
    case 'USER_AUTH':
      throw invalid('USER_AUTH flow not enabled for this client')
    default:
      throw invalid(
        `1 validation error detected: Value '${flow}' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: [USER_SRP_AUTH, REFRESH_TOKEN_AUTH, REFRESH_TOKEN, CUSTOM_AUTH, ADMIN_NO_SRP_AUTH, USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH]`,
      )
  }
}

async function byPassword(
  house: House,
  pool: Pool,
  client: AppClient,
  parameters: Parameters,
  metadata: unknown,
) {
  const { USERNAME: username = '', PASSWORD: password = '' } = parameters
  if (pool.settings.functions.UserMigration && username && password && !findUser(pool, username)) {
    checkSecretHash(client, username, parameters.SECRET_HASH)
    await migrate(house, pool, client, username, password, metadata)
  }
  const user = someone(pool, client, parameters, ['USERNAME', 'PASSWORD'])
  await beforeAuthentication(house, pool, client, user, username, metadata)
  if (!user) throw incorrect()
  checkPasswordOf(pool, user, password, house.now())
  return proceed(house, pool, client, user, 'Authentication')
}

/**
 * Who wants to sign in; undefined for somebody who does not exist, where the client does not tell.
 *
 * @throws InvalidParameterException, NotAuthorizedException, UserNotFoundException, PasswordResetRequiredException
 */
function someone(
  pool: Pool,
  client: AppClient,
  parameters: Parameters,
  names: readonly string[],
): User | undefined {
  for (const name of names) required(parameters, name)
  const username = parameters.USERNAME!
  checkSecretHash(client, username, parameters.SECRET_HASH)
  const user = findUser(pool, username)
  if (!user && !client.settings.hidesWhoExists) throw noSuchUser()
  if (user && !user.isEnabled) throw notAuthorized('User is disabled.')
  // Whatever the password: the old one is good for nothing any more.
  if (user?.status === 'RESET_REQUIRED') {
    throw refusal('PasswordResetRequiredException', 'Password reset required for the user')
  }
  return user
}

/**
 * What comes after a right password: tokens, or another question.
 *
 * @throws UserNotConfirmedException, NotAuthorizedException
 */
export async function proceed(
  house: House,
  pool: Pool,
  client: AppClient,
  user: User,
  source: TokenSource,
  metadata?: unknown,
): Promise<Progress> {
  const now = house.now()
  if (user.status === 'UNCONFIRMED') {
    throw refusal('UserNotConfirmedException', 'User is not confirmed.')
  }
  if (user.status === 'FORCE_CHANGE_PASSWORD') return askForNewPassword(pool, client, user, now)
  await afterAuthentication(house, pool, client, user, metadata)
  const groups = groupsOf(pool, user)
  const over = await tokenOverrides(house, pool, client, user, source, groups, metadata)
  const session = openSession(pool, client, user, now)
  return {
    AuthenticationResult: {
      ...(await tokensOf(pool, client, user, session, now, over)),
      RefreshToken: session.refreshToken,
    },
    ChallengeParameters: {},
  }
}

const DAY = 24 * 60 * 60 * 1000

function askForNewPassword(pool: Pool, client: AppClient, user: User, now: number): Progress {
  const { schema, passwordPolicy } = pool.settings
  if (now >= user.passwordGiven + passwordPolicy.temporaryDays * DAY) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.')
  }
  const Session = randomBytes(512).toString('base64url')
  const challenge: Challenge = {
    kind: 'NEW_PASSWORD_REQUIRED',
    clientId: client.id,
    username: user.username,
    expires: now + client.settings.challengeFor,
    isUsed: false,
  }
  keepChallenge(pool, Session, challenge, now)
  const missing = schema.filter(
    ({ Name, Required }) => Required && Name !== 'sub' && !user.attributes.get(Name),
  )
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session,
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(missing.map(({ Name }) => `userAttributes.${Name}`)),
      userAttributes: JSON.stringify(Object.fromEntries(user.attributes)),
    },
  }
}

/**
 * New tokens for a refresh token; the refresh token stays the same.
 *
 * @throws NotAuthorizedException, UserNotFoundException
 */
export async function refreshed(
  house: House,
  pool: Pool,
  client: AppClient,
  refreshToken: string,
  secretHash: string | undefined,
  metadata?: unknown,
): Promise<AuthenticationResult> {
  if (!client.settings.flows.has('REFRESH_TOKEN')) throw invalid('Auth flow not enabled for this client')
  const now = house.now()
  const session = pool.sessions.get(refreshToken)
  if (session?.clientId !== client.id) throw notAuthorized('Invalid Refresh Token')
  checkSecretHash(client, session.username, secretHash)
  if (session.isRevoked) throw notAuthorized('Refresh Token has been revoked')
  if (now >= session.expires) throw notAuthorized('Refresh Token has expired')
  const user = pool.users.get(session.username)
  if (user?.sub !== session.sub) throw noSuchUser()
  if (!user.isEnabled) throw notAuthorized('User is disabled.')
  const groups = groupsOf(pool, user)
  const over = await tokenOverrides(house, pool, client, user, 'RefreshTokens', groups, metadata)
  return tokensOf(pool, client, user, session, now, over)
}

/** @throws InvalidParameterException when there is no such parameter. */
export function required(parameters: Parameters, name: string): string {
  const value = parameters[name]
  if (typeof value !== 'string' || value === '') throw invalid(`Missing required parameter ${name}`)
  return value
}
