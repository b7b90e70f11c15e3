import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListChangeSetsCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { App, CfnOutput, type IStackSynthesizer, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib'
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { HANG } from '../../machine/bounds.ts'
import { defaultAccount } from '../account.ts'
import { stillClock } from '../clock.ts'
import type { Cloud } from '../cloud.ts'
import { buildDoor } from '../door/door.ts'
import { eventStream } from '../events.ts'
import { startIam } from '../iam/roles.ts'
import { startLogs } from '../logs/logs.ts'
import { startSts } from '../sts/sessions.ts'
import { takeOnFor } from '../sts/take-on.ts'
import { askedCloud } from './asked.fixture.ts'
import { objectsIn } from './assets.ts'
import { cloudFormationService } from './service.ts'
import { startStacks } from './stacks.ts'

// CDK's own validation of templates costs a second and is not what is tried here.
process.env.CDK_VALIDATION = 'false'

const root = mkdtempSync(join(tmpdir(), 'cloudformation-'))
let cloud: Cloud
let cfn: CloudFormationClient
beforeAll(async () => {
  cloud = await askedCloud()
  cfn = new CloudFormationClient(config())
})
afterEach(async () => {
  // What imports goes before what exports.
  for (const { stackName } of cloud.stacks.list().toReversed()) await cloud.stacks.delete(stackName)
})
afterAll(async () => {
  cfn.destroy()
  await cloud.stop()
  rmSync(root, { recursive: true })
})

const config = () => ({
  endpoint: cloud.endpoint,
  region: 'us-east-1',
  credentials: cloud.credentials,
  maxAttempts: 1,
})

const group = (name: string, more: object = {}) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName: name, ...more },
})
const groups = (...names: string[]) => ({
  Resources: Object.fromEntries(names.map(name => [name, group(name)])),
})
/** Two that cannot both be made. */
const twins = {
  Resources: { First: group('same'), Second: { ...group('same'), DependsOn: 'First' } },
}
const role = (Properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
    },
    ...Properties,
  },
})

const create = (template: unknown, more: Partial<CreateStackCommandInput> = {}) =>
  cfn.send(
    new CreateStackCommand({
      StackName: 'Chat',
      TemplateBody: typeof template === 'string' ? template : JSON.stringify(template),
      ...more,
    }),
  )
const update = (template: unknown, more: object = {}) =>
  cfn.send(new UpdateStackCommand({ StackName: 'Chat', TemplateBody: JSON.stringify(template), ...more }))
const plan = (template: unknown, more: Partial<CreateChangeSetCommandInput> = {}) =>
  cfn.send(
    new CreateChangeSetCommand({
      StackName: 'Chat',
      ChangeSetName: 'next',
      TemplateBody: JSON.stringify(template),
      ...more,
    }),
  )
const planned = (StackName = 'Chat', ChangeSetName = 'next') =>
  cfn.send(new DescribeChangeSetCommand({ StackName, ChangeSetName }))
const execute = (more: object = {}) =>
  cfn.send(new ExecuteChangeSetCommand({ StackName: 'Chat', ChangeSetName: 'next', ...more }))
const describe = async (StackName = 'Chat') =>
  (await cfn.send(new DescribeStacksCommand({ StackName }))).Stacks![0]!
const statuses = async (StackName = 'Chat') => {
  const { StackEvents } = await cfn.send(new DescribeStackEventsCommand({ StackName }))
  return StackEvents!.map(one => `${one.LogicalResourceId} ${one.ResourceStatus}`).reverse()
}
const saying = (name: string, message: string | RegExp) => ({
  name,
  message: typeof message === 'string' ? message : expect.stringMatching(message),
})

/** An assembly with one stack: a function, written in the template, that says one word. */
function speaker(word: string) {
  const app = new App({ outdir: mkdtempSync(join(root, 'out-')), analyticsReporting: false })
  // CDK's own types do not go with exactOptionalPropertyTypes.
  const synthesizer = new LegacyStackSynthesizer() as IStackSynthesizer
  const stack = new Stack(app, 'Chat', { synthesizer })
  const say = new Lambda(stack, 'Say', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(`exports.handler = async () => '${word}'`),
  })
  new CfnOutput(stack, 'Name', { value: say.functionName, description: 'who speaks' })
  return app.synth()
}

