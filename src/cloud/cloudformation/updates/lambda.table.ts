import { expect } from 'vitest'
import type { UpdateRow, UpdateTable } from './update-row.ts'

const code = (text: string) => ({ ZipFile: `exports.handler = async () => '${text}'` })
const Tags = [{ Key: 'a', Value: 'b' }]

const same = (property: string, value: unknown, more: Partial<UpdateRow> = {}): UpdateRow => ({
  property,
  does: 'no interruption',
  change: { [property]: value },
  shows: { [property]: value } as object,
  ...more,
})
const unseen = (property: string, value: unknown, more: Partial<UpdateRow> = {}): UpdateRow => ({
  property,
  does: 'no interruption',
  change: { [property]: value },
  ...more,
})

/** AWS::Lambda::Function. VpcConfig is tried with a whole network, in ec2.test.ts. */
export const lambdaFunction: UpdateTable = {
  type: 'AWS::Lambda::Function',
  base: ({ RoleArn }) => ({
    Code: code('first'),
    Handler: 'index.handler',
    Runtime: 'nodejs20.x',
    Role: RoleArn,
  }),
  rows: [
    same('FunctionName', 'another', { does: 'replacement' }),
    unseen('PackageType', 'Zip', { does: 'replacement' }),
    unseen('Code', code('second'), { shows: { said: '"second"' } }),
    same('Handler', 'other.handler'),
    same('Runtime', 'nodejs22.x'),
    {
      property: 'Role',
      does: 'no interruption',
      change: ({ OtherRoleArn }) => ({ Role: OtherRoleArn }),
      shows: ({ OtherRoleArn }) => ({ Role: OtherRoleArn }),
    },
    same('Timeout', 7),
    same('MemorySize', 256),
    same('Environment', { Variables: { ROOM: 'b' } }),
    unseen('ReservedConcurrentExecutions', 2, {
      shows: { Concurrency: { ReservedConcurrentExecutions: 2 } },
    }),
    same('LoggingConfig', { LogGroup: 'elsewhere' }),
    {
      property: 'Layers',
      does: 'no interruption',
      change: ({ LayerArn }) => ({ Layers: [LayerArn] }),
      shows: ({ LayerArn }) => ({ Layers: [{ Arn: LayerArn }] }),
    },
    {
      property: 'DeadLetterConfig',
      does: 'no interruption',
      change: ({ QueueArn }) => ({ DeadLetterConfig: { TargetArn: QueueArn } }),
      shows: ({ QueueArn }) => ({ DeadLetterConfig: { TargetArn: QueueArn } }),
    },
    same('Description', 'x'),
    unseen('Tags', Tags, { shows: { Tags: { a: 'b' } } }),
    unseen('Architectures', ['arm64']),
    unseen('TracingConfig', { Mode: 'Active' }),
    unseen('EphemeralStorage', { Size: 1024 }),
    unseen('KmsKeyArn', 'arn:aws:kms:us-east-1:123456789012:key/x'),
    unseen('RuntimeManagementConfig', { UpdateRuntimeOn: 'FunctionUpdate' }),
    unseen('RecursiveLoop', 'Allow'),
  ],
}

/** AWS::Lambda::Permission: every change is another statement. */
export const permission: UpdateTable = {
  type: 'AWS::Lambda::Permission',
  base: ({ FunctionArn }) => ({
    FunctionName: FunctionArn,
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
  }),
  rows: [
    {
      property: 'FunctionName',
      does: 'replacement',
      change: ({ OtherFunctionArn }) => ({ FunctionName: OtherFunctionArn }),
      shows: { Other: expect.stringContaining('apigateway') },
    },
    {
      property: 'Action',
      does: 'replacement',
      change: { Action: 'lambda:*' },
      shows: { Policy: expect.stringContaining('lambda:*') },
    },
    {
      property: 'Principal',
      does: 'replacement',
      change: { Principal: 'sns.amazonaws.com' },
      shows: { Policy: expect.stringContaining('sns.amazonaws.com') },
    },
    {
      property: 'SourceArn',
      does: 'replacement',
      change: { SourceArn: 'arn:aws:sns:us-east-1:123456789012:t' },
      shows: { Policy: expect.stringContaining('AWS:SourceArn') },
    },
    {
      property: 'SourceAccount',
      does: 'replacement',
      change: { SourceAccount: '123456789012' },
      shows: { Policy: expect.stringContaining('AWS:SourceAccount') },
    },
    {
      property: 'PrincipalOrgID',
      does: 'replacement',
      change: { Principal: '*', PrincipalOrgID: 'o-a1b2c3d4e5' },
      shows: { Policy: expect.stringContaining('o-a1b2c3d4e5') },
    },
  ],
}

