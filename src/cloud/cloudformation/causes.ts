import { type Reference, references } from './references.ts'

/** What makes a property change beside its own text. */
export interface Cause {
  readonly source: 'ParameterReference' | 'ResourceReference' | 'ResourceAttribute'
  /** `TopicName`, `Hall`, `Hall.Arn`. */
  readonly entity: string
  /** Dynamic: whether the entity changes is only known when the change is carried out. */
  readonly evaluation: 'Static' | 'Dynamic'
}

/** What an update changes, as far as it has been looked at. */
export interface ChangedSoFar {
  parameter(name: string): boolean
  /** How a resource is replaced: undefined for one that stays. */
  replacement(logicalId: string): 'True' | 'Conditional' | undefined
  condition(name: string): boolean | undefined
}

/** The parameters and resources that a property refers to, and that change. In the order in which it names them. */
export function causesOf(written: unknown, changed: ChangedSoFar): readonly Cause[] {
  const found = references(written, '', changed.condition).flatMap(one => causeIn(one, changed) ?? [])
  const seen = new Set<string>()
  return found.filter(({ source, entity }) => {
    const key = `${source} ${entity}`
    return !seen.has(key) && seen.add(key)
  })
}

function causeIn({ kind, name, attribute }: Reference, changed: ChangedSoFar): Cause | undefined {
  if (kind !== 'Ref' && kind !== 'GetAtt' && kind !== 'Sub') return
  if (changed.parameter(name)) return { source: 'ParameterReference', entity: name, evaluation: 'Static' }
  const replacement = changed.replacement(name)
  if (!replacement) return
  const evaluation = replacement === 'True' ? 'Static' : 'Dynamic'
  return attribute === undefined
    ? { source: 'ResourceReference', entity: name, evaluation }
    : { source: 'ResourceAttribute', entity: `${name}.${attribute}`, evaluation }
}
