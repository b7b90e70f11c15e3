import { invalid, notHere } from './errors.ts'
import { isTrue } from './schema.ts'

/** The flows by which somebody may sign in here. */
export type Flow = 'USER_PASSWORD' | 'ADMIN_USER_PASSWORD' | 'USER_SRP' | 'REFRESH_TOKEN'

/** How an app client is set up. */
export interface ClientSettings {
  readonly name: string
  readonly flows: ReadonlySet<Flow>
  /** Seconds. */
  readonly accessTokenSeconds: number
  readonly idTokenSeconds: number
  readonly refreshTokenSeconds: number
  /** How long a challenge waits for its answer, in milliseconds. */
  readonly challengeFor: number
  /** Whether a wrong name and a wrong password get the same answer. */
  readonly hidesWhoExists: boolean
  readonly canRevokeTokens: boolean
  /** Undefined: all. */
  readonly readAttributes: readonly string[] | undefined
  readonly writeAttributes: readonly string[] | undefined
  /** The properties as they were given, for DescribeUserPoolClient. */
  readonly given: Readonly<Record<string, any>>
}

const SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 }
const DAY = 86_400

/** By the names of today and of before 2019. */
const FLOWS: Readonly<Record<string, Flow | undefined>> = {
  ALLOW_USER_PASSWORD_AUTH: 'USER_PASSWORD',
  USER_PASSWORD_AUTH: 'USER_PASSWORD',
  ALLOW_ADMIN_USER_PASSWORD_AUTH: 'ADMIN_USER_PASSWORD',
  ADMIN_NO_SRP_AUTH: 'ADMIN_USER_PASSWORD',
  ALLOW_USER_SRP_AUTH: 'USER_SRP',
  ALLOW_REFRESH_TOKEN_AUTH: 'REFRESH_TOKEN',
}

/** What a client may use unless something is said. */
const USUAL = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH']

/**
 * Reads a client's properties, as CreateUserPoolClient and AWS::Cognito::UserPoolClient have them.
 *
 * @throws InvalidParameterException for what AWS does not take, and by name for what is not here.
 */
export function readClientSettings(given: Readonly<Record<string, any>>, name: string): ClientSettings {
  const [refused] = refusedInClient(given)
  if (refused) throw notHere(refused)
  const units = given.TokenValidityUnits ?? {}
  return {
    name,
    flows: readFlows(given.ExplicitAuthFlows),
    accessTokenSeconds: validity(given.AccessTokenValidity, units.AccessToken ?? 'hours', 300, DAY, 3600),
    idTokenSeconds: validity(given.IdTokenValidity, units.IdToken ?? 'hours', 300, DAY, 3600),
    refreshTokenSeconds: validity(
      // AWS takes 0 for nothing said.
      Number(given.RefreshTokenValidity ?? 0) || undefined,
      units.RefreshToken ?? 'days',
      3600,
      3650 * DAY,
      30 * DAY,
    ),
    challengeFor: Number(given.AuthSessionValidity ?? 3) * 60_000,
    hidesWhoExists: given.PreventUserExistenceErrors === 'ENABLED',
    canRevokeTokens: String(given.EnableTokenRevocation ?? true) === 'true',
    readAttributes: given.ReadAttributes,
    writeAttributes: given.WriteAttributes,
    given,
  }
}

/** Unsupported properties of an app client, each as the subject of a sentence. Only literal values are looked at. */
export function refusedInClient(given: Readonly<Record<string, any>>): readonly string[] {
  const flows: unknown = given.ExplicitAuthFlows
  const providers: unknown = given.SupportedIdentityProviders
  return [
    ...(Array.isArray(flows) ? flows : [])
      .filter(flow => ['ALLOW_USER_AUTH', 'CUSTOM_AUTH_FLOW_ONLY'].includes(flow))
      .map(flow => `ExplicitAuthFlows ${flow}`),
    ...(given.RefreshTokenRotation?.Feature === 'ENABLED' ? ['RefreshTokenRotation'] : []),
    ...(isTrue(given.EnablePropagateAdditionalUserContextData)
      ? ['EnablePropagateAdditionalUserContextData']
      : []),
    ...(Array.isArray(providers) ? providers : [])
      .filter(one => typeof one === 'string' && one !== 'COGNITO')
      .map(one => `SupportedIdentityProviders ${one}`),
    ...(given.AllowedOAuthFlows?.includes?.('client_credentials')
      ? ['AllowedOAuthFlows client_credentials']
      : []),
  ]
}

function readFlows(given: readonly string[] = []): ReadonlySet<Flow> {
  const names = given.length > 0 ? given : USUAL
  // The old names say what there is besides SRP and refreshing.
  const all = names.some(name => name.startsWith('ALLOW_')) ? names : [...names, ...USUAL]
  return new Set(all.flatMap(name => FLOWS[name] ?? []))
}

function validity(value: unknown, unit: string, least: number, most: number, usual: number): number {
  if (value === undefined) return usual
  const seconds = Number(value) * (SECONDS[unit] ?? Number.NaN)
  if (!(seconds >= least && seconds <= most)) throw invalid('Invalid range for token validity.')
  return seconds
}