test('a stack with a function, synthesized by CDK, is created, works, is updated and deleted', async () => {
  const lambda = new LambdaClient(config())
  const said = async () => {
    const { Outputs } = await describe()
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: Outputs![0]!.OutputValue }))
    return JSON.parse(Payload!.transformToString())
  }

  const { StackId } = await create(speaker('hello').getStackByName('Chat').template, {
    Capabilities: ['CAPABILITY_IAM'],
    Tags: [{ Key: 'team', Value: 'chat' }],
    ClientRequestToken: 'once',
  })
  await waitUntilStackCreateComplete({ client: cfn, minDelay: 1, maxWaitTime: 60 }, { StackName: 'Chat' })
  expect(StackId).toMatch(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/Chat\/[0-9a-f-]{36}$/)
  expect(await describe()).toMatchObject({
    StackId,
    StackName: 'Chat',
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [{ OutputKey: 'Name', Description: 'who speaks' }],
    Tags: [{ Key: 'team', Value: 'chat' }],
    Capabilities: ['CAPABILITY_IAM'],
    CreationTime: expect.any(Date),
    EnableTerminationProtection: false,
  })
  expect(await said()).toBe('hello')

  await update(speaker('bye').getStackByName('Chat').template, { Capabilities: ['CAPABILITY_IAM'] })
  expect(await describe(StackId)).toMatchObject({
    StackStatus: 'UPDATE_COMPLETE',
    LastUpdatedTime: expect.any(Date),
    Tags: [{ Key: 'team', Value: 'chat' }],
  })
  expect(await said()).toBe('bye')

  await cfn.send(new DeleteStackCommand({ StackName: 'Chat' }))
  await expect(describe()).rejects.toMatchObject(
    saying('ValidationError', 'Stack with id Chat does not exist'),
  )
  expect(await describe(StackId)).toMatchObject({
    StackStatus: 'DELETE_COMPLETE',
    DeletionTime: expect.any(Date),
  })
  lambda.destroy()
})

test('a stack that is not there is ValidationError, status 400', async () => {
  await expect(describe('Nobody')).rejects.toMatchObject({
    ...saying('ValidationError', 'Stack with id Nobody does not exist'),
    $metadata: { httpStatusCode: 400 },
  })
  await expect(statuses('Nobody')).rejects.toThrow('Stack [Nobody] does not exist')
  await expect(update(groups('Hall'), { StackName: 'Nobody' })).rejects.toThrow(
    'Stack [Nobody] does not exist',
  )
  await expect(planned('Nobody')).rejects.toThrow('Stack [Nobody] does not exist')
  // Deleting it is fine.
  await cfn.send(new DeleteStackCommand({ StackName: 'Nobody' }))
})

test('a name that is taken is AlreadyExistsException, but for the same call once more', async () => {
  const first = await create(groups('Hall'), { ClientRequestToken: 'once' })
  expect(await create(groups('Hall'), { ClientRequestToken: 'once' })).toMatchObject({
    StackId: first.StackId,
  })
  await expect(create(groups('Hall'))).rejects.toMatchObject(
    saying('AlreadyExistsException', 'Stack [Chat] already exists'),
  )
})

test('an update that changes nothing is refused', async () => {
  await create(groups('Hall'))
  await expect(update(groups('Hall'))).rejects.toMatchObject(
    saying('ValidationError', 'No updates are to be performed.'),
  )
})

test('a stack that cannot be made is rolled back, and its events say why', async () => {
  const { StackId } = await create(twins)
  expect(await describe()).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' })
  expect(await statuses()).toEqual([
    'Chat CREATE_IN_PROGRESS',
    'First CREATE_IN_PROGRESS',
    'First CREATE_IN_PROGRESS',
    'First CREATE_COMPLETE',
    'Second CREATE_IN_PROGRESS',
    'Second CREATE_FAILED',
    'Chat ROLLBACK_IN_PROGRESS',
    'First DELETE_IN_PROGRESS',
    'First DELETE_COMPLETE',
    'Chat ROLLBACK_COMPLETE',
  ])
  const { StackEvents } = await cfn.send(new DescribeStackEventsCommand({ StackName: StackId }))
  const reasonOf = (status: string) =>
    StackEvents!.find(({ ResourceStatus }) => ResourceStatus === status)?.ResourceStatusReason
  expect(reasonOf('CREATE_FAILED')).toBe(`same already exists in stack ${StackId}`)
  expect(reasonOf('ROLLBACK_IN_PROGRESS')).toBe(
    'The following resource(s) failed to create: [Second]. Rollback requested by user.',
  )
  const { StackResources } = await cfn.send(new DescribeStackResourcesCommand({ StackName: 'Chat' }))
  expect(StackResources!.map(one => [one.LogicalResourceId, one.ResourceStatus])).toEqual([
    ['First', 'DELETE_COMPLETE'],
    ['Second', 'CREATE_FAILED'],
  ])
  await expect(update(groups('Hall'))).rejects.toThrow(
    `Stack:${StackId} is in ROLLBACK_COMPLETE state and can not be updated.`,
  )
})

test('without rollback a stack that cannot be made stays, and says what failed', async () => {
  for (const more of [{ DisableRollback: true }, { OnFailure: 'DO_NOTHING' as const }]) {
    await create(twins, more)
    expect(await describe()).toMatchObject({
      StackStatus: 'CREATE_FAILED',
      StackStatusReason: 'The following resource(s) failed to create: [Second].',
      DisableRollback: true,
    })
    const { StackResourceSummaries } = await cfn.send(new ListStackResourcesCommand({ StackName: 'Chat' }))
    expect(StackResourceSummaries).toMatchObject([
      { LogicalResourceId: 'First', ResourceStatus: 'CREATE_COMPLETE', PhysicalResourceId: 'same' },
      { LogicalResourceId: 'Second', ResourceStatus: 'CREATE_FAILED' },
    ])
    await cfn.send(new DeleteStackCommand({ StackName: 'Chat' }))
  }
  await expect(create(twins, { DisableRollback: true, OnFailure: 'DELETE' })).rejects.toThrow(
    'You cannot specify both DisableRollback and OnFailure',
  )
})

