import { type Sent, templateOf } from './api/template-of.ts'
import type { Shelf } from './objects.ts'
import type { Objects } from './resource.ts'
import { type Template, TemplateProblem } from './template.ts'

export type { Sent }

/** The template of a nested stack, read from where `TemplateURL` says that it lies. Throws `ValidationError`. */
export function templateAt(url: unknown, objects: Objects | undefined): Sent {
  const sent = objects && templateOf({ TemplateURL: url }, objects)
  if (sent) return sent
  throw new TemplateProblem('TemplateURL must be a supported URL.')
}

/** As `templateAt`, before anything starts: undefined where the place is not known yet, or nothing readable lies there. */
export function templateBefore(
  url: unknown,
  stores: readonly (Objects | Shelf | undefined)[],
): Template | undefined {
  if (typeof url !== 'string') return
  for (const store of stores) {
    try {
      return templateAt(url, store).template
    } catch {
      // Another store may have it. If none has, it is said when the stack gets there.
    }
  }
  return
}
