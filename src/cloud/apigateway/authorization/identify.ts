import type { IncomingMessage } from 'node:http'
import { AwsError } from '../../error.ts'
import type { Principal } from '../../iam/principal.ts'
import { type Core, executeApiArn } from '../core.ts'
import type { RequestLog } from '../logs/request-log.ts'
import type { ResponseType } from '../logs/response-type.ts'
import { says } from '../messages/error-frame.ts'
import type { Occasion, Peer } from '../messages/event-shapes.ts'
import type { DeployedRoute } from '../snapshot.ts'
import type { Offer } from '../sockets/offer.ts'
import type { Refusal } from '../sockets/refusal.ts'
import { askAuthorizer } from './authorizer.ts'

/** A client that may come in, as far as its credentials go. */
export interface Known {
  readonly peer: Peer
  /** The API key that an authorizer has for the client (facts: F23). */
  readonly usageIdentifierKey?: string | undefined
}

/** Finds out who is asking, by the route's kind of authorization (facts: F1, F17). */
export async function identify(
  core: Core,
  route: DeployedRoute,
  occasion: Occasion,
  offer: Offer,
  request: IncomingMessage,
  log: RequestLog,
): Promise<Known | Refusal> {
  if (route.authorizationType === 'AWS_IAM') return identifyCaller(core, occasion, request, log)
  if (route.authorizationType === 'NONE') return { peer: occasion.peer }
  if (!route.authorizer) return authorizerFailure('The authorizer is gone')
  const said = await askAuthorizer(core, route.authorizer, occasion, offer, log).catch((error: Error) =>
    authorizerFailure(error.message),
  )
  if ('because' in said) return said
  const { authorizer, usageIdentifierKey } = said
  return { peer: { ...occasion.peer, authorizer }, usageIdentifierKey }
}

async function identifyCaller(
  core: Core,
  occasion: Occasion,
  request: IncomingMessage,
  log: RequestLog,
): Promise<Known | Refusal> {
  try {
    if (!core.identify) throw new AwsError('AccessDeniedException', 'Nobody here reads signatures', 403)
    const principal = await core.identify({
      method: 'GET',
      target: request.url ?? '/',
      headers: request.headers,
      body: Buffer.alloc(0),
      host: occasion.peer.domainName,
      sourceIp: occasion.peer.sourceIp,
    })
    log.note({ authenticate: { status: 200, latency: 0 } })
    const resource = executeApiArn(core.account, occasion.apiId, `${occasion.stage}/$connect`)
    const decision = core.decide(principal, { action: 'execute-api:Invoke', resource })
    if (decision.allowed) {
      log.note({ authorize: { status: 200, latency: 0 } })
      const accessKey = accessKeyOf(request)
      const caller = { ...callerOf(principal), ...(accessKey && { accessKey }) }
      return { peer: { ...occasion.peer, caller } }
    }
    const because = `execute-api:Invoke on ${resource} is not allowed`
    log.note({ authorize: { status: 403, latency: 0, error: because } })
    log.failure(because)
    return forbidden(because, 'ACCESS_DENIED')
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    log.note({ authenticate: { status: 403, latency: 0, error: error.message } })
    log.failure(error.message)
    return forbidden(error.message, RESPONSE_TYPES[error.code] ?? 'ACCESS_DENIED')
  }
}

const RESPONSE_TYPES: Readonly<Record<string, ResponseType>> = {
  MissingAuthenticationTokenException: 'MISSING_AUTHENTICATION_TOKEN',
  InvalidSignatureException: 'INVALID_SIGNATURE',
}

/** The members that a signed handshake adds to `identity`; which of REST's appear is assumed (facts: D12). */
const callerOf = (principal: Principal): Record<string, string> =>
  principal.kind === 'service'
    ? {}
    : {
        accountId: principal.accountId,
        caller: principal.userId,
        user: principal.userId,
        userArn: principal.arn,
      }

/** The id of the key that signed: in the Authorization header, or presigned in the query string. */
const accessKeyOf = ({ headers, url }: IncomingMessage): string | undefined =>
  (/Credential=([^/,\s]+)\//.exec(headers.authorization ?? '') ??
    /[?&]X-Amz-Credential=([^/%&]+)/.exec(url ?? ''))?.[1]

const forbidden = (because: string, responseType: ResponseType): Refusal => ({
  status: 403,
  message: says.forbidden,
  because,
  responseType,
})

const authorizerFailure = (because: string): Refusal => ({
  status: 500,
  message: says.internal,
  because,
  responseType: 'AUTHORIZER_FAILURE',
})
