import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { App, BootstraplessSynthesizer, Fn, type IStackSynthesizer, Stack } from 'aws-cdk-lib'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { StringListParameter, StringParameter } from 'aws-cdk-lib/aws-ssm'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Cloud, startCloud } from '../cloud.ts'
import { type Guardian, startGuardian } from '../guardian.ts'

let guardian: Guardian
let cloud: Cloud
let ssm: SSMClient
let formation: CloudFormationClient
const clients: { destroy(): void }[] = []
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian })
  ssm = new SSMClient(config())
  formation = new CloudFormationClient(config())
  clients.push(ssm, formation)
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await cloud.stop()
  await guardian.stop()
})

const config = (credentials: object = cloud.credentials) => ({
  endpoint: cloud.endpoint,
  region: 'us-east-1',
  credentials: credentials as Cloud['credentials'],
  maxAttempts: 1,
})
const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }))
const get = async (Name: string, more = {}) =>
  (await ssm.send(new GetParameterCommand({ Name, ...more }))).Parameter
const ARN = 'arn:aws:ssm:us-east-1:123456789012:parameter'

test('a parameter is put, read by name, version and ARN, changed and deleted', async () => {
  expect(await put('/chat/url', 'wss://one')).toMatchObject({ Version: 1, Tier: 'Standard' })
  expect(await get('/chat/url')).toMatchObject({
    Name: '/chat/url',
    Type: 'String',
    Value: 'wss://one',
    Version: 1,
    ARN: `${ARN}/chat/url`,
    DataType: 'text',
    LastModifiedDate: expect.any(Date),
  })
  await expect(put('/chat/url', 'wss://two')).rejects.toMatchObject({
    name: 'ParameterAlreadyExists',
    message:
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  })
  expect(await put('/chat/url', 'wss://two', { Overwrite: true })).toMatchObject({ Version: 2 })
  expect(await get('/chat/url:1')).toMatchObject({ Value: 'wss://one', Selector: ':1' })
  expect(await get(`${ARN}/chat/url`)).toMatchObject({ Value: 'wss://two' })
  await expect(get('/chat/url:9')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' })
  const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name: '/chat/url' }))
  expect(Parameters?.map(({ Value }) => Value)).toEqual(['wss://one', 'wss://two'])
  await ssm.send(new DeleteParameterCommand({ Name: '/chat/url' }))
  await expect(get('/chat/url')).rejects.toMatchObject({ name: 'ParameterNotFound' })
})

test('many are read at once, by name or below a path, in pages', async () => {
  for (const name of ['/room/a', '/room/b', '/room/deep/c', 'plain']) await put(name, name)
  const some = await ssm.send(new GetParametersCommand({ Names: ['plain', '/room/a', '/none'] }))
  expect(some.Parameters?.map(({ Value }) => Value)).toEqual(['plain', '/room/a'])
  expect(some.InvalidParameters).toEqual(['/none'])
  const below = async (more = {}) => {
    const { Parameters, NextToken } = await ssm.send(
      new GetParametersByPathCommand({ Path: '/room', ...more }),
    )
    return { names: Parameters?.map(({ Name }) => Name), NextToken }
  }
  expect((await below()).names).toEqual(['/room/a', '/room/b'])
  const first = await below({ Recursive: true, MaxResults: 2 })
  const second = await below({ Recursive: true, MaxResults: 2, NextToken: first.NextToken })
  expect([...first.names!, ...second.names!]).toEqual(['/room/a', '/room/b', '/room/deep/c'])
  const described = await ssm.send(
    new DescribeParametersCommand({
      ParameterFilters: [{ Key: 'Name', Option: 'BeginsWith', Values: ['/room/deep'] }],
    }),
  )
  expect(described.Parameters).toMatchObject([
    { Name: '/room/deep/c', LastModifiedUser: 'arn:aws:iam::123456789012:user/learner' },
  ])
  const gone = await ssm.send(
    new DeleteParametersCommand({ Names: ['/room/a', '/room/b', '/room/deep/c', 'plain', '/none'] }),
  )
  expect([gone.DeletedParameters?.length, gone.InvalidParameters]).toEqual([4, ['/none']])
})

test('a secret is shown only to those who ask for it in the clear', async () => {
  await put('/secret', 'open sesame', { Type: 'SecureString', Tags: [{ Key: 'who', Value: 'ana' }] })
  expect((await get('/secret'))?.Value).toMatch(/^AQICAHh/)
  expect((await get('/secret', { WithDecryption: true }))?.Value).toBe('open sesame')
  const resource = { ResourceType: 'Parameter', ResourceId: '/secret' } as const
  await ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'b', Value: 'c' }] }))
  expect((await ssm.send(new ListTagsForResourceCommand(resource))).TagList).toHaveLength(2)
})

