import type { EndpointResponse } from '../logs/trace.ts'
import type { Sources } from '../messages/selection-expression.ts'
import type { DeployedResponse } from '../snapshot.ts'
import { type Errand, misconfigured, type Outcome } from './errand.ts'
import { isLambda } from './lambda-function.ts'
import { parsed } from './mapping-template.ts'
import { scopeOf, transform } from './transform.ts'

/**
 * Turns the answer of a non-proxy integration into a reply: an integration response is chosen and makes the reply (facts: C10, C11, C12,
 * C23). On a one-way route it is not looked at (facts: C1); without any integration response there is no reply (facts: C10, H8).
 */
export function reply(
  { integration, passage }: Pick<Errand, 'integration' | 'passage'>,
  answer: EndpointResponse,
): Outcome {
  const { status } = answer
  const { responses } = integration
  if (!passage.wanted || responses.length === 0) return answered(status, {}, undefined)

  const text = answer.body.toString()
  const sources: Sources = { ...passage.sources, integration: { ...answer, body: parsed(text) } }
  const isFunction = integration.type === 'AWS' && isLambda(integration.uri ?? '')
  const subject = isFunction ? errorMessageIn(sources.integration?.body) : String(status)
  const response =
    responses.find(({ key }) => isAbout(key, subject)) ?? responses.find(({ key }) => key === '$default')
  if (!response) {
    return misconfigured(
      `No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${status}`,
    )
  }
  return finished(response, status, sources, {
    ...scopeOf(passage),
    body: response.encodes ? answer.body.toString('base64') : text,
  })
}

function finished(
  { choice, parameters }: DeployedResponse,
  status: number,
  sources: Sources,
  scope: ReturnType<typeof scopeOf>,
): Outcome {
  const body = transform(choice, sources, { ...scope, context: { ...scope.context, status } })
  const headers = parameters.flatMap(({ name, valueIn }) => {
    const value = valueIn(sources)
    return value === undefined ? [] : [[name.toLowerCase(), value] as const]
  })
  return answered(status, Object.fromEntries(headers), body ?? '')
}

const answered = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): Outcome => ({ kind: 'answered', status, headers, body })

/** A function that failed, or that says so itself (facts: C11). */
const errorMessageIn = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'errorMessage' in body && body.errorMessage !== null
    ? String(body.errorMessage)
    : undefined

/** Whether an integration response's key, a regular expression between slashes, fits the whole of it (facts: C10). */
function isAbout(key: string, subject: string | undefined): boolean {
  const pattern = /^\/(.*)\/$/s.exec(key)?.[1]
  return pattern !== undefined && subject !== undefined && new RegExp(`^(?:${pattern})$`).test(subject)
}
