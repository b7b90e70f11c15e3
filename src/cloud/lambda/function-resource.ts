import type { Account } from '../account.ts'
import type { Properties } from '../cloudformation/properties.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import type { Placement } from '../ec2/outlook.ts'
import { lacking } from '../lack.ts'
import type { CodeSource } from './code.ts'
import { checkEnvironment } from './environment.ts'
import { invalidValue } from './functions.ts'
import { checkFunctionName } from './names.ts'
import { isPython, pythonLacks } from './python.ts'
import { functionRights } from './rights.ts'

/** What a function is made of, read from a template and checked. */
export interface FunctionSettings {
  readonly functionName: string
  readonly runtime: string
  readonly handler: string
  readonly roleArn: string
  readonly timeout: number
  readonly memorySize: number
  readonly environment: Readonly<Record<string, string>>
  readonly logGroup: string
  readonly code: CodeSource
  readonly description: string
  readonly layers: readonly string[]
  /** A queue's or topic's ARN. */
  readonly deadLetterArn: string | undefined
  readonly reserved: number | undefined
  /** Where in a VPC it is put. */
  readonly placement: Placement | undefined
  readonly tags: Readonly<Record<string, string>>
  /** What they were read from. */
  readonly given: Properties
}

/** Makes, changes and deletes functions. */
export interface FunctionKeeper {
  /** Throws when it exists already. Answers with its ARN. */
  create(settings: FunctionSettings): string
  update(settings: FunctionSettings): string
  delete(name: string): void
  /** What the function `name` is made of now. Throws when there is none. */
  settingsOf(name: string): FunctionSettings
}

/** AWS::Lambda::Function. File systems, images, SnapStart and code signing are not supported here. */
export function functionResource(keeper: FunctionKeeper, { accountId }: Account): ResourceType {
  return {
    type: 'AWS::Lambda::Function',
    lacks: ['SnapStartResponse'],
    nameProperty: 'FunctionName',
    rights: functionRights,
    properties: {
      FunctionName: 'replace',
      PackageType: 'replace',
      Code: 'update',
      Handler: 'update',
      Runtime: 'update',
      Role: 'update',
      Timeout: 'update',
      MemorySize: 'update',
      Environment: 'update',
      ReservedConcurrentExecutions: 'update',
      LoggingConfig: 'update',
      Layers: 'update',
      DeadLetterConfig: 'update',
      VpcConfig: 'update',
      Description: 'update',
      Tags: 'update',
      // One processor or another, traces nobody collects, a disk that is the machine's own, a key for text that is not encrypted.
      Architectures: 'harmless',
      TracingConfig: 'harmless',
      EphemeralStorage: 'harmless',
      KmsKeyArn: 'harmless',
      RuntimeManagementConfig: 'harmless',
      RecursiveLoop: 'harmless',
    },
    attributes: ['Arn'],
    refuse: properties => [...refuse(properties), ...foreignLayers(properties, accountId)],
    invalid,
    create(request) {
      const settings = settingsFrom(
        request.properties,
        request.properties.FunctionName ?? request.inventName(64),
      )
      return { physicalId: settings.functionName, attributes: { Arn: keeper.create(settings) } }
    },
    update(request, existing) {
      const settings = settingsFrom(request.properties, existing.physicalId)
      return { physicalId: existing.physicalId, attributes: { Arn: keeper.update(settings) } }
    },
    delete: ({ physicalId }) => keeper.delete(physicalId),
  }
}

/** Layers that AWS or others publish: their content is nowhere here. */
const foreignLayers = ({ Layers = [] }: Properties, accountId: string): readonly string[] =>
  (Array.isArray(Layers) ? Layers : [])
    .filter(arn => typeof arn === 'string' && /^arn:[^:]+:lambda:[^:]*:\d{12}:layer:/.test(arn))
    .filter(arn => arn.split(':')[4] !== accountId)
    .map(arn => `Layers: ${arn} is of another account, whose layers are not here`)

/** Runtimes that AWS has besides Node.js and Python 3. */
const OTHER_RUNTIMES = /^(python|java|dotnet|ruby|provided|go\d)/

/** CDK's own function, in Python, for a custom resource that is run here without it: nobody calls it, so it may be of any runtime. */
const isReplaced = ({ Description }: Properties): boolean =>
  /^AWS CloudFormation handler for "Custom::S3BucketNotifications"/.test(String(Description))

