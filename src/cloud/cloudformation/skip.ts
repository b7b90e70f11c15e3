import type { Account } from '../account.ts'
import type { Scope } from './intrinsic.ts'
import { settle } from './intrinsics.ts'
import { references } from './references.ts'
import { type Refusal, refusalLine, type Surveyed, scopeBefore } from './refusals.ts'
import type { Survey } from './surveyed.ts'
import { dependsOn, isObject, type ResourceDefinition, type Template } from './template.ts'

/**
 * Leaves out what was refused together with what refers to it, across stacks. A mere DependsOn is dropped, and so is a
 * policy's statement about something that is left out: what is granted on nothing grants nothing.
 */
export function leaveOut<S extends Surveyed>(
  stacks: readonly S[],
  refusals: readonly Refusal[],
  account: Account,
): Survey<S> {
  const leftOut = refusals.map(refusalLine)
  const remains = stacks.map(stack => startWith(stack, refusals, account, leftOut))
  // What refers to something that is gone goes too, until nothing does any more.
  let shrunk = true
  while (shrunk) shrunk = remains.map(one => shrink(one, lostIn(remains), leftOut)).includes(true)

  const left = remains.filter(({ template }) => Object.keys(template.Resources).length > 0)
  for (const { stack } of remains.filter(one => !left.includes(one))) {
    leftOut.push(`${stack.stackName}: nothing is left of it`)
  }
  return {
    stacks: left.map(({ stack, template, gone }) => ({
      ...stack,
      template,
      parameters: without(stack.parameters, gone),
      dockerImages: [],
    })),
    leftOut,
  }
}

/** What is left of a stack so far. */
interface Remains<S extends Surveyed = Surveyed> {
  readonly stack: S
  readonly scope: Scope
  template: Template
  /** Resources and parameters that are no more. */
  readonly gone: Set<string>
}

/** What stacks no longer give each other. */
interface Lost {
  readonly exports: ReadonlySet<string>
  /** `stack.output`. */
  readonly outputs: ReadonlySet<string>
}

function startWith<S extends Surveyed>(
  stack: S,
  refusals: readonly Refusal[],
  account: Account,
  leftOut: string[],
): Remains<S> {
  const own = refusals.filter(({ stackName }) => stackName === stack.stackName)
  const named = (kind: Refusal['kind']) =>
    new Set(own.filter(one => one.kind === kind).map(({ logicalId }) => logicalId!))
  const parameters = named('parameter')
  const resources = named('resource')
  const scope = scopeBefore(stack, account)
  const decided = references(stack.template.Conditions, 'Conditions').find(({ name }) => parameters.has(name))
  if (decided) leftOut.push(`${stack.stackName}: its conditions refer to ${decided.name}`)
  if (decided || own.some(({ kind }) => kind === 'stack')) {
    const gone = new Set(Object.keys(stack.template.Resources))
    return { stack, scope, gone, template: { ...stack.template, Resources: {}, Outputs: {} } }
  }
  return {
    stack,
    scope,
    gone: new Set([...parameters, ...resources]),
    template: {
      ...stack.template,
      Parameters: without(stack.template.Parameters, parameters),
      Resources: without(stack.template.Resources, resources),
      Outputs: without(stack.template.Outputs, named('output')),
    },
  }
}

