import { fairAfter } from '../../fair-after.ts'
import { evaluate } from '../../iam/evaluate.ts'
import type { PolicyDocument } from '../../iam/policy.ts'
import type { Invocation } from '../../lambda/invoke.ts'
import { type Core, executeApiArn } from '../core.ts'
import type { Authorizer } from '../definition.ts'
import { callLambda, functionArn } from '../integrations/lambda-function.ts'
import { parsed } from '../integrations/mapping-template.ts'
import { masked } from '../logs/mask.ts'
import type { RequestLog } from '../logs/request-log.ts'
import type { ResponseType } from '../logs/response-type.ts'
import { says } from '../messages/error-frame.ts'
import { authorizerEvent, type Occasion, requestContext } from '../messages/event-shapes.ts'
import { compilePath } from '../messages/json-path.ts'
import type { Offer } from '../sockets/offer.ts'
import type { Refusal } from '../sockets/refusal.ts'
import { withStageVariables } from '../stage-variables.ts'

/** What an authorizer says of a client it lets in. */
export interface Attestation {
  /** `requestContext.authorizer` from then on (facts: D15, F13). */
  readonly authorizer: Readonly<Record<string, string | number>>
  /** The client's API key, where the API takes it from here (facts: F12, F23). */
  readonly usageIdentifierKey?: string | undefined
}

/** As long as an integration may take. In milliseconds. */
const TIMEOUT = 29_000
/** The quota on an authorizer's answer, in bytes (facts: F12, G2). */
const MAX_ANSWER_BYTES = 8 * 1024

/**
 * Asks a REQUEST authorizer, once, before `$connect` (facts: F1, F5 to F12). The log's lines are those of REST's execution logs; what stands
 * in `$context.authorizer.status` and `$context.authorize.*` follows AWS's account of REST's phases (both assumed for WebSocket APIs).
 */
export async function askAuthorizer(
  core: Core,
  authorizer: Authorizer,
  occasion: Occasion,
  offer: Offer,
  log: RequestLog,
): Promise<Attestation | Refusal> {
  const { requestId } = occasion
  log.step(`Starting authorizer: ${authorizer.authorizerId} for request: ${requestId}`)
  const began = core.clock.now()
  const { answer, ...lambda } = await consult(core, authorizer, occasion, offer, log)
  const latency = Math.round(core.clock.now() - began)

  const refused = 'because' in answer ? answer : undefined
  // A policy that denies is a good answer of the authorizer's.
  const isDenied = refused?.status === 403
  log.note({
    authorizer: {
      status: refused && !isDenied ? refused.status : 200,
      latency,
      ...lambda,
      ...(refused && !isDenied && { error: refused.because }),
    },
    ...(isDenied && { authorize: { status: 403, latency: 0, error: NOT_AUTHORIZED } }),
    ...(!refused && { authorize: { status: 200, latency: 0 } }),
  })
  if (!refused) log.step('Successfully completed authorizer execution')
  else if (refused.status === 401) log.failure(`Unauthorized request: ${requestId}`)
  else log.failure(isDenied ? NOT_AUTHORIZED : inLogWords(refused.because))
  return answer
}

/** What an authorizer's function made of a request, and what Lambda said of the function. */
interface Consultation {
  readonly answer: Attestation | Refusal
  readonly integrationLatency?: number
  readonly integrationStatus?: number
  readonly requestId?: string
}

/** As AWS's account of `$context.authorize.error` has it. */
const NOT_AUTHORIZED = 'The client is not authorized to perform this operation.'

const inLogWords = (because: string) =>
  /^(Execution|Lambda invocation) failed/.test(because)
    ? because
    : `Execution failed due to configuration error: ${because}`

async function consult(
  core: Core,
  authorizer: Authorizer,
  occasion: Occasion,
  offer: Offer,
  log: RequestLog,
): Promise<Consultation> {
  const { identitySources } = authorizer
  const missing = identitySources.find(source => !identityIn(source, occasion, offer))
  if (missing) return { answer: unauthorized(`Identity source ${missing} is missing`) }
  log.data(() => {
    const shown = identitySources.map(
      source => `${source}=${masked(String(identityIn(source, occasion, offer)))}`,
    )
    return `Incoming identity: {${shown.join(', ')}}`
  })

  const methodArn = executeApiArn(core.account, occasion.apiId, `${occasion.stage}/${occasion.routeKey}`)
  const event = authorizerEvent(occasion, offer, methodArn)
  const address = addressOf(authorizer, occasion, core)
  log.step(`Endpoint request URI: ${address}`)
  log.data(() => `Endpoint request body after transformations: ${JSON.stringify(event)}`)
  log.step(`Sending request to ${address}`)
  const began = core.clock.now()
  const ended = await inTime(
    core,
    callLambda(core, {
      uri: authorizer.uri,
      credentialsArn: authorizer.credentialsArn,
      sourceArn: executeApiArn(core.account, occasion.apiId, `authorizers/${authorizer.authorizerId}`),
      stageVariables: occasion.stageVariables,
      event,
    }),
  )
  if (!ended) return { answer: broken('The authorizer did not answer in time', 'AUTHORIZER_FAILURE') }
  if (ended.kind === 'not started') return { answer: broken(ended.because) }
  const integrationLatency = Math.round(core.clock.now() - began)
  const lambda = { integrationLatency, integrationStatus: 200, requestId: ended.requestId }
  if (ended.kind === 'failed') return { answer: failure(ended), ...lambda }
  log.data(() => `Authorizer result body before parsing: ${ended.payload}`)
  return { answer: judge(ended.payload, methodArn, core, integrationLatency, log), ...lambda }
}