const settings: readonly (readonly [string, unknown])[] = [
  ['BatchSize', 5],
  ['MaximumBatchingWindowInSeconds', 2],
  ['FunctionResponseTypes', ['ReportBatchItemFailures']],
  ['FilterCriteria', { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] }],
  ['BisectBatchOnFunctionError', true],
  ['MaximumRetryAttempts', 3],
  ['MaximumRecordAgeInSeconds', 120],
  ['ParallelizationFactor', 2],
]

/** AWS::Lambda::EventSourceMapping. */
export const eventSourceMapping: UpdateTable = {
  type: 'AWS::Lambda::EventSourceMapping',
  base: ({ FunctionArn, StreamArn }) => ({
    FunctionName: FunctionArn,
    EventSourceArn: StreamArn,
    StartingPosition: 'LATEST',
  }),
  rows: [
    {
      property: 'EventSourceArn',
      does: 'replacement',
      change: ({ OtherStreamArn }) => ({ EventSourceArn: OtherStreamArn }),
      shows: ({ OtherStreamArn }) => ({ EventSourceArn: OtherStreamArn }),
    },
    {
      property: 'StartingPosition',
      does: 'replacement',
      // One mapping of a stream and a function at a time, so that the new one needs another function.
      change: ({ OtherFunctionArn }) => ({
        StartingPosition: 'TRIM_HORIZON',
        FunctionName: OtherFunctionArn,
      }),
      shows: { StartingPosition: 'TRIM_HORIZON' },
    },
    {
      property: 'FunctionName',
      does: 'no interruption',
      change: ({ OtherFunctionArn }) => ({ FunctionName: OtherFunctionArn }),
      shows: ({ OtherFunctionArn }) => ({ FunctionArn: OtherFunctionArn }),
    },
    {
      property: 'Enabled',
      does: 'no interruption',
      change: { Enabled: false },
      shows: { State: expect.stringMatching(/^Disabl/) },
    },
    ...settings.map(([property, value]) => same(property, value)),
    {
      property: 'DestinationConfig',
      does: 'no interruption',
      change: ({ QueueArn }) => ({ DestinationConfig: { OnFailure: { Destination: QueueArn } } }),
      shows: ({ QueueArn }) => ({ DestinationConfig: { OnFailure: { Destination: QueueArn } } }),
    },
    {
      property: 'ScalingConfig',
      does: 'no interruption',
      from: ({ QueueArn }) => ({ EventSourceArn: QueueArn, StartingPosition: undefined }),
      change: { ScalingConfig: { MaximumConcurrency: 4 } },
      shows: { ScalingConfig: { MaximumConcurrency: 4 } },
    },
    unseen('Tags', Tags),
    unseen('KmsKeyArn', 'arn:aws:kms:us-east-1:123456789012:key/x'),
    unseen('MetricsConfig', { Metrics: ['EventCount'] }),
  ],
}

/** AWS::Lambda::Version. */
export const version: UpdateTable = {
  type: 'AWS::Lambda::Version',
  base: ({ FunctionArn }) => ({ FunctionName: FunctionArn }),
  rows: [
    {
      property: 'FunctionName',
      does: 'replacement',
      change: ({ OtherFunctionArn }) => ({ FunctionName: OtherFunctionArn }),
    },
    unseen('Description', 'x', { does: 'replacement' }),
    unseen('CodeSha256', 'x', { does: 'replacement' }),
  ],
}

/** AWS::Lambda::Alias. */
export const alias: UpdateTable = {
  type: 'AWS::Lambda::Alias',
  base: ({ FunctionArn, VersionOne }) => ({
    FunctionName: FunctionArn,
    Name: 'live',
    FunctionVersion: VersionOne,
  }),
  rows: [
    {
      property: 'FunctionName',
      does: 'replacement',
      change: ({ OtherFunctionArn }) => ({ FunctionName: OtherFunctionArn, FunctionVersion: '$LATEST' }),
    },
    unseen('Name', 'dark', { does: 'replacement' }),
    unseen('FunctionVersion', '$LATEST', { shows: { Version: '$LATEST' } }),
    unseen('Description', 'x'),
  ],
}

const content = (text: string) => ({ S3Bucket: 'layers', S3Key: text })

/** AWS::Lambda::LayerVersion: a version never changes. */
export const layerVersion: UpdateTable = {
  type: 'AWS::Lambda::LayerVersion',
  base: { Content: content('first') },
  rows: [
    unseen('LayerName', 'another', { does: 'replacement' }),
    unseen('Content', content('second'), { does: 'replacement' }),
    unseen('CompatibleRuntimes', ['nodejs22.x'], { does: 'replacement' }),
    unseen('CompatibleArchitectures', ['arm64'], { does: 'replacement' }),
    unseen('Description', 'x', { does: 'replacement' }),
    unseen('LicenseInfo', 'MIT', { does: 'replacement' }),
  ],
}
