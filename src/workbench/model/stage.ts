/** Where a stage's authorizer looks for a token. */
export interface TokenPlace {
  readonly in: 'query' | 'header'
  readonly name: string
}

/** What a client has to know of a stage. */
export interface StageState {
  /** `ws://localhost:PORT/live`. */
  readonly url: string
  readonly api: string
  /** A frame for each route that is served. */
  readonly frames: readonly string[]
  /** Whether IAM guards the handshake, so that it must be signed. */
  readonly isSigned: boolean
  readonly token?: TokenPlace
}

/**
 * A frame for each route: the smallest that the route selection expression leads there. There is none where the expression does not read
 * the body.
 */
export function framesFor(expression: string, routeKeys: readonly string[]): string[] {
  const path = /^\$\{?request\.body\.([\w.]+)\}?$/.exec(expression)?.[1]?.split('.')
  if (!path) return []
  return routeKeys
    .filter(key => !key.startsWith('$'))
    .map(key => JSON.stringify(path.reduceRight<unknown>((value, member) => ({ [member]: value }), key)))
}

/** The first identity source that holds a token: `route.request.querystring.token`. */
export function tokenPlaceOf(identitySources: readonly string[]): TokenPlace | undefined {
  for (const source of identitySources) {
    const [, place, name] = /^\$?\{?route\.request\.(querystring|header)\.([^}]+)\}?$/.exec(source) ?? []
    if (name) return { in: place === 'header' ? 'header' : 'query', name }
  }
  return undefined
}

/** How a handshake is asked for: texts that may have `{idToken}` and `{accessToken}` in them. */
export interface Way {
  /** `token={idToken}`. */
  readonly query: string
  readonly protocol: string
  /** A line each: `Authorization: {idToken}`. */
  readonly headers: string
}

/** How a stage is entered, if nobody says otherwise: as the lab's own clients do, or with a token where the authorizer looks for it. */
export function usualWay(
  stage: Pick<StageState, 'token'> | undefined,
  tries: Partial<Pick<Way, 'query' | 'protocol'>> = {},
): Way {
  const { query = '', protocol = '' } = tries
  const { token } = stage ?? {}
  if (query || protocol || !token) return { query, protocol, headers: '' }
  if (token.in === 'query') return { query: `${token.name}={idToken}`, protocol, headers: '' }
  if (token.name.toLowerCase() === 'sec-websocket-protocol')
    return { query, protocol: '{idToken}', headers: '' }
  return { query, protocol, headers: `${token.name}: {idToken}` }
}

/** Tokens of somebody who has signed in. */
export interface Tokens {
  readonly idToken: string
  readonly accessToken: string
}

/** The way with somebody's tokens in it; with empty ones where nobody has signed in. */
export function withTokens(way: Way, tokens: Tokens | undefined): Way {
  const fill = (text: string, write: (token: string) => string = token => token) =>
    text
      .replaceAll('{idToken}', () => write(tokens?.idToken ?? ''))
      .replaceAll('{accessToken}', () => write(tokens?.accessToken ?? ''))
  return {
    query: fill(way.query, encodeURIComponent),
    protocol: fill(way.protocol),
    headers: fill(way.headers),
  }
}

/** Whether a way is one for people who have signed in. */
export const needsTokens = ({ query, protocol, headers }: Way): boolean =>
  /\{(id|access)Token\}/.test(`${query} ${protocol} ${headers}`)

/** `Name: value`, a line each, as pairs. Lines without a colon are left out. */
export const headersIn = (text: string): readonly (readonly [name: string, value: string])[] =>
  text.split('\n').flatMap(line => {
    const [, name, value = ''] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*?)\s*$/.exec(line) ?? []
    return name ? [[name, value] as const] : []
  })
