import { says } from './error-frame.ts'
import { requestContext } from './event-shapes.ts'
import { fault, type Outcome, type Passage } from './integration.ts'
import { parsed, type Scope } from './mapping-template.ts'
import type { Sources } from './selection-expression.ts'
import type { DeployedIntegration, TemplateChoice } from './snapshot.ts'

/**
 * Answers for a MOCK integration: the request template names the status, and the integration response for that status
 * makes the reply (facts: C10, C11, C14). Without any integration response there is no reply (facts: H8).
 */
export function answerMock(
  integration: DeployedIntegration,
  { occasion, body, sources, wanted }: Passage,
): Outcome {
  const scope: Scope = {
    body,
    context: requestContext(occasion),
    stageVariables: occasion.stageVariables,
  }
  try {
    const request = transform(integration.request, sources, scope)
    // The text is REST's (assumed: C13).
    if (request === undefined) return fault(415, says.unsupportedMediaType, 'No template for this message')
    const status = statusIn(request)
    if (status === undefined)
      return fault(500, says.internal, 'Unable to parse statusCode of the request template')
    if (!wanted || integration.responses.length === 0) {
      return { kind: 'answered', status, headers: {}, body: undefined }
    }
    return reply(integration, sources, scope, status)
  } catch (error) {
    return fault(
      500,
      says.internal,
      `Execution failed due to configuration error: ${(error as Error).message}`,
    )
  }
}

function reply(integration: DeployedIntegration, sources: Sources, scope: Scope, status: number): Outcome {
  const response =
    integration.responses.find(({ key }) => isAbout(key, status)) ??
    integration.responses.find(({ key }) => key === '$default')
  if (!response)
    return fault(
      500,
      says.internal,
      `No match for output mapping and no default endpoint response configured. Endpoint response status: ${status}`,
    )
  const answered = { ...sources, integration: { status, headers: {}, body: undefined } }
  return {
    kind: 'answered',
    status,
    headers: {},
    body: transform(response.choice, answered, { ...scope, body: '' }) ?? '',
  }
}

/** What the selected template makes of the payload; the payload itself, or `undefined` when it must not pass (facts: C13). */
function transform({ select, templates, passthrough }: TemplateChoice, sources: Sources, scope: Scope) {
  const template = templates.get(select(sources)) ?? templates.get('$default')
  if (template) return template(scope)
  if (passthrough === 'NEVER') return undefined
  if (passthrough === 'WHEN_NO_TEMPLATES' && templates.size > 0) return undefined
  return scope.body
}

/** `{"statusCode": 200}`, which many write without the quotation marks. */
function statusIn(text: string): number | undefined {
  const value = parsed(text)
  const status =
    typeof value === 'object' && value !== null && 'statusCode' in value
      ? Number(value.statusCode)
      : Number(/[{,]\s*['"]?statusCode['"]?\s*:\s*['"]?(\d{3})\b/.exec(text)?.[1])
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined
}

/** Whether an integration response's key, a regular expression between slashes, is about this status (facts: C10). */
function isAbout(key: string, status: number): boolean {
  const pattern = /^\/(.*)\/$/s.exec(key)?.[1]
  return pattern !== undefined && new RegExp(`^(?:${pattern})$`).test(String(status))
}