/** Takes away what refers to something lost. Answers whether there was any. */
function shrink(remains: Remains, lost: Lost, leftOut: string[]): boolean {
  const { stack, gone } = remains
  const { Resources, Outputs = {} } = remains.template
  const isLost = lostName(remains, lost)
  const resources: Record<string, ResourceDefinition> = {}
  const before = leftOut.length

  for (const [logicalId, definition] of Object.entries(Resources)) {
    const [properties, statements] = withoutStatements(definition.Properties ?? {}, isLost)
    const name = properties === EMPTY ? isLost(definition.Properties) : isLost(properties)
    if (name !== undefined) {
      gone.add(logicalId)
      leftOut.push(`${stack.stackName}/${logicalId}: ${definition.Type}, refers to ${name}`)
      continue
    }
    for (const one of statements) leftOut.push(`${stack.stackName}/${logicalId}: a statement about ${one}`)
    const after = dependsOn(definition).filter(one => !gone.has(one))
    resources[logicalId] = {
      ...definition,
      ...(definition.Properties && { Properties: properties as Record<string, unknown> }),
      ...(definition.DependsOn && { DependsOn: after }),
    }
  }
  const kept = Object.entries(Outputs).filter(([key, output]) => {
    const name = isLost(output.Value) ?? isLost(output.Export)
    if (name !== undefined) leftOut.push(`${stack.stackName}/${key}: an output, refers to ${name}`)
    return name === undefined
  })
  remains.template = { ...remains.template, Resources: resources, Outputs: Object.fromEntries(kept) }
  return leftOut.length > before
}

/** Finds the first lost thing that a value refers to, on whichever side of a condition. */
function lostName({ scope, gone }: Remains, lost: Lost): (value: unknown) => string | undefined {
  return value => {
    for (const { kind, name, argument } of references(value, '')) {
      if ((kind === 'Ref' || kind === 'GetAtt' || kind === 'Sub') && gone.has(name)) return name
      if (kind === 'Import') {
        const exported = String(settle(argument, scope, ''))
        if (lost.exports.has(exported)) return `the export ${exported}`
      }
      if (kind === 'StackOutput') {
        const { StackName, OutputName } = settle(argument, scope, '') as Record<string, unknown>
        if (lost.outputs.has(`${StackName}.${OutputName}`)) return `the output ${StackName}.${OutputName}`
      }
    }
    return undefined
  }
}

function lostIn(all: readonly Remains[]): Lost {
  const lost = all.flatMap(({ stack, scope, template }) =>
    Object.entries(stack.template.Outputs ?? {})
      .filter(([key]) => !Object.hasOwn(template.Outputs ?? {}, key))
      .map(([key, { Export }]) => ({
        output: `${stack.stackName}.${key}`,
        exported: Export && settle(Export.Name, scope, `Outputs.${key}`),
      })),
  )
  return {
    exports: new Set(lost.flatMap(({ exported }) => (typeof exported === 'string' ? [exported] : []))),
    outputs: new Set(lost.map(({ output }) => output)),
  }
}

const EMPTY = Symbol('a policy of which nothing is left')

/** Properties without the policy statements, or the resources in them, that are lost; and the names of those. */
function withoutStatements(
  value: unknown,
  isLost: (value: unknown) => string | undefined,
): readonly [unknown, readonly string[]] {
  const about: string[] = []
  return [prune(value), about]

  function prune(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(prune).filter(one => one !== EMPTY)
    if (!isObject(value)) return value
    if (Array.isArray(value.Statement)) {
      const left = value.Statement.map(pruneStatement).filter(one => one !== EMPTY)
      return left.length === 0 && value.Statement.length > 0 ? EMPTY : { ...value, Statement: left }
    }
    const members = Object.entries(value).map(([key, one]) => [key, prune(one)] as const)
    return members.some(([, one]) => one === EMPTY) ? EMPTY : Object.fromEntries(members)
  }

  function pruneStatement(statement: unknown): unknown {
    const name = isLost(statement)
    if (name === undefined || !isObject(statement)) return statement
    about.push(name)
    const resources = Array.isArray(statement.Resource) ? statement.Resource.filter(one => !isLost(one)) : []
    const left = { ...statement, Resource: resources }
    return resources.length > 0 && isLost(left) === undefined ? left : EMPTY
  }
}

const without = <T>(members: Readonly<Record<string, T>> | undefined, names: ReadonlySet<string>) =>
  Object.fromEntries(Object.entries(members ?? {}).filter(([name]) => !names.has(name)))
