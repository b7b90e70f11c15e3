import type { Account } from '../account.ts'
import { type Asked, lackingAttributes, strayAttributes } from './attributes.ts'
import { conditionOutcomes } from './conditions.ts'
import { dynamicReferences, isForeign } from './dynamic.ts'
import { STACK_TYPE } from './history.ts'
import { inertTypes } from './inert.ts'
import { NotYetKnown, type Scope } from './intrinsic.ts'
import { settle } from './intrinsics.ts'
import { templateBefore } from './nested-template.ts'
import {
  BOOTSTRAP_RULE,
  isSsmParameter,
  parametersKnown,
  publicParameter,
  unsupportedParameter,
} from './parameters.ts'
import { references } from './references.ts'
import { type Abilities, type Refusal, refusalLine, type Surveyed } from './surveyed.ts'
import { isObject, type ResourceDefinition } from './template.ts'
import { foreignTransforms } from './validate.ts'

export { type Abilities, type Refusal, refusalLine, type Surveyed }

/**
 * Looks through a valid template for what cannot be run, as it will be once parameters, mappings and conditions are
 * filled in; what a false condition leaves out is not looked at. Throws `TemplateProblem` for missing parameters.
 */
export function refusalsOf(stack: Surveyed, abilities: Abilities): readonly Refusal[] {
  const { stackName, template } = stack
  const scope = scopeBefore(stack, abilities.account)
  const asked: Asked = { template, scope, typeOf: name => typeOf(name, abilities) }
  const found: Refusal[] = [...sectionRefusals(stack), ...parameterRefusals(stack, abilities)]
  for (const [logicalId, definition] of Object.entries(template.Resources)) {
    if (definition.Condition !== undefined && scope.condition(definition.Condition) === false) continue
    const { Type: type } = definition
    // The transform that makes other resources of it is named already.
    if (type.startsWith('AWS::Serverless::') && foreignTransforms(template).length > 0) continue
    const inner = nestedIn(stack, logicalId, scope, abilities)
    const reasons = [
      ...resourceRefusals(logicalId, definition, asked, abilities),
      ...(inner ? refusalsOf(inner, abilities).map(withoutStack) : []),
    ]
    const invalid = invalidIn(logicalId, definition, asked, abilities)
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
    for (const what of lackingAttributes(output.Value, `Outputs.${logicalId}`, asked)) {
      found.push({ kind: 'output', stackName, logicalId, what })
    }
  }
  return found
}

/** The stacks that are nested in a stack, and in those, as far as their templates can be read before anything starts. */
export function allNestedIn(stack: Surveyed, abilities: Abilities): readonly Surveyed[] {
  const scope = scopeBefore(stack, abilities.account)
  return Object.keys(stack.template.Resources).flatMap(logicalId => {
    const inner = nestedIn(stack, logicalId, scope, abilities)
    return inner ? [inner, ...allNestedIn(inner, abilities)] : []
  })
}

function nestedIn(
  { stackName, template, objects }: Surveyed,
  logicalId: string,
  scope: Scope,
  { shelf }: Abilities,
): Surveyed | undefined {
  const { Type, Properties, Condition } = template.Resources[logicalId]!
  if (Type !== STACK_TYPE || (Condition !== undefined && scope.condition(Condition) === false)) return
  const properties = settle(Properties ?? {}, scope, `Resources.${logicalId}.Properties`)
  if (!isObject(properties)) return
  const inner = templateBefore(properties.TemplateURL, [objects, shelf])
  if (!inner) return
  const given = Object.entries(isObject(properties.Parameters) ? properties.Parameters : {})
  const known = given.filter(([, value]) => typeof value !== 'object')
  // A default does not count for what is given and only known later.
  const open = given.filter(one => !known.includes(one)).map(([name]) => name)
  const definitions = Object.entries(inner.Parameters ?? {}).map(([name, { Default, ...rest }]) => [
    name,
    open.includes(name) || Default === undefined ? rest : { ...rest, Default },
  ])
  return {
    stackName: `${stackName}/${logicalId}`,
    template: { ...inner, Parameters: Object.fromEntries(definitions) },
    parameters: Object.fromEntries(known.map(([name, value]) => [name, String(value)])),
    ...(objects && { objects }),
  }
}

/** `Thing: AWS::Kinesis::Stream`: what is refused in a nested stack, as what is wrong with its resource. */
const withoutStack = (refusal: Refusal): string =>
  refusalLine(refusal).slice(refusal.stackName.length + (refusal.logicalId ? 1 : 2))

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
  const rules = Object.keys(template.Rules ?? {}).filter(name => name !== BOOTSTRAP_RULE)
  const kind = 'stack' as const
  return [
    ...foreignTransforms(template).map(name => ({ kind, stackName, what: `the transform ${name}` })),
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
  asked: Asked,
  abilities: Abilities,
): readonly (string | undefined)[] {
  const type = typeOf(definition.Type, abilities)
  if (!type) return [undefined]
  const path = `Resources.${logicalId}.Properties`
  if (hasMacro(definition.Properties, path)) return ['Fn::Transform']
  const properties = settle(definition.Properties ?? {}, asked.scope, path)
  if (!isObject(properties)) return []
  return [
    ...(type.takesAnything
      ? []
      : Object.keys(properties).filter(name => !Object.hasOwn(type.properties, name))),
    ...(type.refuse?.(properties) ?? []),
    ...policyRefusals(definition),
    ...lackingAttributes(definition.Properties, path, asked),
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
  asked: Asked,
  abilities: Abilities,
): readonly string[] {
  const type = typeOf(Type, abilities)
  const path = `Resources.${logicalId}.Properties`
  const properties = type && !hasMacro(Properties, path) ? settle(Properties, asked.scope, path) : {}
  const policies = { DeletionPolicy, UpdateReplacePolicy }
  return [
    ...(isObject(properties) ? (type?.invalid?.(properties) ?? []) : ['Properties that are not an object']),
    ...strayAttributes(Properties, path, asked),
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

const typeOf = (name: string, { types }: Abilities) =>
  types.get(name) ?? inertTypes.find(({ type }) => type === name)
