import type { Account } from '../account.ts'
import type { WireAnswer, WireRequest } from '../service.ts'
import { publicJwk } from './keys.ts'
import type { Pools } from './pools.ts'

/** What every answer to a browser has, whatever page it is on. */
export const CORS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
}

/** For how many seconds a browser need not ask again. */
const PREFLIGHT_SECONDS = '172800'

/**
 * Answers what needs no signature and is no operation: a pool's public keys and OpenID Connect configuration at its issuer's
 * address, and a browser's question whether a page may call Cognito. Undefined for everything else.
 *
 * A page here knows Cognito by the address of the door, `http://localhost:PORT`: what is asked there counts as asked of
 * Cognito when it is about a call that has an `X-Amz-Target` and no signature.
 */
export function answerAnybody(
  pools: Pools,
  { region, urlSuffix }: Account,
  wire: WireRequest,
): Promise<WireAnswer> | WireAnswer | undefined {
  const isCognito = wire.host === `cognito-idp.${region}.${urlSuffix}`
  if (!isCognito && !LOCAL.includes(wire.host)) return undefined
  if (wire.method === 'OPTIONS') {
    return isCognito || isForOperation(wire) ? preflight(wire) : undefined
  }
  if (wire.method !== 'GET') return undefined
  const [, id, file] = WELL_KNOWN.exec(wire.target) ?? []
  if (id === undefined) return undefined
  return file === 'jwks.json' ? keySet(pools, id) : configuration(pools, id)
}

const LOCAL = ['localhost', '127.0.0.1']
const WELL_KNOWN = /^\/([\w-]+)\/\.well-known\/(jwks\.json|openid-configuration)(?:\?.*)?$/

/** The keys with which to verify a pool's tokens. */
async function keySet(pools: Pools, id: string): Promise<WireAnswer> {
  const pool = pools.all().find(one => one.id === id)
  if (!pool) return noSuchPool(id)
  const { id: forIds, access } = await pool.keys()
  return json(200, { keys: [publicJwk(forIds), publicJwk(access)] })
}

/** Without a domain a pool has no address to authorize at and none to get tokens from. */
function configuration(pools: Pools, id: string): WireAnswer {
  const pool = pools.all().find(one => one.id === id)
  if (!pool) return noSuchPool(id)
  return json(200, {
    id_token_signing_alg_values_supported: ['RS256'],
    issuer: pool.issuer,
    jwks_uri: `${pool.issuer}/.well-known/jwks.json`,
    response_types_supported: ['code', 'token'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  })
}

function isForOperation({ headers }: WireRequest): boolean {
  const asked = String(headers['access-control-request-headers'] ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
  return asked.includes('x-amz-target') && !asked.includes('authorization')
}

const preflight = ({ headers }: WireRequest): WireAnswer => ({
  status: 200,
  headers: {
    ...CORS,
    'access-control-allow-headers': String(headers['access-control-request-headers'] ?? '*'),
    'access-control-allow-methods': 'POST',
    'access-control-max-age': PREFLIGHT_SECONDS,
  },
  body: '',
})

/** Status and body are assumed. */
const noSuchPool = (id: string) => json(400, { message: `User pool ${id} does not exist.` })

const json = (status: number, body: unknown): WireAnswer => ({
  status,
  headers: {
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=86400',
    'content-type': 'application/json',
  },
  body: JSON.stringify(body),
})
