import type { Scope } from './intrinsic.ts'
import { evaluateCondition } from './intrinsics.ts'
import { type Template, TemplateProblem } from './template.ts'

/**
 * How the template's conditions turn out, each worked out when it is first asked for; undefined for one that there is
 * not. Throws `TemplateProblem` for conditions that hang on each other or on resources.
 */
export function conditionOutcomes(
  template: Template,
  scope: Omit<Scope, 'condition' | 'resource'>,
): (name: string) => boolean | undefined {
  const conditions = template.Conditions ?? {}
  const known = new Map<string, boolean>()
  const open = new Set<string>()
  const inConditions: Scope = { ...scope, condition: outcome, resource: () => undefined }

  return outcome

  function outcome(name: string): boolean | undefined {
    if (!Object.hasOwn(conditions, name)) return
    if (!known.has(name)) {
      if (open.has(name)) throw circular(name, open)
      open.add(name)
      try {
        known.set(name, evaluateCondition(conditions[name], inConditions, `Conditions.${name}`))
      } finally {
        open.delete(name)
      }
    }
    return known.get(name)
  }
}

/** The words are assumed: the documentation only says that it is refused. */
function circular(name: string, open: ReadonlySet<string>): TemplateProblem {
  const way = [...open]
  const cycle = way.slice(way.indexOf(name)).join(', ')
  return new TemplateProblem(
    `Template format error: Circular dependency between conditions: [${cycle}]`,
    `Conditions.${name}`,
  )
}