test.for([
  ['a name that is reserved', { Name: '/aws/x' }, 'AccessDeniedException', 'No access to reserved'],
  ['a name with a space', { Name: 'a b' }, 'ValidationException', "can't be prefixed"],
  ['a path that does not begin at the top', { Name: 'a/b' }, 'ValidationException', 'fully qualified name'],
  [
    'too much',
    { Name: 'x', Value: 'x'.repeat(4097) },
    'ValidationException',
    'maximum parameter value of 4096',
  ],
  [
    'what its pattern does not take',
    { Name: 'x', AllowedPattern: '\\d+' },
    'ParameterPatternMismatchException',
    'cannot be validated against allowedPattern: \\d+',
  ],
] as const)('%s is refused', async ([, input, name, message]) => {
  await expect(put('', 'x', input)).rejects.toMatchObject({ name, message: expect.stringContaining(message) })
})

test('a stack has parameters, takes others in, and follows when they change', async () => {
  const words = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/words', Type: 'String', Value: 'good' } }
  const giver = JSON.stringify({
    Resources: { Words: words },
    Outputs: { Name: { Value: { Ref: 'Words' } } },
  })
  await formation.send(new CreateStackCommand({ StackName: 'Giver', TemplateBody: giver }))
  const taker = JSON.stringify({
    Parameters: { Words: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/words' } },
    Resources: {
      Group: {
        Type: 'AWS::Logs::LogGroup',
        Properties: {
          LogGroupName: { 'Fn::Sub': '${Words}-{{resolve:ssm:/words}}-{{resolve:ssm:/words:1}}' },
        },
      },
    },
    Outputs: { Group: { Value: { Ref: 'Group' } } },
  })
  await formation.send(new CreateStackCommand({ StackName: 'Taker', TemplateBody: taker }))
  const output = async () =>
    (await formation.send(new DescribeStacksCommand({ StackName: 'Taker' }))).Stacks?.[0]?.Outputs?.[0]
      ?.OutputValue
  expect(await output()).toBe('good-good-good')
  await put('/words', 'better', { Overwrite: true })
  await formation.send(new UpdateStackCommand({ StackName: 'Taker', TemplateBody: taker }))
  expect(await output()).toBe('better-better-good')

  const none = taker.replaceAll('/words', '/none')
  await expect(
    formation.send(new CreateStackCommand({ StackName: 'Lost', TemplateBody: none })),
  ).rejects.toThrow('Unable to fetch parameters [/none] from parameter store for this account.')
  for (const StackName of ['Taker', 'Giver']) await formation.send(new DeleteStackCommand({ StackName }))
  await expect(get('/words')).rejects.toMatchObject({ name: 'ParameterNotFound' })
})

test('a caller that may not read a parameter cannot get it, not even through CloudFormation', async () => {
  await put('/closed', 'x')
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'Deployer',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: 'deploys',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: ['cloudformation:*', 'logs:*'], Resource: '*' }],
          },
        },
      ],
    },
  }
  const template = JSON.stringify({ Resources: { Role: role } })
  await formation.send(
    new CreateStackCommand({
      StackName: 'Roles',
      TemplateBody: template,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  )
  const sts = new STSClient(config())
  clients.push(sts)
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/Deployer', RoleSessionName: 'ana' }),
  )
  const credentials = {
    accessKeyId: keys!.AccessKeyId!,
    secretAccessKey: keys!.SecretAccessKey!,
    sessionToken: keys!.SessionToken!,
  }
  const [reader, deployer] = [
    new SSMClient(config(credentials)),
    new CloudFormationClient(config(credentials)),
  ]
  clients.push(reader, deployer)
  const who = 'User: arn:aws:sts::123456789012:assumed-role/Deployer/ana is not authorized to perform:'
  await expect(reader.send(new GetParameterCommand({ Name: '/closed' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `${who} ssm:GetParameter on resource: ${ARN}/closed because no identity-based policy allows the ssm:GetParameter action`,
  })
  const taker = JSON.stringify({
    Parameters: { Words: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/closed' } },
    Resources: { Group: { Type: 'AWS::Logs::LogGroup' } },
  })
  await expect(
    deployer.send(new CreateStackCommand({ StackName: 'Closed', TemplateBody: taker })),
  ).rejects.toThrow(`${who} ssm:GetParameters on resource: ${ARN}/closed`)
})

const group = (name: unknown) => ({ Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: name } })
const creating = (template: object) =>
  formation.send(new CreateStackCommand({ StackName: 'Refers', TemplateBody: JSON.stringify(template) }))

test.each([
  ['ssm:/nowhere', 'Parameters: [ssm:/nowhere] cannot be found.'],
  ['ssm:/nowhere:3', 'Parameters: [ssm:/nowhere:3] cannot be found.'],
  ['ssm:/secret', 'Non-secure ssm prefix was used for secure parameter: [/secret]'],
])('a stack that refers to {{resolve:%s}} fails, and says why', async (reference, reason) => {
  await put('/secret', 'x', { Type: 'SecureString', Overwrite: true })
  await creating({ Resources: { Group: group(`{{resolve:${reference}}}`) } })
  const { Stacks } = await formation.send(new DescribeStacksCommand({ StackName: 'Refers' }))
  expect(Stacks?.[0]).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' })
  const { StackEvents } = await formation.send(new DescribeStackEventsCommand({ StackName: 'Refers' }))
  expect(StackEvents?.map(one => one.ResourceStatusReason)).toContain(reason)
  await formation.send(new DeleteStackCommand({ StackName: 'Refers' }))
})

test.each([
  ['ssm:/x:latest', 'Incorrect format is used in the following SSM reference: [{{resolve:ssm:/x:latest}}]'],
  ['ssm-secure:/x:', 'Incorrect format is used in the following SSM reference: [{{resolve:ssm-secure:/x:}}]'],
  [
    'ssm-secure:/x:1',
    'SSM Secure reference is not supported in: [AWS::Logs::LogGroup/Properties/LogGroupName]',
  ],
  ['secretsmanager:key:SecretString:name', '{{resolve:secretsmanager:key:SecretString:name}}'],
])('{{resolve:%s}} is refused before anything starts', async (reference, message) => {
  await expect(creating({ Resources: { Group: group(`{{resolve:${reference}}}`) } })).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(message),
  })
})

