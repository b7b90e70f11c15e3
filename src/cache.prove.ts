import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import { type IVpc, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2'
import { CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache'
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cloud, startCloud } from './cloud/cloud.ts'
import { regionCode } from './cloud/elasticache/caches.ts'
import { findServerProgram } from './cloud/elasticache/server-program.ts'
import { startGuardian } from './cloud/guardian.ts'
import { house } from './run/house.ts'
import { alive, descendants, eventually } from './selfproof/processes.ts'

const guardian = startGuardian()
afterAll(() => guardian.stop())

/** What a handler on AWS does as well: it speaks TLS to the cache's own name. */
const HANDLER = `
import { createClient } from '@redis/client'
export const handler = async ({ host = process.env.HOST, tls = true, commands, connectTimeout = 20_000 }) => {
  const client = createClient({ socket: { host, port: 6379, tls, connectTimeout, reconnectStrategy: false } })
  client.on('error', () => {})
  try {
    await client.connect()
    const answers = []
    for (const command of commands) {
      answers.push(await client.sendCommand(command).catch(error => error.message))
    }
    return answers
  } catch (error) {
    return error.code ?? error.constructor.name
  } finally {
    client.destroy()
  }
}`

/** A cache, functions that may speak to it (`Near`), that are in its VPC and may not (\`Shut\`), and that are not in it (\`Far\`). */
async function synthesized(root: string): Promise<string> {
  process.env.CDK_VALIDATION ??= 'false'
  const code = join(root, 'code')
  mkdirSync(code)
  const { outputFiles } = await build({
    stdin: { contents: HANDLER, resolveDir: house, loader: 'js' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  })
  writeFileSync(join(code, 'index.js'), outputFiles[0]!.text)

  const app = new App({ outdir: join(root, 'cdk.out'), analyticsReporting: false, treeMetadata: false })
  const stack = new Stack(app, 'Cached')
  const vpc = new Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    restrictDefaultSecurityGroup: true,
    subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  }) as IVpc
  const guards = new SecurityGroup(stack, 'Guards', { vpc })
  const cache = new CfnServerlessCache(stack, 'Cache', {
    engine: 'valkey',
    serverlessCacheName: 'Chat',
    subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
    securityGroupIds: [guards.securityGroupId],
  })
  const fn = (id: string, place: object) =>
    new LambdaFunction(stack, id, {
      functionName: id,
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset(code),
      timeout: Duration.seconds(30),
      environment: { HOST: cache.attrEndpointAddress },
      ...place,
    })
  const inside = { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }
  const near = fn('Near', inside)
  near.connections.allowTo(guards, Port.tcp(6379))
  fn('Shut', inside)
  fn('Far', {})
  for (const [name, value] of Object.entries({
    Ref: cache.ref,
    Host: cache.attrEndpointAddress,
    Port: cache.attrEndpointPort,
    Status: cache.attrStatus,
    Arn: cache.attrArn,
  })) {
    new CfnOutput(stack, `${name}Output`, { value }).overrideLogicalId(name)
  }
  return app.synth().directory
}

const program = findServerProgram()

test('regions are as short as in ElastiCache’s names', () => {
  expect(['us-east-1', 'eu-central-1', 'ap-southeast-2', 'ap-northeast-1'].map(regionCode)).toEqual([
    'use1',
    'euc1',
    'apse2',
    'apne1',
  ])
})

