import { says } from '../messages/error-frame.ts'
import { type Errand, fault, misconfigured, type Outcome } from './errand.ts'
import { reply } from './integration-reply.ts'
import { parsed } from './mapping-template.ts'
import { scopeOf, transform } from './transform.ts'

/**
 * Answers for a MOCK integration: the request template names the status, and the integration response for that status
 * makes the reply (facts: C10, C11, C14).
 */
export function answerMock(errand: Errand): Outcome {
  const { integration, passage, trace } = errand
  const request = transform(integration.request, passage.sources, scopeOf(passage))
  // The text is REST's (assumed: C13).
  if (request === undefined) return fault(415, says.unsupportedMediaType, 'Unsupported Media Type')
  const status = statusIn(request)
  if (status === undefined) {
    return misconfigured(
      'Unable to parse statusCode. It should be an integer that is defined in the request template.',
    )
  }
  trace.status = status
  return reply(errand, { status, headers: {}, body: Buffer.alloc(0) })
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
