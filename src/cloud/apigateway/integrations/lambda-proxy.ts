import { says } from '../messages/error-frame.ts'
import { decoded } from './endpoint-request.ts'
import { type Errand, fault, misconfigured, type Outcome } from './errand.ts'
import { answerOf, functionCall, noteAnswer, noteInvocation } from './lambda-exchange.ts'
import { startFunction } from './lambda-function.ts'
import { parsed } from './mapping-template.ts'

/**
 * Runs the function behind an AWS_PROXY integration (facts: A10, A11, A12, B10, B11).
 * What a function that may not be invoked does to a handshake is 500, what a function does wrong itself is 502.
 */
export async function invokeProxy(errand: Errand): Promise<Outcome> {
  const { core, passage, trace } = errand
  const call = functionCall(errand)
  const payload = JSON.stringify(eventOf(errand))
  const began = core.clock.now()
  noteInvocation(errand, call, [], Buffer.from(payload))
  const ended = await startFunction(core, call, asked => core.invoke({ ...asked, payload }))
  if (ended.kind === 'not started') return fault(500, says.internal, ended.because)
  noteAnswer(errand, began, answerOf(ended), ended.requestId)
  if (ended.kind === 'failed') {
    const { errorMessage } = ended.error
    return fault(
      502,
      says.internal,
      `Lambda execution failed with status 200 due to customer function error: ${errorMessage}. Lambda request id: ${ended.requestId}`,
    )
  }
  const given = parsed(ended.payload)
  const response = proxyResponse(given)
  if (response) trace.status = response.status
  const malformed = { ...misconfigured('Malformed Lambda proxy response'), status: 502 }
  // One report shows the frame on a one-way route, for a response with members of its own (facts: C1).
  if (!passage.wanted) {
    return isOverfull(given) ? malformed : { kind: 'answered', status: 200, headers: {}, body: undefined }
  }
  return response ?? malformed
}

/** With CONVERT_TO_BINARY the message must be base64, and the function is told that it is (assumed: C23 says nothing of functions). */
function eventOf({ integration, passage }: Errand): object {
  const event = passage.event()
  if (!integration.decodes || !('body' in event)) return event
  decoded(passage.body)
  return { ...event, isBase64Encoded: true }
}

/**
 * Reads what a function returned: a status, and perhaps headers and a body of text (facts: A11, C3, C5, C6).
 * `isBase64Encoded` is not looked at (assumed: C7). `undefined` when it is no proxy response.
 */
function proxyResponse(response: unknown): Extract<Outcome, { kind: 'answered' }> | undefined {
  if (typeof response !== 'object' || response === null || Array.isArray(response)) return undefined
  if (isOverfull(response)) return undefined
  const { statusCode, headers, multiValueHeaders, body } = response as Record<string, unknown>
  const status =
    typeof statusCode === 'number' || typeof statusCode === 'string' ? Number(statusCode) : Number.NaN
  // 101 is the gateway's to say (facts: A9); anything below 200 would not end the handshake.
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined
  return {
    kind: 'answered',
    status,
    headers: { ...lowerCased(headers), ...lowerCased(multiValueHeaders) },
    body: body ?? '',
  }
}

/** What a proxy response may have. */
const MEMBERS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'])

/** Whether this is a proxy response with members beside its own: API Gateway takes no such response (facts: C1). */
function isOverfull(response: unknown): boolean {
  if (typeof response !== 'object' || response === null || !Object.hasOwn(response, 'statusCode'))
    return false
  return Object.keys(response).some(name => !MEMBERS.has(name))
}

const lowerCased = (headers: unknown): Record<string, string> =>
  typeof headers === 'object' && headers !== null
    ? Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name.toLowerCase(),
          Array.isArray(value) ? value.join(', ') : String(value),
        ]),
      )
    : {}
