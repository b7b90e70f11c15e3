import { dynamicReferencesAreSound } from './dynamic.ts'
import { valueFunctions } from './functions.ts'
import { type Reference, references } from './references.ts'
import { sectionsAreSound } from './sections.ts'
import { dependsOn, isObject, type Template, TemplateProblem } from './template.ts'

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Resources',
  'Outputs',
  'Hooks',
])

const MEMBERS = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'UpdatePolicy',
  'CreationPolicy',
])

const PSEUDO_PARAMETERS = new Set(
  [
    'AccountId',
    'NoValue',
    'NotificationARNs',
    'Partition',
    'Region',
    'StackId',
    'StackName',
    'URLSuffix',
  ].map(name => `AWS::${name}`),
)

/**
 * Looks at a template as CloudFormation does before it makes anything: every name must mean something, whichever way
 * the conditions turn out. Throws `TemplateProblem`, in CloudFormation's words, for the first that does not.
 */
export function validate(template: Template): void {
  if (!isObject(template)) throw new TemplateProblem('Template format error: unsupported structure.')
  // A transform makes another template of it, which AWS looks at in its place. Here the transform is refused by name.
  if (foreignTransforms(template).length > 0 && isObject(template.Resources)) return
  const stray = Object.keys(template).filter(section => !SECTIONS.has(section))
  if (stray.length > 0) {
    throw new TemplateProblem(`Invalid template property or properties [${stray.join(', ')}]`)
  }
  if (!isObject(template.Resources) || Object.keys(template.Resources).length === 0) {
    throw new TemplateProblem('Template format error: At least one Resources member must be defined.')
  }
  sectionsAreSound(template)
  conditionsAreSound(template)
  resourcesAreSound(template)
  dynamicReferencesAreSound(template)
  outputsAreSound(template)
}

/** Macros that are not run here, by their names. */
export const foreignTransforms = ({ Transform = [] }: Template): readonly string[] =>
  [Transform].flat().filter(name => name !== 'AWS::LanguageExtensions')

function conditionsAreSound(template: Template) {
  const strange = references(template.Conditions, 'Conditions')
    .filter(({ kind }) => kind === 'Ref' || kind === 'GetAtt' || kind === 'Sub')
    .filter(({ name }) => !isParameter(template, name))
  if (strange.length > 0) {
    const names = [...new Set(strange.map(({ name }) => name))].join(', ')
    throw new TemplateProblem(
      `Template format error: Unresolved dependencies [${names}]. Cannot reference resources in the Conditions block of the template`,
      strange[0]!.path,
    )
  }
}

function resourcesAreSound(template: Template) {
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const path = `Resources.${logicalId}`
    if (!/^[A-Za-z0-9]+$/.test(logicalId)) {
      throw new TemplateProblem(
        `Template format error: Resource name ${logicalId} is non alphanumeric.`,
        path,
      )
    }
    if (!isObject(resource) || typeof resource.Type !== 'string') {
      throw new TemplateProblem(
        `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
        path,
      )
    }
    const stray = Object.keys(resource).find(member => !MEMBERS.has(member))
    if (stray) throw new TemplateProblem(`Invalid template resource property '${stray}'`, `${path}.${stray}`)
    conditionExists(template, resource.Condition, 'Resources', path)
    for (const name of dependsOn(resource)) {
      if (!Object.hasOwn(template.Resources, name)) throw unresolved([name], 'Resources', `${path}.DependsOn`)
    }
  }
  const all = Object.entries(template.Resources).flatMap(([logicalId, { Properties }]) =>
    references(Properties, `Resources.${logicalId}.Properties`),
  )
  namesAreSound(template, all, 'Resources')
}

function outputsAreSound(template: Template) {
  for (const [name, output] of Object.entries(template.Outputs ?? {})) {
    const path = `Outputs.${name}`
    if (!isObject(output) || output.Value === undefined) {
      throw new TemplateProblem(
        'Template format error: Every Outputs member must contain a Value object',
        path,
      )
    }
    conditionExists(template, output.Condition, 'Outputs', path)
    const all = [...references(output.Value, `${path}.Value`), ...references(output.Export, `${path}.Export`)]
    namesAreSound(template, all, 'Outputs')
  }
}

function namesAreSound(template: Template, all: readonly Reference[], section: 'Resources' | 'Outputs') {
  const unknown = all.filter(
    ({ kind, name, attribute }) =>
      (kind === 'Ref' || (kind === 'Sub' && attribute === undefined)) &&
      !isParameter(template, name) &&
      !isResource(template, name),
  )
  if (unknown.length > 0) {
    throw unresolved([...new Set(unknown.map(({ name }) => name))], section, unknown[0]!.path)
  }
  for (const reference of all) {
    if (reference.kind === 'If') conditionExists(template, reference.name, 'Fn::If', reference.path)
    else if (reference.kind === 'Function') functionExists(reference)
    else if (reference.attribute !== undefined || reference.kind === 'GetAtt') {
      attributeExists(template, reference)
    }
  }
}

function attributeExists(template: Template, { kind, name, attribute, path }: Reference) {
  if (!isResource(template, name)) {
    throw new TemplateProblem(
      kind === 'Sub'
        ? `Template error: instance of Fn::Sub references invalid resource attribute ${name}.${attribute}`
        : `Template error: instance of Fn::GetAtt references undefined resource ${name}`,
      path,
    )
  }
}

function functionExists({ name, path }: Reference) {
  if (Object.hasOwn(valueFunctions, name)) return
  const known = Object.keys(valueFunctions).join(', ')
  throw new TemplateProblem(
    `Template error: encountered unsupported function: ${name} Supported functions are: [${known}]`,
    path,
  )
}

function conditionExists(template: Template, name: string | undefined, where: string, path: string) {
  if (name === undefined || Object.hasOwn(template.Conditions ?? {}, name)) return
  throw new TemplateProblem(
    where === 'Fn::If'
      ? `Template error: unresolved condition dependency ${name} in Fn::If`
      : `Template format error: Unresolved condition dependency ${name} in the ${where} block of the template`,
    path,
  )
}

const isParameter = (template: Template, name: string) =>
  PSEUDO_PARAMETERS.has(name) || Object.hasOwn(template.Parameters ?? {}, name)

const isResource = (template: Template, name: string) => Object.hasOwn(template.Resources, name)

const unresolved = (names: readonly string[], section: string, path: string) =>
  new TemplateProblem(
    `Template format error: Unresolved resource dependencies [${names.join(', ')}] in the ${section} block of the template`,
    path,
  )