test('with OnFailure DELETE a stack that cannot be made goes, and can still be asked about', async () => {
  const { StackId } = await create(twins, { OnFailure: 'DELETE' })
  await expect(describe()).rejects.toThrow('Stack with id Chat does not exist')
  expect(await describe(StackId)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' })
  expect((await statuses(StackId)).slice(-4)).toEqual([
    'Chat DELETE_IN_PROGRESS',
    'First DELETE_IN_PROGRESS',
    'First DELETE_COMPLETE',
    'Chat DELETE_COMPLETE',
  ])
})

test('an update that fails is rolled back to what there was', async () => {
  const { StackId } = await create(groups('same'))
  await update({ Resources: { same: group('same'), Late: group('same') } })
  expect(await describe()).toMatchObject({ StackId, StackStatus: 'UPDATE_ROLLBACK_COMPLETE' })
  expect((await cfn.send(new GetTemplateCommand({ StackName: 'Chat' }))).TemplateBody).toBe(
    JSON.stringify(groups('same')),
  )
})

test('IAM resources have to be acknowledged, those with a name of their own by name', async () => {
  const plain = { Resources: { Say: role() } }
  const named = { Resources: { Say: role({ RoleName: 'Say' }) } }
  await expect(create(plain)).rejects.toMatchObject(
    saying('InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_IAM]'),
  )
  await expect(create(named, { Capabilities: ['CAPABILITY_IAM'] })).rejects.toThrow(
    'Requires capabilities : [CAPABILITY_NAMED_IAM]',
  )
  await expect(plan(named, { ChangeSetType: 'CREATE' })).rejects.toThrow('[CAPABILITY_NAMED_IAM]')
  await create(named, { Capabilities: ['CAPABILITY_NAMED_IAM'] })
  expect(await describe()).toMatchObject({ StackStatus: 'CREATE_COMPLETE' })
})

test('templates are refused in CloudFormation’s words', async () => {
  const refusals: [string, unknown][] = [
    ['Template format error: JSON not well-formed. (line 1, column 2)', '{bad'],
    ['Template format error: YAML not well-formed. (line 2, column 1)', 'Resources:\n\tA: 1\n'],
    ['Template format error: unsupported structure.', 'just words'],
    ['Template error: YAML aliases are not allowed in CloudFormation templates', 'A: &a {B: 1}\nC: *a\n'],
    ['Template format error: At least one Resources member must be defined.', { Resources: {} }],
    [
      'Template format error: Unrecognized resource types: [Acme::Rocket]',
      { Resources: { R: { Type: 'Acme::Rocket' } } },
    ],
    [
      '1 validation error detected: Value \'{"Description":"xxx',
      { Description: 'x'.repeat(52_000), ...groups('Hall') },
    ],
    ['Parameters: [Word] must have values', { Parameters: { Word: { Type: 'String' } }, ...groups('Hall') }],
  ]
  for (const [message, template] of refusals) await expect(create(template)).rejects.toThrow(message)
  await expect(cfn.send(new CreateStackCommand({ StackName: 'Chat' }))).rejects.toThrow(
    'Either Template URL or Template Body must be specified.',
  )
  await expect(create(groups('Hall'), { StackName: '1st' })).rejects.toThrow(
    "Value '1st' at 'stackName' failed to satisfy constraint",
  )
  expect(cloud.stacks.list()).toEqual([])
})

test('what the local cloud does not have is refused by name, before anything is made', async () => {
  const template = {
    Resources: {
      Site: { Type: 'AWS::KMS::Key', Properties: {} },
      Hall: group('Hall', { FieldIndexPolicies: [] }),
    },
  }
  await expect(create(template)).rejects.toMatchObject(
    saying(
      'ValidationError',
      /^Not supported by the local cloud:\n {2}Chat\/Site: AWS::KMS::Key\n {2}Chat\/Hall: AWS::Logs::LogGroup \(FieldIndexPolicies\)$/,
    ),
  )
  await expect(
    create(groups('Hall'), {
      NotificationARNs: ['arn:aws:sns:us-east-1:123456789012:told'],
    }),
  ).rejects.toThrow('CreateStack: NotificationARNs is not supported by the local cloud.')
  expect(cloud.stacks.list()).toEqual([])
})

test('YAML is read too, with the short forms of functions', async () => {
  const text = `
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Room: {Type: String, Default: hall}
Resources:
  Hall:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub '/chat/\${Room}'
      RetentionInDays: 1
Outputs:
  Arn: {Value: !GetAtt Hall.Arn}
  Name: {Value: !Join ['-', [!Ref Hall, x]]}
`
  await create(text)
  const { Outputs } = await describe()
  expect(Outputs!.map(({ OutputValue }) => OutputValue)).toEqual([
    'arn:aws:logs:us-east-1:123456789012:log-group:/chat/hall:*',
    '/chat/hall-x',
  ])
  expect((await cfn.send(new GetTemplateCommand({ StackName: 'Chat' }))).TemplateBody).toBe(text)
})

test('resources and events are told a page at a time', async () => {
  const names = Array.from({ length: 101 }, (_, index) => `Hall${index}`)
  const { StackId } = await create(groups(...names))
  const first = await cfn.send(new ListStackResourcesCommand({ StackName: StackId }))
  expect(first.StackResourceSummaries).toHaveLength(100)
  const second = await cfn.send(
    new ListStackResourcesCommand({ StackName: StackId, NextToken: first.NextToken }),
  )
  expect(second).toMatchObject({
    StackResourceSummaries: [
      {
        LogicalResourceId: 'Hall100',
        PhysicalResourceId: 'Hall100',
        ResourceType: 'AWS::Logs::LogGroup',
        ResourceStatus: 'CREATE_COMPLETE',
        LastUpdatedTimestamp: expect.any(Date),
      },
    ],
  })
  expect(second.NextToken).toBeUndefined()

  const events: string[] = []
  for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
    const page = await cfn.send(new DescribeStackEventsCommand({ StackName: 'Chat', NextToken }))
    events.push(...page.StackEvents!.map(one => one.EventId!))
    NextToken = page.NextToken
  }
  expect(new Set(events).size).toBe(305)
})

