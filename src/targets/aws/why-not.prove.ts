import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { App, CfnParameter, CfnResource, CliCredentialsStackSynthesizer, Fn, Stack } from 'aws-cdk-lib'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DeployFailed } from '#kit'
import { type Guardian, startGuardian } from '../../cloud/guardian.ts'
import { type BorrowedAccount, borrowAccount } from '../../selfproof/borrowed-account.ts'
import { awsAccount } from './account.ts'
import { cdkDeploy } from './cdk.ts'
import { handIn, stackCalled } from './hand.ts'
import { manifestIn } from './manifest.ts'
import { AwsTrouble } from './trouble.ts'
import { whyNotUp } from './why-not.ts'

// What the CDK prints is no contract. So it is asked here, by the release that the kit pins, what it says.

process.env.CDK_VALIDATION = 'false'
const BUCKET = 'wslab-assets-of-a-test'

let borrowed: BorrowedAccount
let guardian: Guardian
beforeAll(async () => {
  borrowed = await borrowAccount()
  guardian = startGuardian()
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name]
  Object.assign(process.env, borrowed.env)
  const { endpoint, credentials } = borrowed.cloud
  const iam = new IAMClient({ endpoint, credentials, region: 'us-east-1' })
  await iam.send(new CreateUserCommand({ UserName: 'bounded' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'bounded' }))
  const all = { Effect: 'Allow', Action: '*', Resource: '*' }
  const but = { Effect: 'Deny', Action: 'cloudformation:CreateStack', Resource: '*' }
  await iam.send(
    new PutUserPolicyCommand({
      UserName: 'bounded',
      PolicyName: 'All-but-one',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [all, but] }),
    }),
  )
  iam.destroy()
  // The SDK reads a file once: this one it has not seen yet.
  process.env.AWS_CONFIG_FILE = join(borrowed.home, 'config')
  writeFileSync(
    process.env.AWS_CONFIG_FILE,
    `[profile bounded]\nregion = us-east-1\naws_access_key_id = ${AccessKey!.AccessKeyId}\naws_secret_access_key = ${AccessKey!.SecretAccessKey}\n`,
  )
  const account = await awsAccount({ profile: 'mine' })
  await handIn(account, await account.startsAs(), manifestIn('nowhere')).buckets.make(BUCKET, 'ana')
  account.stop()
})
afterAll(async () => {
  await guardian.stop()
  await borrowed.stop()
})

/** Deploys a stack that cannot be, and answers with why. */
async function why(profile: string, build: (stack: Stack) => void): Promise<DeployFailed | AwsTrouble> {
  mkdirSync(join(borrowed.home, 'out'), { recursive: true })
  const app = new App({ outdir: mkdtempSync(join(borrowed.home, 'out', 'cdk-')), analyticsReporting: false })
  const synthesizer = new CliCredentialsStackSynthesizer({ fileAssetsBucketName: BUCKET })
  build(new Stack(app, 'Chat', { synthesizer } as object))
  const account = await awsAccount({ profile })
  const hand = handIn(account, await account.startsAs(), manifestIn('nowhere'))
  const place = {
    account,
    guardian,
    directory: borrowed.home,
    home: join(borrowed.home, 'cdk'),
    signal: new AbortController().signal,
  }
  const run = await cdkDeploy(app.synth().directory, 'Chat', place)
  const trouble = await whyNotUp(account, 'Chat', run, undefined, await stackCalled(hand, 'Chat'))
  account.stop()
  return trouble
}

test('what the caller may not do is said in AWS’s words, and is not the stack’s fault', async () => {
  const trouble = await why('bounded', stack => void new CfnLogGroup(stack, 'Hall'))
  expect(trouble).toBeInstanceOf(AwsTrouble)
  expect(trouble).toMatchObject({
    kind: 'not-allowed',
    message: expect.stringMatching(
      /User: arn:aws:iam::123456789012:user\/bounded is not authorized to perform: cloudformation:CreateStack/,
    ),
  })
})

test('a template that CloudFormation refuses as it stands is the stack’s fault', async () => {
  const failure = await why('mine', stack => {
    new CfnLogGroup(stack, 'Hall')
    new CfnParameter(stack, 'Needed', { type: 'String' })
  })
  expect(failure).toBeInstanceOf(DeployFailed)
  expect(failure.message).toMatch(/^Chat: .*Needed/)
})

test('so is one that CloudFormation finds fault with itself', async () => {
  const failure = await why('mine', stack => {
    new CfnResource(stack, 'Hall', {
      type: 'AWS::Logs::LogGroup',
      properties: { LogGroupName: Fn.ref('Nobody') },
    })
  })
  expect(failure).toBeInstanceOf(DeployFailed)
  expect(failure.message).toMatch(/^Chat: .*Nobody/)
})

test('what CloudFormation cannot make is the stack’s fault', async () => {
  const failure = await why('mine', stack => {
    new CfnResource(stack, 'Hall', { type: 'AWS::Logs::LogGroup', properties: { RetentionInDays: 'long' } })
  })
  expect(failure).toBeInstanceOf(DeployFailed)
})

test('whatever else the CDK stumbles over is neither’s, and told in its last words', async () => {
  const account = await awsAccount({ profile: 'mine' })
  const trouble = await whyNotUp(
    account,
    'Chat',
    { code: 1, output: 'Working…\n\nENOSPC: no space left\n' },
    undefined,
    undefined,
  )
  account.stop()
  expect(trouble).toMatchObject({
    kind: 'cdk',
    message: expect.stringMatching(/exit code 1[\s\S]*Working…\nENOSPC: no space left$/),
  })
})
