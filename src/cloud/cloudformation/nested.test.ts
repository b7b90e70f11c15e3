import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { App, CfnOutput, CfnResource, NestedStack, Stack } from 'aws-cdk-lib'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from '../cloud.ts'
import { type Guardian, startGuardian } from '../guardian.ts'

process.env.CDK_VALIDATION = 'false'

const root = mkdtempSync(join(tmpdir(), 'nested-'))
let guardian: Guardian
let cloud: Cloud
let formation: CloudFormationClient
let logs: CloudWatchLogsClient
let s3: S3Client
let count = 0
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian })
  const { endpoint, credentials } = cloud
  const config = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }
  formation = new CloudFormationClient(config)
  logs = new CloudWatchLogsClient(config)
  s3 = new S3Client({ ...config, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: 'templates' }))
})
afterAll(async () => {
  for (const client of [formation, logs, s3]) client.destroy()
  await cloud.stop()
  await guardian.stop()
  rmSync(root, { recursive: true })
})

function synth(build: (stack: Stack) => void): string {
  const app = new App({ outdir: join(root, String(count++)), analyticsReporting: false })
  build(new Stack(app, 'Outer', { tags: { lab: 'nested' } }))
  return app.synth().directory
}

const described = async (StackName: string) =>
  (await formation.send(new DescribeStacksCommand({ StackName }))).Stacks![0]!
const nestedOf = async (StackName: string) => {
  const { StackResources = [] } = await formation.send(new DescribeStackResourcesCommand({ StackName }))
  return StackResources.filter(one => one.ResourceType === 'AWS::CloudFormation::Stack')
}
const groups = async () =>
  (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.map(one => one.logGroupName)
const events = async (StackName: string) => {
  const { StackEvents = [] } = await formation.send(new DescribeStackEventsCommand({ StackName }))
  return StackEvents.toReversed().map(
    one => `${one.LogicalResourceId} ${one.ResourceStatus} ${one.ResourceStatusReason ?? ''}`,
  )
}

/** An app whose outer stack gives a name to the nested one, and takes one back. */
const app = (retention: number, more: (inner: NestedStack, outer: Stack) => void = () => {}) =>
  synth(outer => {
    const given = new CfnLogGroup(outer, 'Given', { logGroupName: 'given', retentionInDays: 1 })
    const inner = new NestedStack(outer, 'Inner')
    const made = new CfnLogGroup(inner, 'Made', {
      logGroupName: `${given.ref}-made`,
      retentionInDays: retention,
    })
    new CfnLogGroup(outer, 'Taken', { logGroupName: `${made.ref}-taken` })
    new CfnOutput(outer, 'Arn', { value: made.attrArn })
    more(inner, outer)
  })

test('a CDK app with a nested stack is deployed, updated and taken down', async () => {
  const first = await cloud.deploy(app(1))
  expect(first.stacks[0]?.outputs[0]?.value).toMatch(/:log-group:given-made:\*$/)
  expect(await groups()).toEqual(['given', 'given-made', 'given-made-taken'])
  const [resource] = await nestedOf('Outer')
  const outer = await described('Outer')
  const inner = await described(resource!.PhysicalResourceId!)
  expect(inner).toMatchObject({
    StackName: expect.stringMatching(/^Outer-Inner\w+-[A-Z0-9]{12}$/),
    StackStatus: 'CREATE_COMPLETE',
    ParentId: outer.StackId,
    RootId: outer.StackId,
    Tags: [{ Key: 'lab', Value: 'nested' }],
  })
  expect(outer.ParentId).toBeUndefined()
  const lines = (await events('Outer')).filter(line => line.startsWith(resource!.LogicalResourceId!))
  expect(lines.map(line => line.split(' ').slice(1).join(' ').trim())).toEqual([
    'CREATE_IN_PROGRESS',
    'CREATE_IN_PROGRESS Resource creation Initiated',
    'CREATE_COMPLETE',
  ])

  await cloud.deploy(app(3))
  expect(await described(inner.StackId!)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' })
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'given-made' }))
  expect(logGroups?.[0]?.retentionInDays).toBe(3)

  await formation.send(new DeleteStackCommand({ StackName: 'Outer' }))
  expect(await groups()).toEqual([])
  expect(await described(inner.StackId!)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' })
  const { StackSummaries } = await formation.send(
    new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
  )
  expect(StackSummaries?.find(one => one.StackId === inner.StackId)).toMatchObject({ RootId: outer.StackId })
})

