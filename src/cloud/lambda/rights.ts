// What CloudFormation's handlers for Lambda ask: a table.
import { arnIn, asking, passing, type Rights, type Subject } from '../cloudformation/rights.ts'
import type { Access } from '../service.ts'

export const functionRights: Rights = {
  service: 'Lambda',
  on: of => functionArn(of, of.physicalId ?? of.properties.FunctionName ?? of.inventName(64)),
  create: 'lambda: CreateFunction GetFunction',
  read: 'lambda: GetFunction GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetRuntimeManagementConfig',
  update: 'lambda: GetFunction UpdateFunctionConfiguration UpdateFunctionCode',
  delete: 'lambda: DeleteFunction GetFunction',
  tag: 'lambda: TagResource',
  untag: 'lambda: UntagResource',
  also(of, verb) {
    if (verb === 'delete') return []
    const { Role, Code, Layers = [], ReservedConcurrentExecutions: reserved } = of.properties
    const hadReserved = of.before?.ReservedConcurrentExecutions !== undefined
    return [
      ...passing(Role, 'lambda.amazonaws.com'),
      ...(of.properties.VpcConfig?.SubnetIds?.length > 0
        ? asking('ec2: DescribeVpcs DescribeSubnets DescribeSecurityGroups', '*')
        : []),
      ...codeIn(of, Code),
      ...Layers.flatMap((arn: string) => asking('lambda: GetLayerVersion', arn)),
      ...(reserved !== undefined ? asking('lambda: PutFunctionConcurrency', functionRights.on(of)) : []),
      ...(reserved === undefined && hadReserved
        ? asking('lambda: DeleteFunctionConcurrency', functionRights.on(of))
        : []),
      ...set(of, 'RecursiveLoop', 'lambda: PutFunctionRecursionConfig'),
      ...set(of, 'RuntimeManagementConfig', 'lambda: PutRuntimeManagementConfig'),
    ]
  },
}

export const permissionRights: Rights = {
  service: 'Lambda',
  on: of => functionArn(of, of.properties.FunctionName),
  create: 'lambda: AddPermission',
  read: 'lambda: GetPolicy',
  delete: 'lambda: RemovePermission',
}

export const versionRights: Rights = {
  service: 'Lambda',
  on: of => of.physicalId ?? functionArn(of, of.properties.FunctionName),
  create: 'lambda: PublishVersion GetFunctionConfiguration ListVersionsByFunction',
  read: 'lambda: GetFunctionConfiguration',
  delete: 'lambda: GetFunctionConfiguration DeleteFunction',
}

export const aliasRights: Rights = {
  service: 'Lambda',
  on: of => functionArn(of, of.properties.FunctionName),
  create: 'lambda: CreateAlias',
  read: 'lambda: GetAlias',
  update: 'lambda: UpdateAlias GetAlias',
  delete: 'lambda: DeleteAlias GetAlias',
}

export const layerVersionRights: Rights = {
  service: 'Lambda',
  on: of => of.physicalId ?? arnIn(of.account, 'lambda', `layer:${layerName(of)}`),
  create: 'lambda: PublishLayerVersion',
  delete: 'lambda: GetLayerVersion DeleteLayerVersion',
  also: (of, verb) =>
    verb === 'create'
      ? [
          ...codeIn(of, of.properties.Content),
          ...asking('lambda: GetLayerVersion', arnIn(of.account, 'lambda', `layer:${layerName(of)}:*`)),
        ]
      : [],
}

export const mappingRights: Rights = {
  service: 'Lambda',
  on: of => arnIn(of.account, 'lambda', `event-source-mapping:${of.physicalId ?? '*'}`),
  create: '',
  read: 'lambda: ListTags',
  tag: 'lambda: TagResource',
  untag: 'lambda: UntagResource',
  // AWS knows the mapping by its function: a policy says for which functions.
  also(of, verb) {
    const context = { 'lambda:FunctionArn': functionArn(of, of.properties.FunctionName) }
    const looks = asking('lambda: GetEventSourceMapping', mappingRights.on(of), context)
    if (verb === 'create') return [...asking('lambda: CreateEventSourceMapping', '*', context), ...looks]
    const actions = verb === 'update' ? 'UpdateEventSourceMapping' : 'DeleteEventSourceMapping'
    return [...asking(`lambda: ${actions}`, mappingRights.on(of), context), ...looks]
  },
}

export const invokeConfigRights: Rights = {
  service: 'Lambda',
  on: of => functionArn(of, of.properties.FunctionName),
  create: 'lambda: PutFunctionEventInvokeConfig',
  read: 'lambda: GetFunctionEventInvokeConfig',
  update: 'lambda: UpdateFunctionEventInvokeConfig',
  delete: 'lambda: DeleteFunctionEventInvokeConfig',
}

/** A custom resource: CloudFormation calls the function that its template names. */
export const customResourceRights: Rights = {
  service: 'Lambda',
  on: of => functionArn(of, of.properties.ServiceToken),
  create: 'lambda: InvokeFunction',
  update: 'lambda: InvokeFunction',
  delete: 'lambda: InvokeFunction',
}

/** A function by name, or ARN; with a version or alias behind it or not. */
const functionArn = ({ account }: Subject, nameOrArn: unknown): string =>
  String(nameOrArn).startsWith('arn:')
    ? String(nameOrArn)
    : arnIn(account, 'lambda', `function:${String(nameOrArn)}`)

const layerName = ({ properties, inventName }: Subject): string => properties.LayerName ?? inventName(64)

/** Code that lies in a bucket is fetched with the deployer's rights. */
function codeIn({ account }: Subject, code: any): readonly Access[] {
  if (code?.S3Bucket === undefined) return []
  return asking('s3: GetObject', `arn:${account.partition}:s3:::${code.S3Bucket}/${code.S3Key}`)
}

const set = (of: Subject, property: string, actions: string): readonly Access[] =>
  of.properties[property] === undefined ? [] : asking(actions, functionRights.on(of))
