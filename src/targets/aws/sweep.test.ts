import { join } from 'node:path'
import { type CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BorrowedAccount, borrowAccount } from '../../selfproof/borrowed-account.ts'
import { type AwsAccount, awsAccount } from './account.ts'
import type { Cleared } from './clear.ts'
import { costSoFar } from './cost.ts'
import { type Hand, handIn } from './hand.ts'
import { type Made, manifestIn } from './manifest.ts'
import { stackNameOf, tagsOf } from './names.ts'
import { madeByAnybody, sweep } from './sweep.ts'
import { whenMade } from './wait.ts'

const LABS = ['lab1-missing-route', 'lab2-wrong-permissions']

let borrowed: BorrowedAccount
let account: AwsAccount
let hand: Hand
let cfn: CloudFormationClient
let logs: CloudWatchLogsClient
let s3: S3Client
beforeAll(async () => {
  borrowed = await borrowAccount()
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name]
  process.env.HOME = borrowed.home
  account = await awsAccount({ profile: 'mine', endpoint: borrowed.cloud.endpoint })
  hand = handIn(account, await account.startsAs(), manifestIn(join(borrowed.home, 'notes')))
  cfn = account.cloudFormation
  logs = new CloudWatchLogsClient(account.config)
  s3 = new S3Client({ ...account.config, forcePathStyle: true })
})
afterAll(async () => {
  account.stop()
  logs.destroy()
  s3.destroy()
  await borrowed.stop()
})

const hall = { Type: 'AWS::Logs::LogGroup' }
const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
  },
}

const made = (attendee: string, lab = LABS[0]!, bucket = ''): Made => ({
  version: 1,
  lab,
  stackName: stackNameOf(lab, attendee),
  attendee,
  accountId: hand.identity.accountId,
  region: account.region,
  profile: 'mine',
  bucket,
  since: new Date().toISOString(),
})

