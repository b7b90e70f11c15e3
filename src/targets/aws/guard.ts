import { join } from 'node:path'
import { type Assembly, DeployFailed, type Origin } from '#kit'
import { AssemblyProblem, readJson, readManifest } from '../../cloud/cloudformation/manifest.ts'

interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, any>>
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}

/** Something that would stay in the account when the stack goes, and cost money or be in the way. */
interface Leftover {
  readonly logicalId: string
  readonly because: string
}

/**
 * Refuses a stack that would leave something behind. In the local cloud nothing does: everything goes with the process.
 *
 * @throws DeployFailed with every such resource and its line; also for an assembly that cannot be read.
 */
export function refuseLeftovers({ directory, stackName, origins }: Assembly): void {
  const resources = resourcesIn(directory, stackName)
  const leftovers = Object.entries(resources).flatMap(([logicalId, resource]) =>
    whatStays(logicalId, resource, resources).map(because => ({ logicalId, because })),
  )
  const [first] = leftovers
  if (!first) return
  throw new DeployFailed({
    logicalId: first.logicalId,
    reason: `Not deployed to AWS: ${described(first, resources, origins)}`,
    evidence: leftovers.slice(1).map(one => described(one, resources, origins)),
  })
}

function whatStays(
  logicalId: string,
  { Type, Properties = {}, DeletionPolicy, UpdateReplacePolicy }: Resource,
  resources: Readonly<Record<string, Resource>>,
): readonly string[] {
  const because: string[] = []
  if (/^Custom::|^AWS::CloudFormation::CustomResource$/.test(Type)) {
    because.push('a custom resource runs code of its own, whose logs and doings nobody clears away')
  }
  if (DeletionPolicy && DeletionPolicy !== 'Delete') {
    because.push(`it stays when the stack goes (DeletionPolicy ${DeletionPolicy})`)
  } else if (UpdateReplacePolicy && UpdateReplacePolicy !== 'Delete') {
    because.push(`it stays when it is replaced (UpdateReplacePolicy ${UpdateReplacePolicy})`)
  }
  if (Type === 'AWS::Lambda::Function') {
    const group = logGroupOf(logicalId, Properties, resources)
    if (!group)
      because.push(
        'it has no log group of its own: the one that Lambda makes never expires, and outlives the stack',
      )
    else if (!group.Properties?.RetentionInDays)
      because.push('its log group has no retention: it never expires')
  }
  return because
}

/** The log group that the template makes for a function: by its LoggingConfig, or by the name that Lambda looks for. */
function logGroupOf(
  logicalId: string,
  { LoggingConfig, FunctionName }: Readonly<Record<string, any>>,
  resources: Readonly<Record<string, Resource>>,
): Resource | undefined {
  const groups = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Logs::LogGroup')
  const wanted = LoggingConfig?.LogGroup
  const found = groups.find(([id, { Properties = {} }]) => {
    const name = Properties.LogGroupName
    if (wanted !== undefined) return wanted.Ref === id || (name !== undefined && same(name, wanted))
    return (
      same(name, { 'Fn::Join': ['', ['/aws/lambda/', { Ref: logicalId }]] }) ||
      same(name, { 'Fn::Sub': `/aws/lambda/\${${logicalId}}` }) ||
      (typeof FunctionName === 'string' && name === `/aws/lambda/${FunctionName}`)
    )
  })
  return found?.[1]
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** `Room (AWS::DynamoDB::Table, starter/…/stack.ts:31): it stays when the stack goes`. */
function described(
  { logicalId, because }: Leftover,
  resources: Readonly<Record<string, Resource>>,
  origins: readonly Origin[],
): string {
  const line = origins.find(one => one.logicalId === logicalId)?.line
  return `${logicalId} (${resources[logicalId]?.Type}${line ? `, ${line}` : ''}): ${because}.`
}

function resourcesIn(directory: string, stackName: string): Readonly<Record<string, Resource>> {
  try {
    const { artifacts } = readManifest(directory)
    const artifact = artifacts[stackName]
    if (!artifact) throw new AssemblyProblem(`There is no stack ${stackName} in the assembly ${directory}.`)
    const template = readJson(join(directory, artifact.properties?.templateFile)) as any
    return template?.Resources ?? {}
  } catch (error) {
    if (error instanceof AssemblyProblem) throw new DeployFailed({ reason: error.message })
    throw error
  }
}