test('a nested stack that cannot be made takes the stack around it down', async () => {
  const directory = app(1, inner => new CfnLogGroup(inner, 'Twin', { logGroupName: 'given-made' }))
  await expect(cloud.deploy(directory)).rejects.toThrow(
    /Embedded stack arn:aws:cloudformation:\S+ was not successfully created: The following resource\(s\) failed to create: \[\w+\]\.$/,
  )
  expect(await groups()).toEqual([])
  const said = await events('Outer')
  expect(said.filter(line => /^Inner/.test(line)).map(line => line.split(' ')[1])).toEqual([
    'CREATE_IN_PROGRESS',
    'CREATE_IN_PROGRESS',
    'CREATE_FAILED',
    'DELETE_IN_PROGRESS',
    'DELETE_COMPLETE',
  ])
  expect(await described('Outer')).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' })
  await formation.send(new DeleteStackCommand({ StackName: 'Outer' }))
})

test('an update that fails in a nested stack, or after it, is taken back in both', async () => {
  await cloud.deploy(app(1))
  const [resource] = await nestedOf('Outer')
  const broken = app(5, (inner, outer) => {
    const wrong = new CfnLogGroup(outer, 'Twin', { logGroupName: 'given' })
    wrong.node.addDependency(inner)
  })
  await expect(cloud.deploy(broken)).rejects.toThrow()
  const inside = app(5, inner => new CfnLogGroup(inner, 'Twin', { logGroupName: 'given' }))
  await expect(cloud.deploy(inside)).rejects.toThrow(
    /was not successfully updated\. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource\(s\) failed to create: \[Twin\]\./,
  )
  expect(await described('Outer')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' })
  const inner = await described(resource!.PhysicalResourceId!)
  expect(inner.StackStatus).toMatch(/COMPLETE$/)
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'given-made' }))
  expect(logGroups?.[0]?.retentionInDays).toBe(1)
  await formation.send(new DeleteStackCommand({ StackName: 'Outer' }))
})

test('what cannot be run in a nested stack is refused before anything starts, or left out with it', async () => {
  const directory = app(1, inner => new CfnResource(inner, 'Stream', { type: 'AWS::Kinesis::Stream' }))
  await expect(cloud.deploy(directory)).rejects.toMatchObject({
    lines: [
      expect.stringMatching(/^Outer\/Inner\w+: AWS::CloudFormation::Stack \(Stream: AWS::Kinesis::Stream\)$/),
    ],
  })
  expect(cloud.stacks.list()).toEqual([])
  const { leftOut } = await cloud.deploy(directory, { skipUnsupported: true })
  expect(leftOut).toContainEqual(expect.stringMatching(/^Outer\/Taken: AWS::Logs::LogGroup, refers to Inner/))
  expect(await groups()).toEqual(['given'])
  await formation.send(new DeleteStackCommand({ StackName: 'Outer' }))
})

test('a template in a bucket is nested in one that is sent, with parameters that can change', async () => {
  const inner = {
    Parameters: { Name: { Type: 'String' } },
    Resources: {
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: { Ref: 'Name' } } },
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } },
    },
    Outputs: { Group: { Value: { Ref: 'Group' } } },
  }
  const Body = JSON.stringify(inner)
  await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'inner.json', Body }))
  const outer = (Name: string) =>
    JSON.stringify({
      Resources: {
        Inner: {
          Type: 'AWS::CloudFormation::Stack',
          Properties: { TemplateURL: 'https://templates.s3.amazonaws.com/inner.json', Parameters: { Name } },
        },
      },
      Outputs: { Group: { Value: { 'Fn::GetAtt': ['Inner', 'Outputs.Group'] } } },
    })
  const ask = { StackName: 'Sent', Capabilities: ['CAPABILITY_IAM' as const] }

  await formation.send(new CreateStackCommand({ StackName: 'Meek', TemplateBody: outer('meek') }))
  expect((await events('Meek')).find(line => line.startsWith('Inner CREATE_FAILED'))).toContain(
    'Requires capabilities : [CAPABILITY_IAM]',
  )
  await formation.send(new CreateStackCommand({ ...ask, TemplateBody: outer('one') }))
  expect((await described('Sent')).Outputs?.[0]?.OutputValue).toBe('one')
  await formation.send(new UpdateStackCommand({ ...ask, TemplateBody: outer('two') }))
  expect((await described('Sent')).Outputs?.[0]?.OutputValue).toBe('two')
  const [resource] = await nestedOf('Sent')
  expect((await described(resource!.PhysicalResourceId!)).Parameters).toEqual([
    { ParameterKey: 'Name', ParameterValue: 'two' },
  ])
  for (const StackName of ['Sent', 'Meek']) await formation.send(new DeleteStackCommand({ StackName }))
  expect(await groups()).toEqual([])
})