async function stack({ stackName, attendee }: Made, Resources: object = { Hall: hall }, tagged = true) {
  const tags = tagged ? tagsOf(attendee, Date.now()) : {}
  await cfn.send(
    new CreateStackCommand({
      StackName: stackName,
      TemplateBody: JSON.stringify({ Resources }),
      Capabilities: ['CAPABILITY_IAM'],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  )
  expect((await whenMade(cfn, stackName, account.pace))?.StackStatus).toBe('CREATE_COMPLETE')
}

/** A bucket as the kit makes it, with something in it. */
async function bucket(attendee: string): Promise<string> {
  const name = await hand.buckets.nameFor(attendee)
  await hand.buckets.make(name, attendee)
  await s3.send(new PutObjectCommand({ Bucket: name, Key: 'code.zip', Body: 'x' }))
  return name
}

async function swept(...wanted: Made[]): Promise<readonly Cleared[]> {
  const all: Cleared[] = []
  for await (const cleared of sweep(hand, wanted, LABS)) all.push(cleared)
  return all
}

const up = () => borrowed.cloud.stacks.list().map(one => one.stackName)
const bucketsThere = async () => (await hand.buckets.list()).map(({ name }) => name)

test('a bucket is found again by its tags, and is private, and empty after a day', async () => {
  const name = await bucket('cleo')
  expect(await hand.buckets.nameFor('cleo')).toBe(name)
  expect(await hand.buckets.nameFor('cle')).not.toBe(name)
  const { GetBucketLifecycleConfigurationCommand, GetPublicAccessBlockCommand, GetBucketEncryptionCommand } =
    await import('@aws-sdk/client-s3')
  const of = { Bucket: name }
  expect((await s3.send(new GetPublicAccessBlockCommand(of))).PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  })
  expect((await s3.send(new GetBucketLifecycleConfigurationCommand(of))).Rules).toMatchObject([
    {
      Status: 'Enabled',
      Expiration: { Days: 1 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
  ])
  expect(
    (await s3.send(new GetBucketEncryptionCommand(of))).ServerSideEncryptionConfiguration?.Rules,
  ).toMatchObject([{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }])
  expect(await swept(made('cleo'))).toEqual([{ fate: 'deleted', what: `bucket ${name}` }])
})

test('the bucket goes with the last stack, and not before', async () => {
  const name = await bucket('ana')
  const [one, two] = [made('ana', LABS[0], name), made('ana', LABS[1], name)]
  for (const each of [one, two]) {
    await stack(each)
    await hand.manifest.note(each)
  }
  expect(await swept(one)).toEqual([
    { fate: 'deleted', what: `stack ${one.stackName}`, because: 'it has cost less than $0.01, estimated' },
    { fate: 'kept by design', what: `bucket ${name}`, because: `it serves ${two.stackName}` },
  ])
  expect((await swept(one, two)).map(({ what }) => what)).toEqual([
    `stack ${two.stackName}`,
    `bucket ${name}`,
  ])
  expect([up(), await bucketsThere(), await hand.manifest.read()]).toEqual([[], [], []])
})

test('what does not bear the kit’s tags, or bears another’s, is not touched', async () => {
  const [strange, bens] = [made('dora'), made('ben')]
  await stack(strange, { Hall: hall }, false)
  await stack(bens)
  const mine = `wslab-${hand.identity.accountId}-us-east-1-dora-mine`
  await s3.send(new CreateBucketCommand({ Bucket: mine }))
  const bensBucket = await bucket('ben')

  expect(await swept(strange, { ...bens, attendee: 'dora' })).toEqual([
    expect.objectContaining({ fate: 'kept by design', what: `stack ${strange.stackName}` }),
    expect.objectContaining({ fate: 'kept by design', what: `stack ${bens.stackName}` }),
  ])
  expect(up().sort()).toEqual([bens.stackName, strange.stackName].sort())
  expect(await bucketsThere()).toEqual([bensBucket])

  // The account's owner sees all that is the kit's, and only that.
  await bucket('eve')
  const everybodys = await madeByAnybody(hand)
  expect(everybodys.map(({ stackName, attendee }) => [stackName, attendee])).toEqual([
    [bens.stackName, 'ben'],
    ['wslab--eve', 'eve'],
  ])
  await swept(...everybodys)
  expect([up(), await bucketsThere()]).toEqual([[strange.stackName], []])
  await borrowed.cloud.stacks.delete(strange.stackName)
})

test('a note is not believed: a bucket that it names and that is not ours stays, unless somebody agrees', async () => {
  const foreign = 'somebodys-archive'
  await s3.send(new CreateBucketCommand({ Bucket: foreign }))
  const forged = made('zoe', LABS[0], foreign)
  await hand.manifest.note(forged)
  const kept = { fate: 'kept by design', what: `bucket ${foreign}`, because: expect.stringMatching(/tags/) }
  expect(await swept(forged)).toEqual([kept])
  expect(await hand.buckets.exists(foreign)).toBe(true)

  const asked: string[] = []
  const all: Cleared[] = []
  const agrees = async (name: string) => asked.push(name) > 0
  for await (const cleared of sweep(hand, [forged], LABS, agrees)) all.push(cleared)
  expect(asked).toEqual([foreign])
  expect(all).toEqual([{ fate: 'deleted', what: `bucket ${foreign}` }])
  expect(await hand.manifest.read()).toEqual([])
})

test('what a template keeps is told, and so are the log groups that services have made', async () => {
  const mine = made('fay')
  const code = { ZipFile: 'exports.handler = async () => {}' }
  await stack(mine, {
    Kept: { ...hall, DeletionPolicy: 'Retain' },
    Role: role,
    Say: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: code,
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      },
    },
  })
  const resources = borrowed.cloud.stacks.describe(mine.stackName).resources
  const idOf = (logicalId: string) => resources.find(one => one.logicalId === logicalId)!.physicalId
  const own = `/aws/lambda/${idOf('Say')}`
  const others = `${own}-of-another`
  for (const logGroupName of [own, others]) await logs.send(new CreateLogGroupCommand({ logGroupName }))

  expect(await swept(mine)).toEqual([
    expect.objectContaining({ fate: 'deleted', what: `stack ${mine.stackName}` }),
    expect.objectContaining({ fate: 'kept by design', what: `AWS::Logs::LogGroup ${idOf('Kept')}` }),
    { fate: 'deleted', what: `log group ${own}` },
  ])
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}))
  expect(logGroups.map(one => one.logGroupName).sort()).toEqual([others, idOf('Kept')].sort())
})

test('a stack that will not go is told with what keeps it, and stays noted', async () => {
  const mine = made('gus')
  await hand.manifest.note(mine)
  const { stackName } = mine
  await cfn.send(
    new CreateStackCommand({
      StackName: stackName,
      TemplateBody: JSON.stringify({
        Resources: { Hall: hall },
        Outputs: { Name: { Value: { Ref: 'Hall' }, Export: { Name: 'hall' } } },
      }),
      Tags: Object.entries(tagsOf('gus', Date.now())).map(([Key, Value]) => ({ Key, Value })),
    }),
  )
  const user = {
    Type: 'AWS::Logs::LogGroup',
    Properties: { LogGroupName: { 'Fn::Join': ['', [{ 'Fn::ImportValue': 'hall' }, '-2']] } },
  }
  await borrowed.cloud.stacks.create({ stackName: 'User', template: { Resources: { User: user } } })

  expect(await swept(mine)).toEqual([
    { fate: 'failed', what: `stack ${stackName}`, because: expect.stringContaining('in use by User') },
  ])
  expect(await hand.manifest.read()).toEqual([mine])
  await borrowed.cloud.stacks.delete('User')
  await swept(mine)
  expect([up(), await hand.manifest.read()]).toEqual([[], []])
})

test('what something has cost is told in cents, or as less than one', () => {
  expect(costSoFar(60_000)).toBe('less than $0.01')
  expect(costSoFar(24 * 3_600_000)).toBe('about $0.34')
})