function refuse(properties: Properties): readonly string[] {
  const { Runtime, Code, PackageType, LoggingConfig } = properties
  const refused: string[] = []
  if (PackageType === 'Image' || Code?.ImageUri !== undefined)
    refused.push('container images are not run here')
  else if (typeof Runtime === 'string' && OTHER_RUNTIMES.test(Runtime) && !isReplaced(properties)) {
    if (!isPython(Runtime)) refused.push(`Runtime ${Runtime} is not run here: only Node.js and Python 3 are`)
    else refused.push(...[pythonLacks(Runtime) ?? []].flat())
  }
  const { Variables } = properties.Environment ?? {}
  if (Variables?.AWS_LAMBDA_EXEC_WRAPPER !== undefined) {
    refused.push(
      'Environment: AWS_LAMBDA_EXEC_WRAPPER starts a script of the function, which is not run here',
    )
  }
  if (Code?.S3ObjectVersion !== undefined) refused.push('Code.S3ObjectVersion: objects have no versions here')
  if (LoggingConfig?.LogFormat === 'JSON')
    refused.push('LoggingConfig.LogFormat JSON is not written here: only Text is')
  return refused
}

/** What AWS refuses as well. */
function invalid({ Runtime, Code, PackageType, DeadLetterConfig }: Properties): readonly string[] {
  const deadLetters = unservedForDeadLetters(DeadLetterConfig?.TargetArn)
  const isImage = PackageType === 'Image' || Code?.ImageUri !== undefined
  return [
    ...(Runtime === undefined && !isImage ? ['Runtime is missing'] : []),
    ...(typeof Runtime === 'string' && !/^nodejs\d/.test(Runtime) && !OTHER_RUNTIMES.test(Runtime)
      ? [`Runtime ${Runtime} does not exist`]
      : []),
    ...(deadLetters === undefined ? [] : [`DeadLetterConfig: ${deadLetters}`]),
  ]
}

/** Why dead letters do not go there, in so far as an ARN shows it. */
export function unservedForDeadLetters(arn: unknown): string | undefined {
  if (typeof arn !== 'string' || arn === '' || /^arn:[^:]+:(sqs|sns):/.test(arn)) return undefined
  return `dead letters go to a queue or topic, not to ${arn}`
}

/** Reads the properties of AWS::Lambda::Function. Throws what AWS refuses, and what is not supported here. */
export function settingsFrom(properties: Properties, functionName: string): FunctionSettings {
  const { Runtime: runtime, Handler: handler, Role: roleArn, Code: code = {} } = properties
  // What could not be seen before anything started, because an intrinsic stood there.
  const wrong = invalid(properties)
  if (wrong.length > 0) throw invalidValue(wrong.join('; '))
  const refused = refuse(properties)
  if (refused.length > 0) throw lacking(invalidValue(refused.join('; ')))
  if (!runtime || !handler) {
    throw invalidValue(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    )
  }
  const environment = Object.fromEntries(
    Object.entries(properties.Environment?.Variables ?? {}).map(([name, value]) => [name, String(value)]),
  )
  checkFunctionName(functionName)
  checkEnvironment(environment)
  return {
    functionName,
    runtime,
    handler,
    roleArn,
    timeout: between(1, Number(properties.Timeout ?? 3), 900, 'timeout'),
    memorySize: between(128, Number(properties.MemorySize ?? 128), 10_240, 'memorySize'),
    environment,
    logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`,
    code,
    description: properties.Description ?? '',
    layers: properties.Layers ?? [],
    // An empty ARN is none.
    deadLetterArn: properties.DeadLetterConfig?.TargetArn || undefined,
    reserved:
      properties.ReservedConcurrentExecutions === undefined
        ? undefined
        : Number(properties.ReservedConcurrentExecutions),
    placement: placementIn(properties.VpcConfig),
    tags: Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }: any) => [Key, Value])),
    given: properties,
  }
}

/** Two empty lists are none. */
function placementIn({ SubnetIds: subnetIds = [], SecurityGroupIds: groupIds = [] }: Properties = {}) {
  if (subnetIds.length === 0 && groupIds.length === 0) return undefined
  if (subnetIds.length === 0 || groupIds.length === 0)
    throw invalidValue('SubnetIds and SecurityIds must coexist or be both empty list.')
  return { subnetIds, groupIds } as Placement
}

function between(least: number, value: number, most: number, member: string): number {
  if (value >= least && value <= most) return value
  const bound = value > most ? `less than or equal to ${most}` : `greater than or equal to ${least}`
  throw invalidValue(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${bound}`,
  )
}