/** Where Lambda is asked to run the authorizer's function. */
function addressOf({ uri }: Authorizer, { stageVariables }: Occasion, { account }: Core): string {
  const fn = functionArn(withStageVariables(uri, stageVariables))
  return `https://lambda.${account.region}.${account.urlSuffix}/2015-03-31/functions/${fn}/invocations`
}

/** Identity sources (facts: F5); headers by any case (assumed: F7). */
function identityIn(source: string, occasion: Occasion, offer: Offer): unknown {
  const [, root, name = ''] =
    /^(route\.request\.header|route\.request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? []
  if (root === 'route.request.header') {
    return offer.headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1]
  }
  if (root === 'route.request.querystring') return offer.query.find(([one]) => one === name)?.[1]
  if (root === 'stageVariables') return occasion.stageVariables[name]
  return compilePath(`$.${name}`)(requestContext(occasion))
}

function failure({ error }: Extract<Invocation, { kind: 'failed' }>): Refusal {
  if (error.errorMessage === 'Unauthorized') return unauthorized('The authorizer said Unauthorized')
  return broken(`The authorizer failed: ${error.errorType}: ${error.errorMessage}`, 'AUTHORIZER_FAILURE')
}

/** Reads an authorizer's answer: principal, policy and a flat context (facts: F9, F10, F11, F12, F13). */
function judge(
  payload: string,
  methodArn: string,
  core: Core,
  latency: number,
  log: RequestLog,
): Attestation | Refusal {
  const answer = parsed(payload) as Partial<Record<string, unknown>> | null | undefined
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = answer ?? {}
  if (Buffer.byteLength(payload) > MAX_ANSWER_BYTES) return broken('The answer has more than 8 KB')
  if (typeof principalId !== 'string' || !isPolicy(policyDocument)) {
    return broken('The answer has no principalId or no valid policyDocument')
  }
  if (!isFlat(context)) return broken('The context of the answer is not flat')
  log.step(`Using valid authorizer policy for principal: ${masked(principalId)}`)

  const { accountId } = core.account
  const decision = evaluate(
    {
      principal: { kind: 'user', arn: principalId, accountId, userId: principalId },
      action: 'execute-api:Invoke',
      resource: methodArn,
      context: {},
      accountId,
    },
    { identity: [policyDocument] },
  )
  if (!decision.allowed) {
    const how = decision.deny === 'explicit' ? 'denies' : 'does not allow'
    const because = `The authorizer's policy ${how} ${methodArn}`
    return { status: 403, message: says.forbidden, because, responseType: 'ACCESS_DENIED' }
  }
  return {
    authorizer: {
      ...Object.fromEntries(
        Object.entries(context).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
      ),
      principalId,
      integrationLatency: latency,
    },
    ...(typeof usageIdentifierKey === 'string' && { usageIdentifierKey }),
  }
}

function isPolicy(document: unknown): document is PolicyDocument {
  const statements = (document as PolicyDocument | undefined | null)?.Statement
  const list: unknown[] = Array.isArray(statements) ? statements : [statements]
  return (
    list.length > 0 &&
    list.every(one => {
      const { Effect, Action, NotAction, Resource, NotResource } = (one ?? {}) as Record<string, unknown>
      return (Effect === 'Allow' || Effect === 'Deny') && (Action ?? NotAction) && (Resource ?? NotResource)
    })
  )
}

const isFlat = (context: unknown): context is Record<string, string | number | boolean | null> =>
  typeof context === 'object' &&
  context !== null &&
  !Array.isArray(context) &&
  Object.values(context).every(value => typeof value !== 'object' || value === null)

const unauthorized = (because: string): Refusal => ({
  status: 401,
  message: says.unauthorized,
  because,
  responseType: 'UNAUTHORIZED',
})

const broken = (because: string, responseType: ResponseType = 'AUTHORIZER_CONFIGURATION_ERROR'): Refusal => ({
  status: 500,
  message: says.internal,
  because,
  responseType,
})

function inTime<T>({ clock }: Core, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = fairAfter(clock, TIMEOUT, () => resolve(undefined))
    promise.then(resolve, reject).finally(cancel)
  })
}
