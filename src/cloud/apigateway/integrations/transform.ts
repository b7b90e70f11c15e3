import { AwsError } from '../../error.ts'
import { requestContext } from '../messages/event-shapes.ts'
import type { Sources } from '../messages/selection-expression.ts'
import type { TemplateChoice } from '../snapshot.ts'
import type { Scope } from './mapping-template.ts'
import type { Passage } from './passage.ts'

/**
 * What the selected template makes of a payload; the payload itself where none was selected, or `undefined` when it must not pass then
 * (facts: C12, C13). Throws `AwsError` for a template that cannot be carried out.
 */
export function transform(
  { select, templates, passthrough }: TemplateChoice,
  sources: Sources,
  scope: Scope,
): string | undefined {
  const template = templates.get(select(sources)) ?? templates.get('$default')
  if (template) return rendered(template, scope)
  if (passthrough === 'NEVER') return undefined
  if (passthrough === 'WHEN_NO_TEMPLATES' && templates.size > 0) return undefined
  return scope.body
}

/** What templates of a request can look at. */
export const scopeOf = ({ occasion, body }: Passage): Scope => ({
  body,
  context: requestContext(occasion),
  stageVariables: occasion.stageVariables,
})

function rendered(template: (scope: Scope) => string, scope: Scope): string {
  try {
    return template(scope)
  } catch {
    // AWS says no more than this, whatever it was.
    throw new AwsError('InternalServerErrorException', 'Unable to transform request', 500)
  }
}