test('one resource can be asked for, by its logical or its physical id', async () => {
  await create({ Resources: { Hall: { ...group('hall'), Metadata: { seats: 4 } } } })
  const ask = (LogicalResourceId: string) =>
    cfn.send(new DescribeStackResourceCommand({ StackName: 'Chat', LogicalResourceId }))
  expect((await ask('Hall')).StackResourceDetail).toMatchObject({
    PhysicalResourceId: 'hall',
    Metadata: '{"seats":4}',
    StackName: 'Chat',
  })
  await expect(ask('Attic')).rejects.toMatchObject(
    saying('ValidationError', 'Resource Attic does not exist for stack Chat'),
  )
  const { StackResources } = await cfn.send(new DescribeStackResourcesCommand({ PhysicalResourceId: 'hall' }))
  expect(StackResources).toMatchObject([{ LogicalResourceId: 'Hall', StackName: 'Chat' }])
})

test('stacks are listed, deleted ones too, and by status', async () => {
  const { StackId } = await create(groups('Hall'))
  await create(groups('Attic'), { StackName: 'Other' })
  await cfn.send(new DeleteStackCommand({ StackName: StackId }))
  const list = async (StackStatusFilter?: 'CREATE_COMPLETE'[]) =>
    (await cfn.send(new ListStacksCommand({ StackStatusFilter }))).StackSummaries!
  expect(await list()).toContainEqual(
    expect.objectContaining({ StackId, StackStatus: 'DELETE_COMPLETE', DeletionTime: expect.any(Date) }),
  )
  expect((await list(['CREATE_COMPLETE'])).map(({ StackName }) => StackName)).toEqual(['Other'])
  const { Stacks } = await cfn.send(new DescribeStacksCommand({}))
  expect(Stacks!.map(({ StackName }) => StackName)).toEqual(['Other'])
})

test('exports and imports are listed; an export in use keeps its stack', async () => {
  await create({ ...groups('Hall'), Outputs: { Name: { Value: { Ref: 'Hall' }, Export: { Name: 'hall' } } } })
  const user = {
    Resources: {
      Other: group('x', { LogGroupName: { 'Fn::Sub': ['${N}-2', { N: { 'Fn::ImportValue': 'hall' } }] } }),
    },
  }
  await create(user, { StackName: 'User' })
  const { Exports } = await cfn.send(new ListExportsCommand({}))
  expect(Exports).toMatchObject([
    { Name: 'hall', Value: 'Hall', ExportingStackId: expect.stringContaining('/Chat/') },
  ])
  expect((await cfn.send(new ListImportsCommand({ ExportName: 'hall' }))).Imports).toEqual(['User'])
  await expect(cfn.send(new ListImportsCommand({ ExportName: 'attic' }))).rejects.toThrow(
    "Export 'attic' is not imported by any stack.",
  )
  // AWS takes the call; it is the stack that says why it stays.
  await cfn.send(new DeleteStackCommand({ StackName: 'Chat' }))
  expect(await describe()).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    StackStatusReason: 'Export hall cannot be deleted as it is in use by User',
  })
})

