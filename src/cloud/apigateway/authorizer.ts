import { evaluate } from '../iam/evaluate.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import type { Invocation } from '../lambda/invoke.ts'
import type { Authorizer } from './api.ts'
import { type Core, executeApiArn } from './core.ts'
import { says } from './error-frame.ts'
import { authorizerEvent, type Occasion, requestContext } from './event-shapes.ts'
import { compilePath } from './json-path.ts'
import { callLambda } from './lambda-function.ts'
import { parsed } from './mapping-template.ts'
import type { Offer } from './offer.ts'
import type { Refusal } from './refusal.ts'

/** What an authorizer says of a client it lets in: `requestContext.authorizer` from then on (facts: D15, F13). */
export type Attestation = Readonly<Record<string, string | number>>

/** As long as an integration may take. In milliseconds. */
const TIMEOUT = 29_000
/** The quota on an authorizer's answer, in bytes (facts: F12, G2). */
const MAX_ANSWER_BYTES = 8 * 1024

/** Asks a REQUEST authorizer, once, before `$connect` (facts: F1, F5 to F12). */
export async function askAuthorizer(
  core: Core,
  authorizer: Authorizer,
  occasion: Occasion,
  offer: Offer,
): Promise<Attestation | Refusal> {
  const missing = authorizer.identitySources.find(source => !identityIn(source, occasion, offer))
  if (missing)
    return { status: 401, message: says.unauthorized, because: `Identity source ${missing} is missing` }

  const methodArn = executeApiArn(core.account, occasion.apiId, `${occasion.stage}/${occasion.routeKey}`)
  const began = core.clock.now()
  const ended = await inTime(
    core,
    callLambda(core, {
      uri: authorizer.uri,
      credentialsArn: authorizer.credentialsArn,
      sourceArn: executeApiArn(core.account, occasion.apiId, `authorizers/${authorizer.authorizerId}`),
      stageVariables: occasion.stageVariables,
      event: authorizerEvent(occasion, offer, methodArn),
    }),
  )
  if (!ended) return broken('The authorizer did not answer in time')
  if (ended.kind === 'not started') return broken(ended.because)
  if (ended.kind === 'failed') return failure(ended)
  return judge(ended.payload, methodArn, core, core.clock.now() - began)
}

/** Tells a refusal from an attestation: only refusals say why. */
export const isRefusal = (answer: Attestation | Refusal): answer is Refusal =>
  typeof answer.status === 'number' && 'because' in answer

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
  if (error.errorMessage === 'Unauthorized') {
    return { status: 401, message: says.unauthorized, because: 'The authorizer said Unauthorized' }
  }
  return broken(`The authorizer failed: ${error.errorType}: ${error.errorMessage}`)
}

/** Reads an authorizer's answer: principal, policy and a flat context (facts: F9, F10, F11, F12, F13). */
function judge(payload: string, methodArn: string, core: Core, latency: number): Attestation | Refusal {
  const answer = parsed(payload) as Partial<Record<string, unknown>> | null | undefined
  const { principalId, policyDocument, context = {} } = answer ?? {}
  if (Buffer.byteLength(payload) > MAX_ANSWER_BYTES) return broken('The answer has more than 8 KB')
  if (typeof principalId !== 'string' || !isPolicy(policyDocument)) {
    return broken('The answer has no principalId or no valid policyDocument')
  }
  if (!isFlat(context)) return broken('The context of the answer is not flat')

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
    return { status: 403, message: says.forbidden, because: `The authorizer's policy ${how} ${methodArn}` }
  }
  return {
    ...Object.fromEntries(
      Object.entries(context).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
    ),
    principalId,
    integrationLatency: latency,
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

const broken = (because: string): Refusal => ({ status: 500, message: says.internal, because })

function inTime<T>({ clock }: Core, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(TIMEOUT, () => resolve(undefined))
    promise.then(resolve, reject).finally(cancel)
  })
}
