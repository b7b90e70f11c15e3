import { randomUUID } from 'node:crypto'
import type { Invoke } from '../../lambda/invoke.ts'
import type { EndpointResponse } from '../logs/trace.ts'
import { says } from '../messages/error-frame.ts'
import { prepare } from './endpoint-request.ts'
import { type Errand, fault, type Outcome } from './errand.ts'
import { reply } from './integration-reply.ts'
import { answerOf, functionCall, noteAnswer, noteInvocation } from './lambda-exchange.ts'
import { startFunction } from './lambda-function.ts'

/** Lambda's answer, and the id under which it knows the request. */
type Answer = readonly [EndpointResponse, requestId: string]

/**
 * Runs the function behind an AWS integration: what the template makes is its event. What it returns or throws goes
 * through the integration responses (facts: C11). With `X-Amz-Invocation-Type: Event` mapped it is only asked to run, in its own time (facts: C16).
 */
export async function invokeCustom(errand: Errand): Promise<Outcome> {
  const parts = prepare(errand)
  if ('kind' in parts) return parts
  const call = functionCall(errand)
  const began = errand.core.clock.now()
  noteInvocation(errand, call, parts.headers, parts.body)
  const invocationType = parts.headers.find(([name]) => name.toLowerCase() === 'x-amz-invocation-type')?.[1]
  const payload = parts.body.toString() || '{}'
  const ended = await startFunction(errand.core, call, asked =>
    run(errand, { ...asked, payload }, invocationType),
  )
  if ('kind' in ended) return fault(500, says.internal, ended.because)
  return reply(errand, noteAnswer(errand, began, ...ended))
}

async function run({ core }: Errand, invoke: Invoke, invocationType?: string): Promise<Answer> {
  const unread = parseError(invoke.payload)
  if (unread !== undefined) return [refused(unread), randomUUID()]
  if (invocationType === 'Event') {
    if (!core.queueEvent) throw new Error('Nobody here queues events for functions')
    return [accepted, core.queueEvent(invoke)]
  }
  const ended = await core.invoke(invoke)
  return [answerOf(ended), ended.requestId]
}

const accepted: EndpointResponse = { status: 202, headers: {}, body: Buffer.alloc(0) }

function parseError(payload: string): string | undefined {
  try {
    JSON.parse(payload)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** What Lambda says to a payload that is no JSON; after the colon it quotes its own parser, and we ours. */
const refused = (unread: string): EndpointResponse => ({
  status: 400,
  headers: {
    'content-type': ['application/json'],
    'x-amzn-errortype': ['InvalidRequestContentException'],
  },
  body: Buffer.from(
    JSON.stringify({ Type: 'User', message: `Could not parse request body into json: ${unread}` }),
  ),
})
