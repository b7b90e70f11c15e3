import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { AccountRootPrincipal } from 'aws-cdk-lib/aws-iam'
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import { askNobody } from '../cloudformation/rights.ts'
import { StackFailed, type Stacks, startStacks } from '../cloudformation/stacks.ts'
import { eventStream } from '../events.ts'
import { iamResources } from '../iam/resources.ts'
import { startTrial, type Trial } from './test-server.ts'

// It takes a second, and says nothing that this test is about.
process.env.CDK_VALIDATION = 'false'

let trial: Trial
let stacks: Stacks
beforeAll(async () => {
  trial = await startTrial()
  const { clock, s3 } = trial
  // CDK's function, which is not called here, and its role.
  const helper = {
    type: 'AWS::Lambda::Function',
    rights: askNobody,
    properties: Object.fromEntries(HELPER.map(name => [name, 'harmless' as const])),
    create: () => ({
      physicalId: 'helper',
      attributes: { Arn: 'arn:aws:lambda:us-east-1:123456789012:function:helper' },
    }),
  }
  stacks = startStacks({
    account: defaultAccount,
    clock,
    events: eventStream(clock.now),
    types: [...s3.resources, ...iamResources(trial.iam), helper],
  })
})
afterAll(async () => {
  await trial.stop()
  rmSync(root, { recursive: true })
})

/** Where CDK puts what it makes. */
const root = mkdtempSync(join(tmpdir(), 'wslab-buckets-'))

/** What CDK gives the function that empties buckets. */
const HELPER = ['Code', 'Timeout', 'MemorySize', 'Handler', 'Role', 'Runtime', 'Description']

function template(build: (stack: Stack) => void) {
  const app = new App({ outdir: mkdtempSync(join(root, 'out-')) })
  const stack = new Stack(app, 'Files')
  build(stack)
  return app.synth().getStackByName('Files').template
}
const deploy = (build: (stack: Stack) => void) =>
  stacks.deploy({ stackName: 'Files', template: template(build) })

test('a bucket of CDK has the settings that it asks for, changes them, and is emptied before it goes', async () => {
  const { client } = trial
  await deploy(stack => {
    const bucket = new Bucket(stack, 'Page', {
      encryption: BucketEncryption.S3_MANAGED,
      versioned: true,
      enforceSSL: true,
      autoDeleteObjects: true,
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [{ expiration: Duration.days(1), noncurrentVersionExpiration: Duration.days(30) }],
    })
    bucket.grantRead(new AccountRootPrincipal())
  })
  const name = stacks.describe('Files').resources.find(({ type }) => type === 'AWS::S3::Bucket')!.physicalId
  expect(name).toMatch(/^files-page[a-z0-9]+-[a-z0-9]+$/)
  const of = { Bucket: name }
  expect(await client.send(new GetBucketVersioningCommand(of))).toMatchObject({ Status: 'Enabled' })
  expect((await client.send(new GetBucketLifecycleConfigurationCommand(of))).Rules).toEqual([
    {
      Status: 'Enabled',
      Filter: { Prefix: '' },
      Expiration: { Days: 1 },
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    },
  ])
  expect(await client.send(new GetBucketEncryptionCommand(of))).toBeDefined()
  await client.send(new PutObjectCommand({ ...of, Key: 'index.html', Body: '<p>' }))
  await client.send(new GetObjectCommand({ ...of, Key: 'index.html' }))

  await deploy(stack => {
    new Bucket(stack, 'Page', {
      autoDeleteObjects: true,
      removalPolicy: RemovalPolicy.DESTROY,
      publicReadAccess: true,
      blockPublicAccess: {
        blockPublicAcls: true,
        blockPublicPolicy: false,
        ignorePublicAcls: true,
        restrictPublicBuckets: false,
      } as any,
    })
  })
  expect(await client.send(new GetBucketVersioningCommand(of))).toMatchObject({ Status: 'Suspended' })
  await expect(client.send(new GetBucketLifecycleConfigurationCommand(of))).rejects.toThrow(/does not exist/)
  const { PublicAccessBlockConfiguration: block } = await client.send(new GetPublicAccessBlockCommand(of))
  expect(block).toMatchObject({ BlockPublicPolicy: false, BlockPublicAcls: true })

  // What is open to the public can be read without a signature, at the bucket's own address.
  const page = await trial.visit(name, '/index.html')
  expect(page).toEqual({ status: 200, body: '<p>' })
  expect(await trial.visit(name, '/none.html')).toMatchObject({
    status: 403,
    body: expect.stringContaining('<Code>AccessDenied</Code>'),
  })

  await stacks.delete('Files')
  expect((await client.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([])
})

test('a bucket with something in it is not taken down, and the stack says why', async () => {
  await deploy(stack => {
    new Bucket(stack, 'Page', { bucketName: 'kept', removalPolicy: RemovalPolicy.DESTROY })
  })
  await trial.client.send(new PutObjectCommand({ Bucket: 'kept', Key: 'a', Body: 'b' }))
  const failure = await stacks.delete('Files').catch(error => error)
  expect(failure).toBeInstanceOf(StackFailed)
  expect(failure.message).toMatch(/The bucket you tried to delete is not empty/)
})

test('what a bucket cannot do here is refused by name', async () => {
  await expect(
    stacks.deploy({
      stackName: 'Site',
      template: template(stack => {
        new Bucket(stack, 'Page', { transferAcceleration: true })
      }),
    }),
  ).rejects.toThrow(/AWS::S3::Bucket \(AccelerateConfiguration\)/)
})
