import type { Account } from '../account.ts'
import { conditionOutcomes } from './conditions.ts'
import { dynamicReferences, isForeign } from './dynamic.ts'
import { inertTypes } from './inert.ts'
import { NotYetKnown, type Scope, settle } from './intrinsics.ts'
import {
  BOOTSTRAP_RULE,
  isSsmParameter,
  parametersKnown,
  publicParameter,
  unsupportedParameter,
} from './parameters.ts'
import { references } from './references.ts'
import type { ResourceType } from './resource.ts'
import { isObject, type ResourceDefinition, type Template } from './template.ts'

/** One thing that cannot be run here. */
export interface Refusal {
  /** What falls with it. An image is only an asset: the resource made from it is refused by itself. */
  readonly kind: 'stack' | 'parameter' | 'resource' | 'output' | 'image'
  readonly stackName: string
  /** A resource's, a parameter's or an output's. */
  readonly logicalId?: string
  readonly type?: string
  /** The property, attribute or setting; without it the type as such. */
  readonly what?: string
  /** AWS refuses it, too: it is the stack's fault. Without this it is a limit of this cloud. */
  readonly byAws?: true
}

/** What is surveyed: a stack of an assembly, or a request. */
export interface Surveyed {
  readonly stackName: string
  readonly template: Template
  readonly parameters?: Readonly<Record<string, string>>
  /** Assets that are container images, by name. */
  readonly dockerImages?: readonly string[]
}

/** What can be run. */
export interface Abilities {
  readonly account: Account
  readonly types: ReadonlyMap<string, ResourceType>
  /** Whether somebody answers for Systems Manager's parameters, and for `{{resolve:…}}`. */
  readonly ssm?: boolean
  readonly dynamic?: boolean
}

/** A refusal in one line. */
export function refusalLine({ kind, stackName, logicalId, type, what }: Refusal): string {
  const where = logicalId ? `${stackName}/${logicalId}` : stackName
  if (kind === 'output') return `${where}: the output (${what})`
  if (!type) return `${where}: ${what}`
  return `${where}: ${type}${what ? ` (${what})` : ''}`
}

/**
 * Looks through a valid template for what cannot be run, as it will be once parameters, mappings and conditions are
 * filled in; what a false condition leaves out is not looked at. Throws `TemplateProblem` for missing parameters.
 */
export function refusalsOf(stack: Surveyed, abilities: Abilities): readonly Refusal[] {
  const { stackName, template } = stack
  const scope = scopeBefore(stack, abilities.account)
  const found: Refusal[] = [...sectionRefusals(stack), ...parameterRefusals(stack, abilities)]
  for (const [logicalId, definition] of Object.entries(template.Resources)) {
    if (definition.Condition !== undefined && scope.condition(definition.Condition) === false) continue
    const { Type: type } = definition
    const reasons = resourceRefusals(logicalId, definition, template, scope, abilities)
    const invalid = invalidIn(logicalId, definition, scope, abilities)
    for (const what of invalid)
      found.push({ kind: 'resource', stackName, logicalId, type, what, byAws: true })
    for (const what of reasons) {
      // A property that AWS does not have either is told once.
      if (what !== undefined && invalid.includes(what)) continue
      found.push({ kind: 'resource', stackName, logicalId, type, ...(what !== undefined && { what }) })
    }
  }
  for (const [logicalId, output] of Object.entries(template.Outputs ?? {})) {
    if (output.Condition !== undefined && scope.condition(output.Condition) === false) continue
    for (const what of attributeRefusals(output.Value, `Outputs.${logicalId}`, template, scope, abilities)) {
      found.push({ kind: 'output', stackName, logicalId, what })
    }
  }
  return found
}

/** A scope in which no resource, export or other stack exists yet. What hangs on them is `NotYetKnown`. */
export function scopeBefore({ stackName, template, parameters = {} }: Surveyed, account: Account): Scope {
  const unknown = (name: string): never => {
    throw new NotYetKnown(name)
  }
  const values = parametersKnown(template, parameters)
  const known = {
    account,
    stackName,
    mappings: template.Mappings ?? {},
    stackId: () => unknown('AWS::StackId'),
    parameter: (name: string) =>
      Object.hasOwn(template.Parameters ?? {}, name) && !values.has(name) ? unknown(name) : values.get(name),
    importValue: unknown,
    stackOutput: unknown,
  }
  const condition = conditionOutcomes(template, known)
  return {
    ...known,
    resource: unknown,
    condition: name => {
      try {
        return condition(name)
      } catch (error) {
        // It hangs on a parameter of Systems Manager: taken as true, so that nothing goes unseen.
        if (!(error instanceof NotYetKnown)) throw error
        return true
      }
    },
  }
}

