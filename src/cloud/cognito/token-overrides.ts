import type { House } from './house.ts'
import type { AppClient, Pool, User } from './pool.ts'
import { attributesFor, given, unrecognizable } from './triggers.ts'

/** What a function wants to be otherwise in the tokens. */
export interface TokenOverrides {
  readonly id: Claims
  readonly access: Claims & { readonly scopes: (scopes: readonly string[]) => readonly string[] }
  /** Undefined where the function says nothing of groups. */
  readonly groups:
    | { readonly names: readonly string[]; readonly roles: readonly string[]; readonly preferred?: string }
    | undefined
}

/** Claims to be added, changed and taken away. */
export interface Claims {
  apply(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>
}

/** Why tokens are made: the end of `triggerSource`. */
export type TokenSource = 'Authentication' | 'NewPasswordChallenge' | 'RefreshTokens'

/** Claims that no function can touch: "Pre token generation Lambda trigger" in Cognito's guide. */
const FIXED = new Set([
  ...['acr', 'amr', 'at_hash', 'auth_time', 'azp', 'exp', 'iat', 'iss', 'jti', 'nbf', 'nonce'],
  ...['origin_jti', 'sub', 'token_use', 'cognito:username', 'identities'],
])
const FIXED_IN_ID = new Set([...FIXED, 'aud'])
const FIXED_IN_ACCESS = new Set([
  ...FIXED,
  ...['client_id', 'event_id', 'scope', 'username', 'version', 'device_key'],
])

/** Asks the pool's function what the tokens should say. Throws what `Triggers` do. */
export async function tokenOverrides(
  { triggers }: House,
  pool: Pool,
  client: AppClient,
  user: User,
  source: TokenSource,
  groups: readonly { readonly name: string; readonly roleArn: string | undefined }[],
  metadata?: unknown,
): Promise<TokenOverrides | undefined> {
  const fn = pool.settings.functions.PreTokenGeneration
  if (!fn) return
  const roles = groups.flatMap(({ roleArn }) => roleArn ?? [])
  const response = await triggers.call(pool, 'PreTokenGeneration', {
    source: `TokenGeneration_${source}`,
    userName: user.username,
    clientId: client.id,
    request: {
      userAttributes: attributesFor(user),
      groupConfiguration: {
        groupsToOverride: groups.map(({ name }) => name),
        iamRolesToOverride: roles,
        preferredRole: roles[0] ?? null,
      },
      ...given('clientMetadata', metadata),
      ...(fn.version === '1' ? {} : { scopes: ['aws.cognito.signin.user.admin'] }),
    },
    response: fn.version === '1' ? { claimsOverrideDetails: null } : { claimsAndScopeOverrideDetails: null },
  })
  if (fn.version === '1') return first(response?.claimsOverrideDetails ?? {})
  return second(response?.claimsAndScopeOverrideDetails ?? {})
}

/** The first version changes the id token, and groups in both. Its claims are texts. */
function first(details: any): TokenOverrides {
  const values = Object.values(details.claimsToAddOrOverride ?? {})
  if (values.some(value => typeof value !== 'string')) throw unrecognizable()
  return {
    id: claims(details, FIXED_IN_ID),
    access: { ...claims({}, FIXED_IN_ACCESS), scopes: scopes => scopes },
    groups: groupsIn(details.groupOverrideDetails),
  }
}

function second({
  idTokenGeneration: id,
  accessTokenGeneration: access,
  groupOverrideDetails,
}: any): TokenOverrides {
  const added: readonly string[] = access?.scopesToAdd ?? []
  const suppressed: readonly string[] = access?.scopesToSuppress ?? []
  return {
    id: claims(id ?? {}, FIXED_IN_ID),
    access: {
      ...claims(access ?? {}, FIXED_IN_ACCESS),
      scopes: scopes => [...new Set([...scopes, ...added])].filter(scope => !suppressed.includes(scope)),
    },
    groups: groupsIn(groupOverrideDetails),
  }
}

function claims(
  { claimsToAddOrOverride = {}, claimsToSuppress = [] }: any,
  fixed: ReadonlySet<string>,
): Claims {
  return {
    apply(before) {
      const may = (name: string) => !fixed.has(name)
      const added = Object.entries(claimsToAddOrOverride ?? {}).filter(([name]) => may(name))
      const gone = new Set((claimsToSuppress ?? []).filter(may))
      return Object.fromEntries(
        Object.entries({ ...before, ...Object.fromEntries(added) }).filter(([name]) => !gone.has(name)),
      )
    },
  }
}

function groupsIn(details: any): TokenOverrides['groups'] {
  if (!details) return
  return {
    names: details.groupsToOverride ?? [],
    roles: details.iamRolesToOverride ?? [],
    ...(details.preferredRole && { preferred: details.preferredRole }),
  }
}
