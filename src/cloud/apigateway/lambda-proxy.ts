import { type Core, executeApiArn } from './core.ts'
import { says } from './error-frame.ts'
import { fault, type Outcome, type Passage } from './integration.ts'
import { callLambda } from './lambda-function.ts'
import { parsed } from './mapping-template.ts'
import type { DeployedIntegration } from './snapshot.ts'

/**
 * Runs the function behind an AWS_PROXY integration (facts: A10, A11, A12, B10, B11).
 * What a function that may not be invoked does to a handshake is 500, what a function does wrong itself is 502.
 */
export async function invokeProxy(
  core: Core,
  integration: DeployedIntegration,
  { occasion, event, wanted }: Passage,
): Promise<Outcome> {
  try {
    const ended = await callLambda(core, {
      uri: integration.uri ?? '',
      credentialsArn: integration.credentialsArn,
      sourceArn: executeApiArn(core.account, occasion.apiId, `${occasion.stage}/${occasion.routeKey}`),
      stageVariables: occasion.stageVariables,
      event: event(),
    })
    if (ended.kind === 'not started') return fault(500, says.internal, ended.because)
    if (ended.kind === 'failed') {
      return fault(502, says.internal, `${ended.error.errorType}: ${ended.error.errorMessage}`)
    }
    if (!wanted) return { kind: 'answered', status: 200, headers: {}, body: undefined }
    return proxyResponse(ended.payload) ?? fault(502, says.internal, 'Malformed Lambda proxy response')
  } catch (error) {
    // Whatever broke in the cloud itself, the client hears what it would hear of a broken AWS.
    return fault(500, says.internal, error instanceof Error ? error.message : String(error))
  }
}

/**
 * Reads what a function returned: a status, and perhaps headers and a body of text (facts: A11, C3, C5, C6).
 * `isBase64Encoded` is not looked at (assumed: C7). `undefined` when it is no proxy response.
 */
function proxyResponse(payload: string): Outcome | undefined {
  const response = parsed(payload)
  if (typeof response !== 'object' || response === null || Array.isArray(response)) return undefined
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

const lowerCased = (headers: unknown): Record<string, string> =>
  typeof headers === 'object' && headers !== null
    ? Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name.toLowerCase(),
          Array.isArray(value) ? value.join(', ') : String(value),
        ]),
      )
    : {}
