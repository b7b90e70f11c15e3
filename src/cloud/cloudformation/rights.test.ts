import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import type { Cloud } from '../cloud.ts'
import { askedCloud } from './asked.fixture.ts'
import { besideTypes } from './beside.ts'
import { inertTypes } from './inert.ts'
import { askNobody } from './rights.ts'

let cloud: Cloud
beforeAll(async () => {
  cloud = await askedCloud()
})
afterEach(async () => {
  for (const { stackName } of cloud.stacks.list().toReversed()) await cloud.stacks.delete(stackName)
})
afterAll(() => cloud.stop())

const account = 'arn:aws:iam::123456789012'
const allow = (Action: string | readonly string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
})
const role = (statements: readonly object[], principal: object = { AWS: `${account}:root` }) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'Attendee',
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'Does', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
})

/** A client of CloudFormation who may do what these statements say, and call CloudFormation. */
async function attendee(statements: readonly object[]): Promise<CloudFormationClient> {
  const Resources = { Attendee: role([allow('cloudformation:*'), ...statements]) }
  await cloud.stacks.deploy({ stackName: 'Attendee', template: { Resources } })
  const sts = new STSClient({ ...config(), credentials: cloud.credentials })
  const assumed = await sts.send(
    new AssumeRoleCommand({ RoleArn: `${account}:role/Attendee`, RoleSessionName: 'ann' }),
  )
  const { AccessKeyId, SecretAccessKey, SessionToken } = assumed.Credentials!
  return new CloudFormationClient({
    ...config(),
    credentials: {
      accessKeyId: AccessKeyId!,
      secretAccessKey: SecretAccessKey!,
      sessionToken: SessionToken!,
    },
  })
}

const config = () => ({ region: 'us-east-1', endpoint: cloud.endpoint, maxAttempts: 1 })
const learner = () => new CloudFormationClient({ ...config(), credentials: cloud.credentials })
const group = (LogGroupName: string, more: object = {}) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName, ...more },
})
const create = (client: CloudFormationClient, Resources: object, more: object = {}) =>
  client.send(
    new CreateStackCommand({
      StackName: 'Chat',
      TemplateBody: JSON.stringify({ Resources }),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      ...more,
    }),
  )
const status = async (client: CloudFormationClient) =>
  (await client.send(new DescribeStacksCommand({ StackName: 'Chat' }))).Stacks![0]!
const reasons = async (client: CloudFormationClient) => {
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'Chat' }))
  return StackEvents!.flatMap(event =>
    event.ResourceStatus!.endsWith('_FAILED')
      ? [`${event.LogicalResourceId} ${event.ResourceStatusReason}`]
      : [],
  )
}
const LOGS = ['logs:CreateLogGroup', 'logs:Describe*', 'logs:Get*', 'logs:ListTagsForResource']

test('what the caller may not do fails the resource, in the words of its handler, and all of it is rolled back', async () => {
  const client = await attendee([allow(LOGS), allow('logs:DeleteLogGroup')])
  await create(client, { Hall: group('hall', { RetentionInDays: 1 }), Den: group('den') })
  expect((await status(client)).StackStatus).toBe('ROLLBACK_COMPLETE')
  expect((await reasons(client)).join('\n')).toMatch(
    /^Hall Resource handler returned message: "User: arn:aws:sts::123456789012:assumed-role\/Attendee\/ann is not authorized to perform: logs:PutRetentionPolicy on resource: arn:aws:logs:us-east-1:123456789012:log-group:hall:log-stream: because no identity-based policy allows the logs:PutRetentionPolicy action \(Service: CloudWatchLogs, Status Code: 400, Request ID: [\w-]{36}\) \(SDK Attempt Count: 1\)" \(RequestToken: [\w-]{36}, HandlerErrorCode: AccessDenied\)$/,
  )
})

test('CloudFormation says that it asks in somebody’s name, and may be given that right alone', async () => {
  const Condition = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'cloudformation.amazonaws.com' } }
  const client = await attendee([allow(['logs:*'], { Condition })])
  await create(client, { Hall: group('hall') })
  expect((await status(client)).StackStatus).toBe('CREATE_COMPLETE')
})

test('what may be made and not deleted stays, and the stack with it', async () => {
  const client = await attendee([allow(LOGS)])
  await create(client, { Hall: group('hall') })
  await client.send(new DeleteStackCommand({ StackName: 'Chat' }))
  expect((await status(client)).StackStatus).toBe('DELETE_FAILED')
  expect((await reasons(client)).join('\n')).toContain('is not authorized to perform: logs:DeleteLogGroup')
})

