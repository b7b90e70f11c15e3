import { execFile } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from './cloud/cloud.ts'
import { type Guardian, startGuardian } from './cloud/guardian.ts'
import { HANG } from './machine/bounds.ts'
import { house } from './run/house.ts'
import { oldSdk } from './run/old-sdk.ts'
import { wscat } from './selfproof/wscat.ts'

/** An app that nobody has written for this cloud. */
const app = join(house, 'src', 'selfproof', 'apps', 'somebody-elses')
const program = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk')

let guardian: Guardian
let cloud: Cloud
let root: string
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian, oldSdk: oldSdk(), onFault: fault => console.error(fault) })
  root = realpathSync(mkdtempSync(join(tmpdir(), 'wslab-somebody-')))
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
  rmSync(root, { recursive: true, force: true })
})

/** The CDK CLI as it is: of this cloud it knows no more than the lines that `up` prints. */
async function cdk(...args: string[]): Promise<{ readonly code: number; readonly said: string }> {
  const all = [program, ...args, '--output', join(root, 'cdk.out'), '--no-notices', '--ci']
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // It takes a second, and is not what is tried here.
    CDK_VALIDATION: 'false',
  }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, all, {
      cwd: app,
      env,
      timeout: HANG,
    })
    return { code: 0, said: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, said: stdout + stderr }
  }
}
const deploy = (...args: string[]) => cdk('deploy', '--all', '--require-approval', 'never', ...args)

const say = (action: string, text: string, until: RegExp, cookie = 'theme=dark; citizen=ana') =>
  wscat(cloud.sockets()[0] ?? '', JSON.stringify({ action, text }), until, { Cookie: cookie })
const status = () => Object.fromEntries(cloud.stacks.list().map(stack => [stack.stackName, stack.status]))

test('cdk bootstrap and cdk deploy bring it up, at the second attempt, its assets by way of S3 and the bootstrap roles', async () => {
  const bootstrapped = await cdk('bootstrap', 'aws://123456789012/us-east-1')
  expect(bootstrapped.said).toContain('Environment aws://123456789012/us-east-1 bootstrapped.')
  // A stack that was never whole is replaced.
  const failed = await deploy('-c', 'broken=yes')
  expect(failed.said).toMatch(/TownChat\/Broken\s+\(AWS::Logs::LogGroup Broken\)[\s\S]*retentionInDays/)
  expect(status()).toMatchObject({ TownStorage: 'CREATE_COMPLETE', TownChat: 'ROLLBACK_COMPLETE' })
  const deployed = await deploy()
  expect(deployed.said).toMatch(/TownChat\.Url = wss:\/\/\w+\.execute-api\.us-east-1\.amazonaws\.com\/live/)
  expect(status()).toEqual({
    CDKToolkit: 'CREATE_COMPLETE',
    TownStorage: 'CREATE_COMPLETE',
    TownChat: 'CREATE_COMPLETE',
  })
})

test('it works through wscat: a cookie, a layer, a parameter, a queue', async () => {
  expect(await say('say', 'hello', /hello/)).toContain('Good evening, ana: hello')
  expect(await say('say', 'hello', /error/, 'theme=dark')).toContain('Unexpected server response: 403')
  expect(await say('say', 'hello', /error/, '')).toContain('Unexpected server response: 401')
})

test.skipIf(!oldSdk())('a function of nodejs16.x finds the SDK v2 where it is at hand', async () => {
  const heard = await say('remember', 'hello', /hello/)
  expect(heard).toContain('Good evening, ana: hello, and not a word before')
})

test('an update is told by cdk diff, and changes what is read from a parameter of the other stack', async () => {
  const { said } = await cdk('diff', '--all', '-c', 'word=Howdy')
  expect(said).toMatch(/\[~\] AWS::SSM::Parameter Word[\s\S]*\[-\] Good evening[\s\S]*\[\+\] Howdy/)
  expect((await deploy('-c', 'word=Howdy')).said).toContain('✅  TownChat')
  expect(await say('say', 'hello', /hello/)).toContain('Howdy, ana: hello')
})

test('an update that fails is rolled back, the CLI says why, and all is as it was', async () => {
  const { code, said } = await deploy('-c', 'word=Howdy', '-c', 'broken=yes')
  expect(said).toContain('TownStorage (no changes)')
  expect(said).toMatch(/TownChat\/Broken\s+\(AWS::Logs::LogGroup Broken\)[\s\S]*retentionInDays/)
  expect(code).toBe(1)
  expect(status()).toMatchObject({ TownChat: 'UPDATE_ROLLBACK_COMPLETE' })
  expect(await say('say', 'again', /again/)).toContain('Howdy, ana: again')
})

test('cdk destroy takes it down, its page and its logs too, and nothing of it is left', async () => {
  const config = { endpoint: cloud.endpoint, region: 'us-east-1', credentials: cloud.credentials }
  const [s3, ssm] = [new S3Client(config), new SSMClient(config)]
  const { outputs } = cloud.stacks.describe('TownStorage')
  const Bucket = outputs.find(({ key }) => key === 'PageBucket')!.value
  await s3.send(new PutObjectCommand({ Bucket, Key: 'index.html', Body: '<p>' }))
  const { code } = await cdk('destroy', '--all', '--force')
  expect(code).toBe(0)
  expect(Object.keys(status())).toEqual(['CDKToolkit'])
  expect(cloud.sockets()).toEqual([])
  await expect(s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchBucket' })
  const { Parameters } = await ssm.send(new DescribeParametersCommand({}))
  expect(Parameters?.map(({ Name }) => Name)).toEqual(['/cdk-bootstrap/hnb659fds/version'])
  for (const client of [s3, ssm]) client.destroy()
})