test('parameters: given, by default, hidden, and kept over an update', async () => {
  const template = (more: object = {}) => ({
    Parameters: {
      Room: { Type: 'String' },
      Days: { Type: 'Number', Default: 1 },
      Secret: { Type: 'String', NoEcho: true },
    },
    Resources: {
      Hall: group('x', { LogGroupName: { Ref: 'Room' }, RetentionInDays: { Ref: 'Days' } }),
      ...more,
    },
    Outputs: { Secret: { Value: { Ref: 'Secret' } } },
  })
  const given = (ParameterKey: string, ParameterValue: string) => ({ ParameterKey, ParameterValue })
  await create(template(), { Parameters: [given('Room', 'hall'), given('Secret', 's3cret')] })
  expect((await describe()).Parameters).toEqual([
    given('Room', 'hall'),
    given('Days', '1'),
    given('Secret', '****'),
  ])
  const keep = ['Room', 'Secret'].map(ParameterKey => ({ ParameterKey, UsePreviousValue: true }))
  await update(template(groups('Attic').Resources), { Parameters: [...keep, given('Days', '3')] })
  expect((await describe()).Outputs).toMatchObject([{ OutputValue: 's3cret' }])
  await cfn.send(
    new UpdateStackCommand({
      StackName: 'Chat',
      UsePreviousTemplate: true,
      Parameters: [...keep, given('Days', '5')],
    }),
  )
  expect((await describe()).Parameters).toContainEqual(given('Days', '5'))
  await plan(template(), { Parameters: [...keep, given('Days', '7')] })
  expect((await planned()).Parameters).toEqual([
    given('Room', 'hall'),
    given('Days', '7'),
    given('Secret', '****'),
  ])
  await execute()
  expect((await describe()).Outputs).toMatchObject([{ OutputValue: 's3cret' }])
  await expect(create(template(), { StackName: 'Other', Parameters: keep })).rejects.toThrow(
    'Cannot specify usePreviousValue as true for a parameter key not in the previous template',
  )
  await expect(
    update(template(), { Parameters: [{ ...given('Room', 'hall'), UsePreviousValue: true }] }),
  ).rejects.toThrow(
    'Invalid input for parameter key Room. Cannot specify usePreviousValue as true and non empty value for a parameter',
  )
  await expect(
    update(template(), { Parameters: [{ ParameterKey: 'Word', UsePreviousValue: true }] }),
  ).rejects.toThrow('Invalid input for parameter key Word. Cannot specify usePreviousValue as true')
})

test('a protected stack is deleted for nobody until the protection is taken off', async () => {
  await create(groups('Hall'), { EnableTerminationProtection: true })
  expect(await describe()).toMatchObject({ EnableTerminationProtection: true })
  await expect(cfn.send(new DeleteStackCommand({ StackName: 'Chat' }))).rejects.toMatchObject(
    saying('ValidationError', 'Stack [Chat] cannot be deleted while TerminationProtection is enabled'),
  )
  await update(groups('Hall', 'Attic'))
  expect(await describe()).toMatchObject({ EnableTerminationProtection: true })
  await cfn.send(
    new UpdateTerminationProtectionCommand({ StackName: 'Chat', EnableTerminationProtection: false }),
  )
  await cfn.send(new DeleteStackCommand({ StackName: 'Chat' }))
  await expect(describe()).rejects.toThrow('does not exist')
})

test('a template can be validated and summed up without a stack', async () => {
  const TemplateBody = JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'A chat room',
    Metadata: { by: 'us' },
    Parameters: { Room: { Type: 'String', Default: 'hall', AllowedValues: ['hall', 'attic'] } },
    Resources: { Say: role(), Hall: group('hall') },
  })
  const reason = 'The following resource(s) require capabilities: [AWS::IAM::Role]'
  expect(await cfn.send(new ValidateTemplateCommand({ TemplateBody }))).toMatchObject({
    Description: 'A chat room',
    Capabilities: ['CAPABILITY_IAM'],
    CapabilitiesReason: reason,
    Parameters: [{ ParameterKey: 'Room', DefaultValue: 'hall', NoEcho: false }],
  })
  expect(await cfn.send(new GetTemplateSummaryCommand({ TemplateBody }))).toMatchObject({
    CapabilitiesReason: reason,
    ResourceTypes: ['AWS::IAM::Role', 'AWS::Logs::LogGroup'],
    Version: '2010-09-09',
    Metadata: '{"by":"us"}',
    Parameters: [
      {
        ParameterKey: 'Room',
        ParameterType: 'String',
        ParameterConstraints: { AllowedValues: ['hall', 'attic'] },
      },
    ],
  })
})

test('a change set makes a stack: under review first, then carried out', async () => {
  const { Id, StackId } = await plan(groups('Hall'), {
    ChangeSetType: 'CREATE',
    Description: 'the first',
    IncludeNestedStacks: true,
    DeploymentConfig: { Mode: 'STANDARD' },
  })
  expect(Id).toMatch(/^arn:aws:cloudformation:us-east-1:123456789012:changeSet\/next\/[0-9a-f-]{36}$/)
  expect(await describe()).toMatchObject({ StackId, StackStatus: 'REVIEW_IN_PROGRESS' })
  expect(await planned()).toMatchObject({
    ChangeSetId: Id,
    StackId,
    Description: 'the first',
    Status: 'CREATE_COMPLETE',
    ExecutionStatus: 'AVAILABLE',
    Changes: [
      {
        Type: 'Resource',
        ResourceChange: {
          Action: 'Add',
          LogicalResourceId: 'Hall',
          ResourceType: 'AWS::Logs::LogGroup',
          Scope: [],
          Details: [],
        },
      },
    ],
  })
  await expect(plan(groups('Hall'), { ChangeSetType: 'CREATE' })).rejects.toMatchObject(
    saying('AlreadyExistsException', 'ChangeSet [next] already exists'),
  )
  await expect(update(groups('Hall'))).rejects.toThrow(
    `Stack:${StackId} is in REVIEW_IN_PROGRESS state and can not be updated.`,
  )
  await execute({ ClientRequestToken: 'exec' })
  expect(await describe()).toMatchObject({
    StackId,
    StackStatus: 'CREATE_COMPLETE',
    ChangeSetId: Id,
    LastUpdatedTime: expect.any(Date),
  })
  expect(await statuses()).toEqual([
    'Chat REVIEW_IN_PROGRESS',
    'Chat CREATE_IN_PROGRESS',
    'Hall CREATE_IN_PROGRESS',
    'Hall CREATE_IN_PROGRESS',
    'Hall CREATE_COMPLETE',
    'Chat CREATE_COMPLETE',
  ])
  const { StackEvents } = await cfn.send(new DescribeStackEventsCommand({ StackName: 'Chat' }))
  expect(StackEvents![0]).toMatchObject({ ClientRequestToken: 'exec' })
  await expect(plan(groups('Attic'), { ChangeSetType: 'CREATE' })).rejects.toThrow(
    'Stack [Chat] already exists and cannot be created again with the changeSet [next].',
  )
})

