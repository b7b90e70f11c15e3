import { type Cause, type ChangedSoFar, causesOf } from './causes.ts'
import { resolveDynamic } from './dynamic.ts'
import type { Goal } from './goal.ts'
import type { ResourceRecord, StackRecord } from './history.ts'
import { NotYetKnown, type Scope } from './intrinsic.ts'
import { evaluate } from './intrinsics.ts'
import { waves } from './order.ts'
import type { Properties } from './properties.ts'
import type { ResourceType } from './resource.ts'
import type { Works } from './resources.ts'
import type { ResourceDefinition, Template } from './template.ts'
import { changedProperties, replaces } from './way.ts'

/** What carrying out a goal would do to one resource: a member of a change set's `Changes`, in lower camel case. */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove'
  readonly logicalId: string
  readonly type: string
  readonly physicalId?: string
  /** Conditional: it hangs on a value that is only known when the goal is carried out. */
  readonly replacement?: 'True' | 'False' | 'Conditional'
  /** The properties that change. */
  readonly details: readonly PropertyChange[]
  /** What becomes of the resource that is there, when it is replaced or removed. */
  readonly policyAction?: 'Delete' | 'Retain' | 'ReplaceAndDelete' | 'ReplaceAndRetain'
  /** All its properties as they are; those of a resource that is there. */
  readonly before?: Properties
  /** All its properties as they will be, as far as that is known; those of a resource that stays. */
  readonly after?: Properties
}

/** What stands in the place of a property that is only known when the goal is carried out. */
export const KNOWN_LATER = '{{changeSet:KNOWN_AFTER_APPLY}}'

/** One property of a resource that is there already. */
export interface PropertyChange {
  readonly name: string
  readonly requiresRecreation: 'Never' | 'Always' | 'Conditionally'
  /** Dynamic: what it will be is only known when the goal is carried out, and it may be what it was. */
  readonly evaluation: 'Static' | 'Dynamic'
  /** The parameters and resources that make it change. Empty where only the template's own text does. */
  readonly causes: readonly Cause[]
}

/**
 * What a goal would change in a stack, in the template's order, and what it takes away last. Nothing is done. A value
 * of a resource that is yet to be made, or may be made anew, is taken as not known.
 */
export async function changesOf(
  { plan, parameters }: Goal,
  stack: StackRecord,
  works: Works,
): Promise<readonly ResourceChange[]> {
  const anew = new Map<string, 'True' | 'Conditional'>()
  const scope: Scope = {
    ...plan.scope,
    resource(logicalId) {
      if (!plan.resources.has(logicalId)) return
      const record = stack.resources.get(logicalId)
      if (!record || anew.has(logicalId)) throw new NotYetKnown(logicalId)
      return record
    },
  }
  const given = ({ Parameters }: Template, values: Goal['parameters'], name: string) =>
    values[name] ?? String(Parameters?.[name]?.Default)
  const changedSoFar: ChangedSoFar = {
    parameter: name =>
      Object.hasOwn(plan.template.Parameters ?? {}, name) &&
      given(stack.template, stack.parameters, name) !== given(plan.template, parameters, name),
    replacement: logicalId => anew.get(logicalId),
    condition: plan.scope.condition,
  }
  const changes = new Map<string, ResourceChange>()
  for (const logicalId of waves(plan.needs).flat()) {
    const definition = plan.resources.get(logicalId)!
    const before = stack.resources.get(logicalId)
    const after = await propertiesAfter(logicalId, definition, scope, works)
    const change = before
      ? modification(before, definition, after, changedSoFar, works)
      : { action: 'Add' as const, logicalId, type: definition.Type, details: [], after }
    if (!change) continue
    changes.set(logicalId, change)
    const { replacement } = change
    if (replacement === 'True' || replacement === 'Conditional') anew.set(logicalId, replacement)
  }
  const removed = [...stack.resources.values()].filter(({ logicalId }) => !plan.resources.has(logicalId))
  return [
    ...[...plan.resources.keys()].flatMap(logicalId => changes.get(logicalId) ?? []),
    ...removed.map(({ logicalId, type, physicalId, properties: before, deletionPolicy }) => ({
      action: 'Remove' as const,
      policyAction: isKept(deletionPolicy) ? ('Retain' as const) : ('Delete' as const),
      logicalId,
      type,
      physicalId,
      details: [],
      before,
    })),
  ]
}

function modification(
  { logicalId, physicalId, properties: before }: ResourceRecord,
  definition: ResourceDefinition,
  after: Properties,
  changedSoFar: ChangedSoFar,
  works: Works,
): ResourceChange | undefined {
  const type = works.types.get(definition.Type)!
  const changed = changedProperties(before, after)
  if (changed.length === 0) return
  const details = changed.map((name): PropertyChange => {
    const causes = causesOf(definition.Properties?.[name], changedSoFar)
    const isUnsure = after[name] === KNOWN_LATER && !causes.some(({ evaluation }) => evaluation === 'Static')
    return {
      name,
      requiresRecreation: recreation(type, name, before[name], after[name], isUnsure),
      evaluation: isUnsure ? 'Dynamic' : 'Static',
      causes,
    }
  })
  const needed = details.map(({ requiresRecreation }) => requiresRecreation)
  const replacement = needed.includes('Always')
    ? 'True'
    : needed.includes('Conditionally')
      ? 'Conditional'
      : 'False'
  return {
    action: 'Modify',
    logicalId,
    type: definition.Type,
    physicalId,
    replacement,
    ...(replacement === 'True' && {
      policyAction: isKept(definition.UpdateReplacePolicy) ? 'ReplaceAndRetain' : 'ReplaceAndDelete',
    }),
    details,
    before,
    after,
  }
}

const isKept = (policy: string | undefined) => policy === 'Retain' || policy === 'RetainExceptOnCreate'

function recreation(
  type: ResourceType,
  name: string,
  before: unknown,
  after: unknown,
  isUnsure: boolean,
): PropertyChange['requiresRecreation'] {
  if (!isUnsure) return replaces(type, name, before, after) ? 'Always' : 'Never'
  const maybe = typeof type.properties[name] === 'object' || replaces(type, name, before, after)
  return maybe ? 'Conditionally' : 'Never'
}

/** A property that hangs on something that is not known yet is `KNOWN_LATER`. */
async function propertiesAfter(
  logicalId: string,
  { Properties = {} }: ResourceDefinition,
  scope: Scope,
  works: Works,
): Promise<Properties> {
  const after: Record<string, unknown> = {}
  for (const [name, written] of Object.entries(Properties)) {
    const path = `Resources.${logicalId}.Properties.${name}`
    try {
      const value = await resolveDynamic(evaluate(written, scope, path), path, works.dynamic, works.caller)
      // AWS::NoValue takes the property away.
      if (value !== undefined) after[name] = value
    } catch (error) {
      if (!(error instanceof NotYetKnown)) throw error
      after[name] = KNOWN_LATER
    }
  }
  return after
}