function sectionRefusals({ stackName, template, dockerImages = [] }: Surveyed): readonly Refusal[] {
  const transforms = [template.Transform ?? []].flat().filter(name => name !== 'AWS::LanguageExtensions')
  const rules = Object.keys(template.Rules ?? {}).filter(name => name !== BOOTSTRAP_RULE)
  const kind = 'stack' as const
  return [
    ...transforms.map(name => ({ kind, stackName, what: `the transform ${name}` })),
    ...rules.map(name => ({ kind, stackName, what: `the rule ${name}` })),
    ...(template.Hooks ? [{ kind, stackName, what: 'the Hooks section' }] : []),
    ...dockerImages.map(name => ({ kind: 'image' as const, stackName, what: `the container image ${name}` })),
  ]
}

function parameterRefusals(
  { stackName, template, parameters = {} }: Surveyed,
  { ssm }: Abilities,
): readonly Refusal[] {
  return Object.entries(template.Parameters ?? {}).flatMap(([logicalId, definition]) => {
    const what =
      unsupportedParameter(definition) ??
      publicParameter(logicalId, definition, parameters) ??
      (isSsmParameter(logicalId, definition) && !ssm
        ? `a parameter of type ${definition.Type}, ${definition.Default ?? 'without a default'}`
        : undefined)
    return what ? [{ kind: 'parameter' as const, stackName, logicalId, what }] : []
  })
}

function resourceRefusals(
  logicalId: string,
  definition: ResourceDefinition,
  template: Template,
  scope: Scope,
  abilities: Abilities,
): readonly (string | undefined)[] {
  const type = typeOf(definition.Type, abilities)
  if (!type) return [undefined]
  const path = `Resources.${logicalId}.Properties`
  if (hasMacro(definition.Properties, path)) return ['Fn::Transform']
  const properties = settle(definition.Properties ?? {}, scope, path)
  if (!isObject(properties)) return []
  return [
    ...(type.takesAnything
      ? []
      : Object.keys(properties).filter(name => !Object.hasOwn(type.properties, name))),
    ...(type.refuse?.(properties) ?? []),
    ...policyRefusals(definition),
    ...attributeRefusals(definition.Properties, path, template, scope, abilities),
    ...(type.takesAnything
      ? []
      : dynamicReferences(properties)
          .filter(reference => !abilities.dynamic || isForeign(reference))
          .map(reference => `{{${reference}}}`)),
  ]
}

/** What AWS does not take either, in so far as it is written out. */
function invalidIn(
  logicalId: string,
  { Type, Properties = {}, DeletionPolicy, UpdateReplacePolicy }: ResourceDefinition,
  scope: Scope,
  abilities: Abilities,
): readonly string[] {
  const type = typeOf(Type, abilities)
  const path = `Resources.${logicalId}.Properties`
  const properties = type && !hasMacro(Properties, path) ? settle(Properties, scope, path) : {}
  const policies = { DeletionPolicy, UpdateReplacePolicy }
  return [
    ...(isObject(properties) ? (type?.invalid?.(properties) ?? []) : ['Properties that are not an object']),
    ...Object.entries(policies)
      .filter(([, policy]) => policy !== undefined && !POLICIES.includes(policy))
      .map(([name, policy]) => `${name} ${policy}`),
  ]
}

/** A macro may put in anything: then there is nothing to look at. */
const hasMacro = (properties: unknown, path: string): boolean =>
  references(properties, path).some(({ name }) => name === 'Fn::Transform')

/** What may become of a resource, on AWS. */
const POLICIES: readonly string[] = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']

function policyRefusals(definition: ResourceDefinition): readonly string[] {
  const {
    DeletionPolicy = 'Delete',
    UpdateReplacePolicy = 'Delete',
    CreationPolicy,
    UpdatePolicy,
  } = definition
  const refused: string[] = []
  if (DeletionPolicy === 'Snapshot') refused.push('DeletionPolicy Snapshot')
  if (['Snapshot', 'RetainExceptOnCreate'].includes(UpdateReplacePolicy)) {
    refused.push(`UpdateReplacePolicy ${UpdateReplacePolicy}`)
  }
  if (CreationPolicy) refused.push('CreationPolicy')
  if (UpdatePolicy) refused.push('UpdatePolicy')
  return refused
}

/** Attributes that a known type does not have here. */
function attributeRefusals(
  value: unknown,
  path: string,
  template: Template,
  scope: Scope,
  abilities: Abilities,
): readonly string[] {
  return references(value, path, scope.condition).flatMap(({ name, attribute }) => {
    const known =
      attribute === undefined ? undefined : typeOf(template.Resources[name]?.Type ?? '', abilities)
    if (!known?.attributes || known.attributes.includes(attribute!)) return []
    return [`the attribute ${attribute} of ${name}, ${known.type}`]
  })
}

const typeOf = (name: string, { types }: Abilities) =>
  types.get(name) ?? inertTypes.find(({ type }) => type === name)
