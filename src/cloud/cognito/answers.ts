import { incorrect, invalid, notAuthorized } from './errors.ts'
import { checkMayWrite, checkSecretHash, type House } from './house.ts'
import { checkPassword } from './password-policy.ts'
import { setPassword } from './passwords.ts'
import type { AppClient, Challenge, Pool, User } from './pool.ts'
import type { Parameters, Progress } from './progress.ts'
import { proceed, required } from './sign-in.ts'
import { checkProof } from './srp-challenge.ts'
import { changeAttributes, findUser } from './users.ts'

/**
 * Takes the answer to a challenge: RespondToAuthChallenge and AdminRespondToAuthChallenge. Each challenge can be answered once,
 * and for a few minutes.
 *
 * @throws what those throw.
 */
export async function respond(
  house: House,
  pool: Pool,
  client: AppClient,
  input: Readonly<Record<string, any>>,
): Promise<Progress> {
  const { ChallengeName: name, Session: session, ClientMetadata: metadata } = input
  const responses: Parameters = input.ChallengeResponses ?? {}
  const username = required(responses, 'USERNAME')
  switch (name) {
    case 'PASSWORD_VERIFIER': {
      const block = required(responses, 'PASSWORD_CLAIM_SECRET_BLOCK')
      required(responses, 'PASSWORD_CLAIM_SIGNATURE')
      required(responses, 'TIMESTAMP')
      checkSecretHash(client, username, responses.SECRET_HASH)
      const challenge = take(pool, client, block, house.now())
      // Something else than what was given out: AWS says no more than to a wrong password. Assumed.
      if (challenge?.kind !== 'PASSWORD_VERIFIER') throw incorrect()
      const user = challenge.username === undefined ? undefined : pool.users.get(challenge.username)
      if (user && !user.isEnabled) throw notAuthorized('User is disabled.')
      checkProof(pool, user, challenge, responses, house.now())
      return proceed(house, pool, client, user!, 'Authentication', metadata)
    }
    case 'NEW_PASSWORD_REQUIRED': {
      if (!session) throw invalid('Missing required parameter Session')
      const password = required(responses, 'NEW_PASSWORD')
      checkSecretHash(client, username, responses.SECRET_HASH)
      const challenge = look(pool, client, session, house.now())
      if (challenge?.kind !== 'NEW_PASSWORD_REQUIRED') throw notAuthorized('Invalid session for the user.')
      const user = pool.users.get(challenge.username)
      if (!user || findUser(pool, username) !== user) throw notAuthorized('Invalid session for the user.')
      if (!user.isEnabled) throw notAuthorized('User is disabled.')
      checkPassword(pool.settings.passwordPolicy, password)
      complete(house, pool, client, user, responses)
      challenge.isUsed = true
      setPassword(pool, user, password, house.now())
      user.status = 'CONFIRMED'
      return proceed(house, pool, client, user, 'NewPasswordChallenge', metadata)
    }
    default:
      // The words are assumed. No other challenge is ever given out here.
      throw invalid(`Challenge ${name} was not expected.`)
  }
}

/** Writes the attributes that come with a first password of one's own. */
function complete(house: House, pool: Pool, client: AppClient, user: User, responses: Parameters): void {
  const given = Object.entries(responses)
    .filter(([key]) => key.startsWith('userAttributes.'))
    .map(([key, Value]) => ({ Name: key.slice('userAttributes.'.length), Value }))
  checkMayWrite(client, given)
  const missing = pool.settings.schema.filter(
    ({ Name, Required }) =>
      Required &&
      Name !== 'sub' &&
      !user.attributes.get(Name) &&
      !given.some(one => one.Name === Name && one.Value),
  )
  if (missing.length > 0) {
    const names = missing.map(({ Name }) => Name).join(', ')
    throw invalid(`Invalid attributes given, ${names} ${missing.length > 1 ? 'are' : 'is'} missing`)
  }
  changeAttributes(pool, user, given, house.now())
}

/** A challenge that may still be answered; undefined for one that there never was. */
function look(pool: Pool, client: AppClient, key: string, now: number): Challenge | undefined {
  const challenge = pool.challenges.get(key)
  if (challenge?.clientId !== client.id) return undefined
  if (challenge.isUsed) {
    throw notAuthorized('Invalid session for the user, session can only be used once.')
  }
  if (now >= challenge.expires) throw notAuthorized('Invalid session for the user, session is expired.')
  return challenge
}

function take(pool: Pool, client: AppClient, key: string, now: number): Challenge | undefined {
  const challenge = look(pool, client, key, now)
  if (challenge) challenge.isUsed = true
  return challenge
}
