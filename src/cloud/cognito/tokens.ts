import { randomBytes, randomUUID } from 'node:crypto'
import { noSuchUser, notAuthorized } from './errors.ts'
import { claimsOf, isSignedWith, signJwt } from './keys.ts'
import type { AppClient, Pool, Session, User } from './pool.ts'
import type { Pools } from './pools.ts'
import type { TokenOverrides } from './token-overrides.ts'

/** What a sign-in brings. */
export interface AuthenticationResult {
  readonly AccessToken: string
  readonly IdToken: string
  readonly RefreshToken?: string
  /** Seconds. */
  readonly ExpiresIn: number
  readonly TokenType: 'Bearer'
}

/** What lets people act for themselves. */
const OWN = 'aws.cognito.signin.user.admin'

/** Begins a session at `now`. */
export function openSession(pool: Pool, client: AppClient, user: User, now: number): Session {
  const session: Session = {
    originJti: randomUUID(),
    eventId: randomUUID(),
    refreshToken: opaque(),
    username: user.username,
    sub: user.sub,
    clientId: client.id,
    started: now,
    expires: now + client.settings.refreshTokenSeconds * 1000,
    isRevoked: false,
  }
  pool.sessions.set(session.refreshToken, session)
  pool.signIns.set(session.eventId, session)
  return session
}

/**
 * The tokens of a session, dated `now` by the cloud's clock. They are JSON Web Tokens with Cognito's claims. A verifier compares
 * those with a clock of its own.
 */
export async function tokensOf(
  pool: Pool,
  { id: clientId, settings }: AppClient,
  user: User,
  session: Session,
  now: number,
  over?: TokenOverrides,
): Promise<AuthenticationResult> {
  const keys = await pool.keys()
  const seconds = (ms: number) => Math.floor(ms / 1000)
  const groups = groupsOf(pool, user)
  const groupNames = over?.groups?.names ?? groups.map(({ name }) => name)
  const names = groupNames.length > 0 ? { 'cognito:groups': groupNames } : {}
  const origin = settings.canRevokeTokens ? { origin_jti: session.originJti } : {}
  const times = (life: number) => ({
    auth_time: seconds(session.started),
    exp: seconds(now) + life,
    iat: seconds(now),
  })
  const idToken = {
    sub: user.sub,
    ...names,
    ...(over?.groups ? chosenRoles(over.groups) : roles(groups)),
    iss: pool.issuer,
    'cognito:username': user.username,
    ...origin,
    aud: clientId,
    event_id: session.eventId,
    token_use: 'id',
    ...times(settings.idTokenSeconds),
    ...(settings.canRevokeTokens ? { jti: randomUUID() } : {}),
    ...profile(user, settings.readAttributes),
  }
  const accessToken = {
    sub: user.sub,
    ...names,
    iss: pool.issuer,
    client_id: clientId,
    ...origin,
    event_id: session.eventId,
    token_use: 'access',
    scope: (over?.access.scopes([OWN]) ?? [OWN]).join(' '),
    ...times(settings.accessTokenSeconds),
    jti: randomUUID(),
    username: user.username,
  }
  return {
    AccessToken: signJwt(over?.access.apply(accessToken) ?? accessToken, keys.access),
    ExpiresIn: settings.accessTokenSeconds,
    IdToken: signJwt(over?.id.apply(idToken) ?? idToken, keys.id),
    TokenType: 'Bearer',
  }
}

/**
 * Whose access token it is.
 *
 * @throws NotAuthorizedException for a token that is not good (any more), UserNotFoundException when its owner is gone.
 */
export async function ownerOf(
  pools: Pools,
  token: string,
  now: number,
): Promise<{ readonly pool: Pool; readonly client: AppClient; readonly user: User }> {
  const claims = claimsOf(token)
  const pool = pools.all().find(({ issuer }) => issuer === claims?.iss)
  if (!claims || !pool || claims.token_use !== 'access') throw notAuthorized('Invalid Access Token')
  const { access } = await pool.keys()
  if (!isSignedWith(access, token)) throw notAuthorized('Could not verify signature for Access Token')
  if (now >= claims.exp * 1000) throw notAuthorized('Access Token has expired')
  const session = pool.signIns.get(claims.event_id)
  if (session?.isRevoked) throw notAuthorized('Access Token has been revoked')
  const user = pool.users.get(claims.username)
  if (user?.sub !== claims.sub) throw noSuchUser()
  if (!user!.isEnabled) throw notAuthorized('User is disabled.')
  return { pool, client: pools.client(pool.id, claims.client_id), user: user! }
}

/** Ends all sessions of a user. What has their tokens' signatures checked only goes on believing them until they expire, as on AWS. */
export function signOutEverywhere(pool: Pool, { sub }: User): void {
  for (const session of pool.sessions.values()) if (session.sub === sub) session.isRevoked = true
}

/** A user's groups, the ones that take precedence first; those without precedence come last. */
export const groupsOf = (pool: Pool, { username }: User) =>
  [...pool.groups.values()]
    .filter(({ members }) => members.has(username))
    .sort(
      (a, b) => (a.precedence ?? Number.POSITIVE_INFINITY) - (b.precedence ?? Number.POSITIVE_INFINITY) || 0,
    )

const chosenRoles = ({ roles, preferred }: NonNullable<TokenOverrides['groups']>) => ({
  ...(roles.length > 0 && { 'cognito:roles': roles }),
  ...(preferred !== undefined && { 'cognito:preferred_role': preferred }),
})

function roles(groups: readonly { readonly roleArn: string | undefined }[]) {
  const arns = groups.flatMap(({ roleArn }) => roleArn ?? [])
  return arns.length > 0 ? { 'cognito:roles': arns, 'cognito:preferred_role': arns[0] } : {}
}

/** A user's attributes as claims: what was verified as truth values, the address as OpenID Connect has it. */
function profile({ attributes }: User, readable?: readonly string[]): Readonly<Record<string, unknown>> {
  const claims = [...attributes].filter(
    ([name]) => (!readable || readable.includes(name)) && !name.startsWith('dev:'),
  )
  return Object.fromEntries(
    claims.map(([name, value]) => [
      name,
      name.endsWith('_verified')
        ? value.toLowerCase() === 'true'
        : name === 'address'
          ? { formatted: value }
          : name === 'updated_at'
            ? Number(value)
            : value,
    ]),
  )
}

/** Looks like AWS's: an encrypted token, of which only Cognito could read more than the header. */
function opaque(): string {
  const header = { cty: 'JWT', enc: 'A256GCM', alg: 'RSA-OAEP' }
  const some = (bytes: number) => randomBytes(bytes).toString('base64url')
  return [
    Buffer.from(JSON.stringify(header)).toString('base64url'),
    some(256),
    some(12),
    some(820),
    some(16),
  ].join('.')
}