test('a change set says what would be added, changed, replaced and taken away', async () => {
  const before = {
    Resources: {
      Hall: group('hall'),
      Attic: group('attic', { RetentionInDays: 1 }),
      Cellar: group('cellar'),
      Lent: group('x', { LogGroupName: { 'Fn::Sub': '${Hall}-lent' } }),
    },
  }
  await create(before)
  await plan({
    Resources: {
      Hall: group('great-hall'),
      Attic: group('attic', { RetentionInDays: 3 }),
      Lent: before.Resources.Lent,
      Shed: group('shed'),
    },
  })
  const { Changes } = await planned()
  expect(
    Changes!.map(({ ResourceChange: one }) => [one!.Action, one!.LogicalResourceId, one!.Replacement]),
  ).toEqual([
    ['Modify', 'Hall', 'True'],
    ['Modify', 'Attic', 'False'],
    ['Modify', 'Lent', 'True'],
    ['Add', 'Shed', undefined],
    ['Remove', 'Cellar', undefined],
  ])
  expect(Changes![0]!.ResourceChange).toMatchObject({
    PhysicalResourceId: 'hall',
    Scope: ['Properties'],
    Details: [
      {
        Target: { Attribute: 'Properties', Name: 'LogGroupName', RequiresRecreation: 'Always' },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      },
    ],
  })
  // Hall is replaced for certain, so that its name is another one for certain.
  expect(Changes![2]!.ResourceChange!.Details).toMatchObject([
    { Evaluation: 'Static', ChangeSource: 'ResourceReference', CausingEntity: 'Hall' },
  ])
  expect(Changes!.map(({ ResourceChange: one }) => one!.PolicyAction)).toEqual([
    'ReplaceAndDelete',
    undefined,
    'ReplaceAndDelete',
    undefined,
    'Delete',
  ])
  const valued = await cfn.send(
    new DescribeChangeSetCommand({
      StackName: 'Chat',
      ChangeSetName: 'next',
      IncludePropertyValues: true,
    }),
  )
  expect(valued.Changes![1]!.ResourceChange).toMatchObject({
    BeforeContext: '{"Properties":{"LogGroupName":"attic","RetentionInDays":"1"}}',
    AfterContext: '{"Properties":{"LogGroupName":"attic","RetentionInDays":"3"}}',
    Details: [{ Target: { Path: '/Properties/RetentionInDays', BeforeValue: '1', AfterValue: '3' } }],
  })
  expect(valued.Changes![2]!.ResourceChange!.AfterContext).toContain('{{changeSet:KNOWN_AFTER_APPLY}}')
  const { TemplateBody } = await cfn.send(
    new GetTemplateCommand({ StackName: 'Chat', ChangeSetName: 'next' }),
  )
  expect(TemplateBody).toContain('great-hall')
  // Looking has changed nothing.
  expect(await describe()).toMatchObject({ StackStatus: 'CREATE_COMPLETE' })

  await execute()
  const { StackResourceSummaries } = await cfn.send(new ListStackResourcesCommand({ StackName: 'Chat' }))
  expect(StackResourceSummaries!.map(one => one.PhysicalResourceId).sort()).toEqual([
    'attic',
    'great-hall',
    'great-hall-lent',
    'shed',
  ])
  expect(await planned()).toMatchObject({ ExecutionStatus: 'EXECUTE_COMPLETE' })
  await expect(execute()).rejects.toMatchObject(
    saying(
      'InvalidChangeSetStatusException',
      /cannot be executed in its current status of \[EXECUTE_COMPLETE\]$/,
    ),
  )
})

test('a change that a parameter makes is told twice, as AWS does', async () => {
  const template = {
    Parameters: { Days: { Type: 'Number', Default: 1 } },
    Resources: {
      Hall: { ...group('lasting', { RetentionInDays: { Ref: 'Days' } }), DeletionPolicy: 'Retain' },
    },
  }
  await create(template)
  await plan(template, { Parameters: [{ ParameterKey: 'Days', ParameterValue: '3' }] })

  const { Changes } = await planned()

  const Target = { Attribute: 'Properties', Name: 'RetentionInDays', RequiresRecreation: 'Never' }
  expect(Changes![0]!.ResourceChange!.Details).toEqual([
    { Target, Evaluation: 'Static', ChangeSource: 'ParameterReference', CausingEntity: 'Days' },
    { Target, Evaluation: 'Dynamic', ChangeSource: 'DirectModification' },
  ])
  await execute()
  await plan(groups('Attic'), { ChangeSetName: 'without' })
  const without = await planned('Chat', 'without')
  expect(without.Changes![1]!.ResourceChange).toMatchObject({ Action: 'Remove', PolicyAction: 'Retain' })
})