test('without a server on the machine a cache is refused by name, with what to do about it', async () => {
  const cloud = await startCloud({ guardian })
  const { WSLAB_CACHE_SERVER } = process.env
  process.env.WSLAB_CACHE_SERVER = '/nowhere/valkey-server'
  try {
    const root = guardian.temporaryFolder('wslab-no-cache-')
    await expect(cloud.deploy(await synthesized(root))).rejects.toThrow(
      /Cached\/Cache: AWS::ElastiCache::ServerlessCache \(Engine valkey: there is no Valkey or Redis server on this machine: install one/,
    )
  } finally {
    if (WSLAB_CACHE_SERVER === undefined) delete process.env.WSLAB_CACHE_SERVER
    else process.env.WSLAB_CACHE_SERVER = WSLAB_CACHE_SERVER
    await cloud.stop()
  }
})

describe.skipIf(!program)('with a server on the machine (skipped where there is none)', () => {
  let cloud: Cloud
  let lambda: LambdaClient
  let assembly: string
  let outputs: Readonly<Record<string, string>>
  beforeAll(async () => {
    cloud = await startCloud({ guardian })
    assembly = await synthesized(guardian.temporaryFolder('wslab-cached-'))
    const { stacks } = await cloud.deploy(assembly)
    outputs = Object.fromEntries(stacks[0]!.outputs.map(({ key, value }) => [key, value]))
    lambda = new LambdaClient({
      endpoint: cloud.endpoint,
      region: 'us-east-1',
      credentials: cloud.credentials,
      maxAttempts: 1,
    })
  })
  afterAll(async () => {
    lambda?.destroy()
    await cloud?.stop()
  })

  const invoke = async (FunctionName: string, event: object) => {
    const { Payload } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }),
    )
    return JSON.parse(Buffer.from(Payload!).toString())
  }

  test('its attributes are AWS’s', () => {
    expect(outputs).toMatchObject({
      Ref: 'chat',
      Host: expect.stringMatching(/^chat-[a-z0-9]{6}\.serverless\.use1\.cache\.amazonaws\.com$/),
      Port: '6379',
      Status: 'available',
      Arn: 'arn:aws:elasticache:us-east-1:123456789012:serverlesscache:chat',
    })
  })

  test('a function in its VPC writes and reads by its own name and TLS, as on AWS', async () => {
    const commands = [
      ['SET', 'greeting', 'hello'],
      ['GET', 'greeting'],
      ['XADD', 'history', '1-1', 'text', 'hi'],
      ['XRANGE', 'history', '-', '+'],
    ]
    expect(await invoke('Near', { commands })).toEqual(['OK', 'hello', '1-1', [['1-1', ['text', 'hi']]]])
    // Another connection finds it there.
    expect(await invoke('Near', { commands: [['GET', 'greeting']] })).toEqual(['hello'])
  })

  test('without TLS it hangs up, and commands that AWS keeps for itself are unknown', async () => {
    expect(await invoke('Near', { tls: false, commands: [['PING']] })).not.toEqual(['PONG'])
    const [config, second] = await invoke('Near', {
      commands: [
        ['CONFIG', 'GET', '*'],
        ['SELECT', '1'],
      ],
    })
    expect(config).toMatch(/^ERR unknown command 'CONFIG'/)
    expect(second).toMatch(/^ERR/)
  })

  test('who is not let in by its security group, or is not in its VPC, waits in vain', async () => {
    const event = { commands: [['PING']], connectTimeout: 300 }
    expect(await invoke('Shut', event)).toMatch(/Timeout/)
    expect(await invoke('Far', event)).toMatch(/Timeout/)
  })

  test('its server goes with the stack', async () => {
    const own = await startCloud({ guardian })
    const before = servers(process.pid)
    await own.deploy(assembly)
    const [pid = 0] = servers(process.pid).filter(one => !before.includes(one))
    expect(alive(pid)).toBe(true)
    await own.stacks.delete('Cached')
    expect(await eventually(() => !alive(pid))).toBe(true)
    await own.stop()
  })

  test('it is gone after SIGKILL, and what it lay in', async () => {
    const root = guardian.temporaryFolder('wslab-killed-')
    const tsx = createRequire(import.meta.url).resolve('tsx')
    const child = spawn(
      process.execPath,
      ['--import', pathToFileURL(tsx).href, join(house, 'src', 'selfproof', 'a-cloud.ts'), assembly],
      { env: { ...process.env, TMPDIR: root }, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    guardian.watchProcess(child.pid!)
    expect(String(await once(child.stdout, 'data'))).toBe('It is up.\n')
    const [pid = 0, ...more] = servers(child.pid!)
    expect(more).toEqual([])
    expect(alive(pid)).toBe(true)
    child.kill('SIGKILL')
    expect(await eventually(() => !alive(pid))).toBe(true)
    const folders = () => readdirSync(root).filter(name => name.startsWith('wslab-'))
    expect(await eventually(() => folders().length === 0)).toBe(true)
  })
})

/** Cache servers below a process. */
function servers(pid: number): readonly number[] {
  const below = descendants(pid)
  return execFileSync('ps', ['-A', '-o', 'pid=,comm='], { encoding: 'utf8' })
    .split('\n')
    .filter(line => /(valkey|redis)-server/.test(line))
    .map(line => Number.parseInt(line, 10))
    .filter(one => below.includes(one))
}
