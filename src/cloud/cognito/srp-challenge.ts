import { createHash, randomBytes } from 'node:crypto'
import { incorrect, invalid } from './errors.ts'
import { tryOnce } from './passwords.ts'
import { type AppClient, type Challenge, keepChallenge, type Pool, poolNameOf, type User } from './pool.ts'
import type { Parameters, Progress } from './progress.ts'
import { clientKey, isProof, offer, type Verifier, verifierOf } from './srp.ts'

/**
 * Begins SRP: what the client needs to show that it knows the password. For somebody who does not exist, where that is not
 * told, it is made up, and the same salt each time.
 *
 * @throws InvalidParameterException for a public key that is none; the words are assumed.
 */
export function startSrp(
  pool: Pool,
  client: AppClient,
  user: User | undefined,
  { USERNAME = '', SRP_A = '' }: Parameters,
  now: number,
): Progress {
  const theirs = clientKey(SRP_A)
  if (theirs === undefined) throw invalid('Invalid SRP_A value.')
  const userIdForSrp = user?.username ?? madeUpName(pool, USERNAME)
  const kept = keptOf(pool, user, userIdForSrp)
  const ours = offer(kept)
  const secretBlock = randomBytes(768).toString('base64')
  const challenge: Challenge = {
    kind: 'PASSWORD_VERIFIER',
    clientId: client.id,
    username: user?.username,
    userIdForSrp,
    clientKey: theirs,
    ...ours,
    expires: now + client.settings.challengeFor,
    isUsed: false,
  }
  keepChallenge(pool, secretBlock, challenge, now)
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: kept.salt.toString(16),
      SECRET_BLOCK: secretBlock,
      SRP_B: ours.publicKey,
      USERNAME: userIdForSrp,
      USER_ID_FOR_SRP: userIdForSrp,
    },
  }
}

/** @throws NotAuthorizedException when the answer is not that of somebody who knows the password. */
export function checkProof(
  pool: Pool,
  user: User | undefined,
  challenge: Challenge & { readonly kind: 'PASSWORD_VERIFIER' },
  { PASSWORD_CLAIM_SECRET_BLOCK = '', PASSWORD_CLAIM_SIGNATURE = '', TIMESTAMP = '' }: Parameters,
  now: number,
): void {
  const kept = user?.password
  if (!user || !kept) throw incorrect()
  const signed = {
    poolName: poolNameOf(pool),
    username: challenge.userIdForSrp,
    secretBlock: Buffer.from(PASSWORD_CLAIM_SECRET_BLOCK, 'base64'),
    timestamp: TIMESTAMP,
  }
  tryOnce(user, now, () => isProof(kept, challenge, challenge.clientKey, signed, PASSWORD_CLAIM_SIGNATURE))
}

/** What is kept of the password, or looks as if it were. */
function keptOf(pool: Pool, user: User | undefined, name: string): Verifier {
  if (user?.password) return user.password
  const salt = BigInt(`0x${digest(pool, name).slice(0, 32)}`)
  return verifierOf(poolNameOf(pool), name, randomBytes(32).toString('hex'), salt)
}

/** In a pool in which people sign in with an address the name is a UUID. */
function madeUpName(pool: Pool, name: string): string {
  if (pool.settings.usernameAttributes.length === 0) return name
  return digest(pool, name).replace(
    /^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/,
    (_, a, b, c, d, e) => `${a}-${b}-4${c}-8${d}-${e}`,
  )
}

/** The same each time, as it is for somebody who exists. */
const digest = (pool: Pool, name: string) =>
  createHash('sha256').update(`${pool.arn} ${pool.created} ${name}`).digest('hex')
