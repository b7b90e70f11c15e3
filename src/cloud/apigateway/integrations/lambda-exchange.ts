import type { Invocation } from '../../lambda/invoke.ts'
import { executeApiArn } from '../core.ts'
import type { EndpointResponse, Pairs } from '../logs/trace.ts'
import type { Errand } from './errand.ts'
import { type FunctionCall, invocationUri } from './lambda-function.ts'

/** The call that an integration makes of its function. */
export const functionCall = ({ core, integration, passage: { occasion } }: Errand): FunctionCall => ({
  uri: integration.uri ?? '',
  credentialsArn: integration.credentialsArn,
  sourceArn: executeApiArn(core.account, occasion.apiId, `${occasion.stage}/${occasion.routeKey}`),
  stageVariables: occasion.stageVariables,
})

/** Notes a request to Lambda, as it would have gone over the wire. */
export function noteInvocation(errand: Errand, call: FunctionCall, headers: Pairs, body: Buffer): void {
  const { core, passage, trace } = errand
  const { apiId } = passage.occasion
  trace.request = {
    method: 'POST',
    uri: invocationUri(core.account, call),
    headers: [
      ['x-amzn-apigateway-api-id', apiId],
      ['Accept', 'application/json'],
      ['User-Agent', `AmazonAPIGateway_${apiId}`],
      ['X-Amz-Source-Arn', call.sourceArn],
      ['Content-Type', 'application/json'],
      ...headers,
    ],
    body,
  }
}

/** Notes Lambda's answer. `began` is when it was asked. */
export function noteAnswer(
  { core, trace }: Errand,
  began: number,
  answer: EndpointResponse,
  requestId: string,
): EndpointResponse {
  trace.response = { ...answer, headers: { 'x-amzn-requestid': [requestId], ...answer.headers } }
  trace.latency = core.clock.now() - began
  trace.requestId = requestId
  trace.status = answer.status
  return trace.response
}

/** Lambda's answer to a run that ended: 200, and a header when the function failed. */
export function answerOf(ended: Invocation): EndpointResponse {
  const failed = ended.kind === 'failed'
  return {
    status: 200,
    headers: {
      'content-type': ['application/json'],
      ...(failed && { 'x-amz-function-error': ['Unhandled'] }),
    },
    body: Buffer.from(failed ? JSON.stringify(ended.error) : ended.payload),
  }
}