test.each([
  ['/secret', 'Parameters [/secret] referenced by template have types not supported by CloudFormation.'],
  ['/aws/service/ami/latest', 'Refers/Words: the public parameter /aws/service/ami/latest'],
])('a template’s parameter cannot be read from %s', async (Default, message) => {
  await put('/secret', 'x', { Type: 'SecureString', Overwrite: true })
  const Parameters = { Words: { Type: 'AWS::SSM::Parameter::Value<String>', Default } }
  await expect(creating({ Parameters, Resources: { Group: group('x') } })).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(message),
  })
})

test('stacks of an assembly come in the order in which they read each other’s parameters', async () => {
  // CDK's own classes do not fit its interface under exactOptionalPropertyTypes.
  const bare = () => ({ synthesizer: new BootstraplessSynthesizer() as unknown as IStackSynthesizer })
  const directory = mkdtempSync(join(tmpdir(), 'ssm-app-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const app = new App({ outdir: directory, analyticsReporting: false })
  const reader = new Stack(app, 'Alpha', bare())
  new LogGroup(reader, 'Group', {
    logGroupName: StringParameter.valueForStringParameter(reader, '/app/room'),
  })
  const joins = new Stack(app, 'Beta', bare())
  new LogGroup(joins, 'Group', { logGroupName: `{{resolve:ssm:/app/${joins.stackName}}}` })
  const lists = new Stack(app, 'Gamma', bare())
  const { valueForTypedListParameter } = StringListParameter
  const list = valueForTypedListParameter.call(StringListParameter, lists, '/app/list')
  new LogGroup(lists, 'Group', { logGroupName: Fn.join('-', list) })
  const giver = new Stack(app, 'Zulu', bare())
  new StringParameter(giver, 'Room', { parameterName: '/app/room', stringValue: 'a-room' })
  new StringParameter(giver, 'Other', { parameterName: '/app/Beta', stringValue: 'b-room' })
  new StringListParameter(giver, 'List', { parameterName: '/app/list', stringListValue: ['c', 'room'] })
  app.synth()

  const { stacks } = await cloud.deploy(directory)
  expect(stacks[0]?.stackName).toBe('Zulu')
  const groups = stacks.slice(1).flatMap(({ resources }) => resources.map(one => one.physicalId))
  expect(groups.toSorted()).toEqual(['a-room', 'b-room', 'c-room'])
})