test('tags, the stack’s own too, want a right of their own, also when nothing else changes', async () => {
  const client = await attendee([allow([...LOGS, 'logs:DeleteLogGroup'])])
  const Resources = { Hall: group('hall') }
  await create(client, Resources)
  await client.send(
    new UpdateStackCommand({
      StackName: 'Chat',
      TemplateBody: JSON.stringify({ Resources }),
      Tags: [{ Key: 'wslab', Value: 'true' }],
    }),
  )
  expect((await status(client)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect((await reasons(client)).join('\n')).toMatch(
    /^Hall Resource handler .* not authorized to perform: logs:TagResource on/,
  )
})

test('a role is passed to Lambda only by a caller that may, and its code is fetched in the name of that caller', async () => {
  const own = ['lambda:*', 'iam:GetRole', 's3:GetObject']
  const Talk = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: `${account}:role/Attendee`,
      Code: { ZipFile: 'exports.handler = async () => ({})' },
    },
  }
  const client = await attendee([allow(own)])
  await create(client, { Talk })
  expect((await reasons(client)).join('\n')).toMatch(
    /is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role\/Attendee because .* \(Service: Lambda, Status Code: 403,/,
  )
  await cloud.stacks.delete('Chat')

  const passes = allow('iam:PassRole', {
    Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
  })
  const fromBucket = { ...Talk.Properties, Code: { S3Bucket: 'assets', S3Key: 'talk.zip' } }
  const another = await attendee([allow(own.slice(0, 2)), passes])
  await create(another, { Talk: { ...Talk, Properties: fromBucket } })
  expect((await reasons(another)).join('\n')).toContain(
    'Your access has been denied by S3, please make sure your request credentials have permission to GetObject for assets/talk.zip. S3 Error Code: AccessDenied. S3 Error Message: Access Denied (Service: Lambda,',
  )
})

test('IAM’s own handler says which role it may not look at, by kind and name', async () => {
  const client = await attendee([allow('iam:CreateRole')])
  const Say = { ...role([]), Properties: { ...role([]).Properties, RoleName: 'Say', Policies: [] } }
  await create(client, { Say })
  expect((await reasons(client)).join('\n')).toMatch(
    /is not authorized to perform: iam:GetRole on resource: role Say because no identity-based policy allows the iam:GetRole action \(Service: Iam, Status Code: 403,/,
  )
})

test('with a role, the stack is made with the role’s rights, by a caller that may pass it', async () => {
  const Deployer = role([allow('logs:*')], { Service: 'cloudformation.amazonaws.com' })
  Deployer.Properties.RoleName = 'Deployer'
  await cloud.stacks.deploy({ stackName: 'Roles', template: { Resources: { Deployer } } })
  const RoleARN = `${account}:role/Deployer`

  const client = await attendee([])
  await expect(create(client, { Hall: group('hall') }, { RoleARN })).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(`is not authorized to perform: iam:PassRole on resource: ${RoleARN}`),
  })
  await create(learner(), { Hall: group('hall') }, { RoleARN })
  expect(await status(client)).toMatchObject({ StackStatus: 'CREATE_COMPLETE', RoleARN })

  // The stack keeps its role: to delete the stack, a caller needs no other right.
  await client.send(new DeleteStackCommand({ StackName: 'Chat' }))
  expect(cloud.stacks.list().map(({ stackName }) => stackName)).not.toContain('Chat')
  await expect(
    create(learner(), { Hall: group('hall') }, { RoleARN: `${account}:role/Attendee` }),
  ).rejects.toThrow(`Role ${account}:role/Attendee is invalid or cannot be assumed`)
})

test('every type says which actions its handlers ask for, and only what is nothing asks for none', () => {
  const inert = new Set([...inertTypes, ...besideTypes(defaultAccount)].map(({ type }) => type))
  for (const { type, rights } of cloud.types) {
    expect(rights === askNobody, type).toBe(inert.has(type))
    const { create, read, update, delete: gone, tag, untag } = rights
    for (const actions of [create, read, update, gone, tag, untag]) {
      expect(actions ?? '', type).toMatch(/^$|^[a-z0-9-]+:( [A-Z]\w+)+$/)
    }
  }
})
