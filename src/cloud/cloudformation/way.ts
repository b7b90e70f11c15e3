import { isDeepStrictEqual } from 'node:util'
import { AwsError } from '../error.ts'
import type { Properties } from './properties.ts'
import type { ResourceType } from './resource.ts'

/** How a resource is brought from one set of properties to another. */
export type Way = 'none' | 'harmless' | 'update' | 'replace'

/** Works out the way from the rules of the properties that differ. */
export function wayOf(type: ResourceType, before: Properties, after: Properties): Way {
  const changed = changedProperties(before, after)
  if (changed.length === 0) return 'none'
  if (changed.every(name => type.properties[name] === 'harmless')) return 'harmless'
  const replaced = changed.some(name => replaces(type, name, before[name], after[name]))
  return replaced || !type.update ? 'replace' : 'update'
}

/** The names of the properties that differ. */
export const changedProperties = (before: Properties, after: Properties): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    name => !isDeepStrictEqual(before[name], after[name]),
  )

/** Whether this change of a property needs a new resource. */
export function replaces(type: ResourceType, name: string, before: unknown, after: unknown): boolean {
  const rule = type.properties[name]
  if (typeof rule === 'object') return rule.replacesWhen(before, after)
  return rule === 'replace' || (rule === 'update' && !type.update)
}

/**
 * Throws AWS's refusal of a change that the properties rule out: a property that is never changed, or a replacement
 * that would have the name of the resource that it replaces.
 */
export function mayChange(type: ResourceType, before: Properties, after: Properties): void {
  const fixed = changedProperties(before, after).find(name => type.properties[name] === 'fixed')
  if (fixed !== undefined)
    throw new AwsError('ValidationError', `Updates are not allowed for property - ${fixed}.`)
  const name = customName(type, after)
  if (name === undefined || name !== customName(type, before)) return
  if (wayOf(type, before, after) !== 'replace') return
  throw new AwsError(
    'ValidationError',
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`,
  )
}

/** The name that the template gives to a resource, if it gives one. */
export function customName({ nameProperty }: ResourceType, properties: Properties): string | undefined {
  const name = nameProperty && properties[nameProperty]
  return name === undefined ? undefined : String(name)
}