test('a rollback that did not fail cannot be continued', async () => {
  const { StackId } = await create(groups('Hall'))
  await expect(cfn.send(new ContinueUpdateRollbackCommand({ StackName: 'Chat' }))).rejects.toMatchObject(
    saying('ValidationError', `Stack:${StackId} is in CREATE_COMPLETE state and can not be rolled back.`),
  )
})

test('CreateStack makes a stack that is under review, and its change set is OBSOLETE', async () => {
  const { StackId } = await plan(groups('Hall'), { ChangeSetType: 'CREATE' })

  expect(await create(groups('Attic'))).toMatchObject({ StackId })

  expect(await describe()).toMatchObject({ StackId, StackStatus: 'CREATE_COMPLETE' })
  expect(await planned()).toMatchObject({ ExecutionStatus: 'OBSOLETE' })
  await expect(execute()).rejects.toThrow('[OBSOLETE]')
})

test('a change set by the id of a deleted stack is refused in AWS’s words', async () => {
  const { StackId } = await create(groups('Hall'))
  await cfn.send(new DeleteStackCommand({ StackName: 'Chat' }))

  await expect(plan(groups('Hall'), { StackName: StackId!, ChangeSetType: 'CREATE' })).rejects.toThrow(
    `Stack [${StackId}] already exists and cannot be created again with the changeSet [next].`,
  )
  await expect(plan(groups('Hall'), { StackName: StackId!, ChangeSetType: 'UPDATE' })).rejects.toThrow(
    `Stack:${StackId} is in DELETE_COMPLETE state and can not be updated.`,
  )
})

test('a change set without changes FAILED, and cannot be executed', async () => {
  await create(groups('Hall'))
  const { Id } = await plan(groups('Hall'))
  expect(await planned()).toMatchObject({
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
  })
  await expect(execute()).rejects.toMatchObject(
    saying(
      'InvalidChangeSetStatusException',
      `ChangeSet [${Id}] cannot be executed in its current status of [FAILED]`,
    ),
  )
})

test('change sets are listed and deleted; one that is not there is ChangeSetNotFound, but may be deleted', async () => {
  await create(groups('Hall'))
  await plan(groups('Hall', 'Attic'))
  const list = async () => {
    const { Summaries } = await cfn.send(new ListChangeSetsCommand({ StackName: 'Chat' }))
    return Summaries!.map(one => [one.ChangeSetName, one.Status, one.ExecutionStatus])
  }
  expect(await list()).toEqual([['next', 'CREATE_COMPLETE', 'AVAILABLE']])
  const remove = () => cfn.send(new DeleteChangeSetCommand({ StackName: 'Chat', ChangeSetName: 'next' }))
  await remove()
  expect(await list()).toEqual([])
  await remove()
  await expect(planned()).rejects.toMatchObject({
    ...saying('ChangeSetNotFoundException', 'ChangeSet [next] does not exist'),
    $metadata: { httpStatusCode: 404 },
  })
  await expect(cfn.send(new DescribeChangeSetCommand({ ChangeSetName: 'next' }))).rejects.toThrow(
    'StackName must be specified if ChangeSetName is not specified as an ARN.',
  )
})

test('a stack whose change set cannot be carried out is rolled back', async () => {
  await plan(twins, { ChangeSetType: 'CREATE' })
  await execute()
  expect(await describe()).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' })
  expect(await planned()).toMatchObject({ ExecutionStatus: 'EXECUTE_FAILED' })
  await cfn.send(new DeleteStackCommand({ StackName: 'Chat' }))

  await plan(twins, { ChangeSetType: 'CREATE', OnStackFailure: 'DELETE' })
  await execute()
  await expect(describe()).rejects.toThrow('does not exist')
})

test('a stack that is only under review can be deleted, and deployed by the cloud itself', async () => {
  await plan(groups('Hall'), { ChangeSetType: 'CREATE' })
  await cfn.send(new DeleteStackCommand({ StackName: 'Chat' }))
  await expect(describe()).rejects.toThrow('does not exist')

  await plan(groups('Hall'), { ChangeSetType: 'CREATE' })
  expect(await cloud.stacks.deploy({ stackName: 'Chat', template: groups('Attic') })).toMatchObject({
    outcome: 'created',
  })
  expect(await describe()).toMatchObject({ StackStatus: 'CREATE_COMPLETE' })
})

