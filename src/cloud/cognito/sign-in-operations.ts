import { timingSafeEqual } from 'node:crypto'
import type { Operation } from '../service.ts'
import { respond } from './answers.ts'
import { invalid, notAuthorized, refusal } from './errors.ts'
import type { House } from './house.ts'
import { claimsOf } from './keys.ts'
import type { Kinds } from './operation.ts'
import type { AppClient } from './pool.ts'
import { initiateAuth, refreshed } from './sign-in.ts'

/** How people sign in, stay so, and how what a sign-in brought is taken back. */
export function signInOperations(house: House, { anybody, admin }: Kinds): readonly Operation[] {
  const { pools } = house
  return [
    anybody('InitiateAuth', ['AuthFlow'], ({ pool, client }, input) =>
      initiateAuth(
        house,
        pool,
        client,
        input.AuthFlow,
        input.AuthParameters ?? {},
        false,
        input.ClientMetadata,
      ),
    ),
    admin('AdminInitiateAuth', ['ClientId', 'AuthFlow'], (pool, input) => {
      const client = pools.client(pool.id, input.ClientId)
      const { AuthFlow, AuthParameters = {}, ClientMetadata } = input
      return initiateAuth(house, pool, client, AuthFlow, AuthParameters, true, ClientMetadata)
    }),
    anybody('RespondToAuthChallenge', ['ChallengeName'], ({ pool, client }, input) =>
      respond(house, pool, client, input),
    ),
    admin('AdminRespondToAuthChallenge', ['ClientId', 'ChallengeName'], (pool, input) => {
      const client = pools.client(pool.id, input.ClientId)
      return respond(house, pool, client, input)
    }),
    anybody('GetTokensFromRefreshToken', ['RefreshToken'], async ({ pool, client }, input) => {
      if (!isSecret(client, input.ClientSecret)) throw notAuthorized('Invalid client secret')
      // This operation takes the secret itself, where the older ones take a hash.
      const open: AppClient = { ...client, secret: undefined }
      const { RefreshToken, ClientMetadata } = input
      return {
        AuthenticationResult: await refreshed(house, pool, open, RefreshToken, undefined, ClientMetadata),
      }
    }),
    anybody('RevokeToken', ['Token'], ({ pool, client }, input) => {
      if (!isSecret(client, input.ClientSecret))
        throw refusal('UnauthorizedException', 'Invalid client secret')
      if (!client.settings.canRevokeTokens) {
        // The words are assumed, as are all of this operation.
        throw refusal('UnsupportedOperationException', 'Token revocation is disabled for this client')
      }
      if (claimsOf(input.Token)) {
        throw refusal('UnsupportedTokenTypeException', 'Only refresh tokens can be revoked')
      }
      const session = pool.sessions.get(input.Token)
      if (!session) throw invalid('Invalid Refresh Token')
      if (session.clientId !== client.id) {
        throw refusal('UnauthorizedException', 'The token was not issued to this client')
      }
      session.isRevoked = true
      return {}
    }),
  ]
}

function isSecret({ secret }: AppClient, given: string | undefined): boolean {
  if (secret === undefined || given === undefined) return secret === given
  const [ours, theirs] = [Buffer.from(secret), Buffer.from(given)]
  return ours.length === theirs.length && timingSafeEqual(ours, theirs)
}