test('who may not make a stack is told so, with the stack’s ARN', async () => {
  const allowed = { Effect: 'Allow', Action: ['cloudformation:Describe*', 'cloudformation:CreateStack'] }
  await create(
    {
      Resources: {
        Viewer: role({
          RoleName: 'Viewer',
          Policies: [
            {
              PolicyName: 'mine',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  { ...allowed, Resource: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Mine/*' },
                ],
              },
            },
          ],
        }),
      },
    },
    { Capabilities: ['CAPABILITY_NAMED_IAM'] },
  )
  const sts = new STSClient(config())
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/Viewer', RoleSessionName: 'me' }),
  )
  const viewer = new CloudFormationClient({
    ...config(),
    credentials: {
      accessKeyId: keys!.AccessKeyId!,
      secretAccessKey: keys!.SecretAccessKey!,
      sessionToken: keys!.SessionToken!,
    },
  })
  const make = (StackName: string) =>
    viewer.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(groups(StackName)) }))
  const { StackId } = await make('Mine')
  expect((await viewer.send(new DescribeStacksCommand({ StackName: StackId }))).Stacks).toHaveLength(1)
  await expect(make('Theirs')).rejects.toMatchObject({
    ...saying(
      'AccessDenied',
      'User: arn:aws:sts::123456789012:assumed-role/Viewer/me is not authorized to perform: cloudformation:CreateStack on resource: arn:aws:cloudformation:us-east-1:123456789012:stack/Theirs/* because no identity-based policy allows the cloudformation:CreateStack action',
    ),
    $metadata: { httpStatusCode: 403 },
  })
  await expect(viewer.send(new DeleteStackCommand({ StackName: 'Mine' }))).rejects.toThrow(
    `cloudformation:DeleteStack on resource: ${StackId}`,
  )
  for (const client of [sts, viewer]) client.destroy()
})

test('a template is fetched by its URL where there is an object of that name', async () => {
  const file = join(root, 'template.json')
  writeFileSync(file, JSON.stringify(groups('Hall')))
  const account = defaultAccount
  const clock = stillClock()
  const events = eventStream(clock.now)
  const iam = startIam({ account, events, now: clock.now })
  const sts = startSts({ account, iam, now: Date.now })
  const { resources: types } = startLogs({ account, clock, events })
  const stacks = startStacks({ account, clock, events, types })
  const objects = objectsIn(new Map([['s3://assets/a/template.json', file]]))
  const door = buildDoor({
    account,
    services: [
      cloudFormationService({
        account,
        clock,
        stacks,
        objects,
        authorize: iam.authorize,
        assumeRole: takeOnFor('cloudformation.amazonaws.com', iam, sts),
      }),
    ],
    findKey: sts.find,
    authorize: iam.authorize,
    withoutSignature: () => undefined,
    onFault: fault => console.error(fault),
  })
  const server = createServer((request, response) => void door.serve(request, response)).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = new CloudFormationClient({
    ...config(),
    endpoint: `http://127.0.0.1:${port}`,
    credentials: sts.learner,
  })
  const make = (StackName: string, TemplateURL: string) =>
    client.send(new CreateStackCommand({ StackName, TemplateURL }))

  await make('Chat', 'https://s3.us-east-1.amazonaws.com/assets/a/template.json')
  await client.send(new DeleteStackCommand({ StackName: 'Chat' }))
  await make('Chat', 'https://assets.s3.us-east-1.amazonaws.com/a/template.json')
  expect(stacks.list().map(({ status }) => status)).toEqual(['CREATE_COMPLETE'])
  await expect(make('Other', 'https://s3.us-east-1.amazonaws.com/assets/none.json')).rejects.toThrow(
    'S3 error: The specified key does not exist.',
  )
  await expect(make('Other', 'https://example.com/assets/none.json')).rejects.toThrow(
    'TemplateURL must be a supported URL.',
  )
  client.destroy()
  server.closeAllConnections()
  server.close()
  clock.stop()
})

/** What a command line needs to find the cloud, and nothing of this machine's own. */
const environment = () => ({
  PATH: process.env.PATH,
  HOME: root,
  AWS_ENDPOINT_URL: cloud.endpoint,
  AWS_REGION: 'us-east-1',
  // The older of the two CLIs knows the region by this name only.
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
})

const awsCli = spawnSync('aws', ['--version'], { stdio: 'ignore' }).status === 0

test.skipIf(!awsCli)('the aws CLI, where it is installed, deploys, describes and deletes', async () => {
  const aws = async (...args: string[]): Promise<any> => {
    const all = ['cloudformation', ...args, '--output', 'json']
    const { stdout } = await promisify(execFile)('aws', all, { env: environment(), timeout: HANG })
    return stdout.trim().startsWith('{') ? JSON.parse(stdout) : stdout
  }
  const file = join(root, 'cli.yaml')
  writeFileSync(
    file,
    'Resources:\n  Hall:\n    Type: AWS::Logs::LogGroup\nOutputs:\n  Name: {Value: !Ref Hall}\n',
  )
  expect(await aws('deploy', '--stack-name', 'Chat', '--template-file', file)).toContain(
    'Successfully created/updated stack - Chat',
  )
  const { Stacks } = await aws('describe-stacks', '--stack-name', 'Chat')
  expect(Stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE', Outputs: [{ OutputKey: 'Name' }] }])
  await aws('delete-stack', '--stack-name', 'Chat')
  await expect(aws('describe-stacks', '--stack-name', 'Chat')).rejects.toThrow(
    /\(ValidationError\) when calling the DescribeStacks operation: Stack with id Chat does not exist/,
  )
})
