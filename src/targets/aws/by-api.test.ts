import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import {
  App,
  CfnOutput,
  CfnResource,
  type IStackSynthesizer,
  LegacyStackSynthesizer,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { DeployFailed } from '#kit'
import type { Cloud } from '../../cloud/cloud.ts'
import { askedCloud } from '../../cloud/cloudformation/asked.fixture.ts'
import { type AwsTarget, apiTarget } from './by-api.ts'

// CDK's own validation of templates costs a second and is not what is tried here.
process.env.CDK_VALIDATION = 'false'
// Nothing of this machine's own AWS configuration may be seen, let alone used.
for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name]

const root = mkdtempSync(join(tmpdir(), 'aws-target-'))
const opened: AwsTarget[] = []
let cloud: Cloud
let cfn: CloudFormationClient
beforeAll(async () => {
  process.env.HOME = root
  cloud = await askedCloud()
  const { endpoint, credentials } = cloud
  cfn = new CloudFormationClient({ endpoint, credentials, region: 'us-east-1' })
  mkdirSync(join(root, '.aws', 'sso', 'cache'), { recursive: true })
  writeFileSync(
    join(root, '.aws', 'credentials'),
    `[mine]
aws_access_key_id = ${credentials.accessKeyId}
aws_secret_access_key = ${credentials.secretAccessKey}

[wrong]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wrong
`,
  )
  writeFileSync(
    join(root, '.aws', 'config'),
    `[profile mine]
region = us-east-1
[profile wrong]
region = us-east-1
[profile empty]
region = us-east-1
[profile process]
region = us-east-1
credential_process = "${process.execPath}" -e "process.exit(1)"
[profile sso]
region = us-east-1
sso_session = school
sso_account_id = 123456789012
sso_role_name = Learner
[sso-session school]
sso_start_url = https://school.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
[profile old-sso]
region = us-east-1
sso_start_url = https://school.awsapps.com/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = Learner
`,
  )
})
afterAll(async () => {
  for (const target of opened) target.stop()
  cfn.destroy()
  await cloud.stop()
  rmSync(root, { recursive: true })
})

/** A target in the local cloud. */
async function target(more: Partial<Parameters<typeof apiTarget>[0]> = {}): Promise<AwsTarget> {
  const made = await apiTarget({ profile: 'mine', endpoint: cloud.endpoint, ...more })
  opened.push(made)
  return made
}

function synth(stackName: string, build: (stack: Stack) => void) {
  const app = new App({ outdir: mkdtempSync(join(root, 'out-')), analyticsReporting: false })
  // CDK's own types do not go with exactOptionalPropertyTypes.
  const synthesizer = new LegacyStackSynthesizer() as IStackSynthesizer
  build(new Stack(app, stackName, { synthesizer, tags: { team: 'chat' } }))
  return { directory: app.synth().directory, stackName, origins: [] }
}

/** A room whose functions are written in the template: it says back what is said, and counts who came. */
const room = (stackName: string) =>
  synth(stackName, stack => {
    const table = new Table(stack, 'Room', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const say = new Lambda(stack, 'Say', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      environment: { ROOM: table.tableName },
      code: Code.fromInline(`
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb')
const db = new DynamoDBClient()
exports.handler = async event => {
  await db.send(new PutItemCommand({ TableName: process.env.ROOM, Item: { id: { S: event.requestContext.connectionId } } }))
  return { statusCode: 200, body: 'you said ' + event.body }
}`),
    })
    table.grantWriteData(say)
    const api = new WebSocketApi(stack, 'Chat')
    api.addRoute('$default', {
      integration: new WebSocketLambdaIntegration('Say', say),
      returnResponse: true,
    })
    const live = new WebSocketStage(stack, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })
    new CfnOutput(stack, 'Url', { value: live.url })
  })

/** Two groups of one name: the second cannot be made. */
const twins = (stackName: string) =>
  synth(stackName, stack => {
    const first = new CfnLogGroup(stack, 'First', { logGroupName: 'same' })
    new CfnLogGroup(stack, 'Second', { logGroupName: 'same' }).addResourceDependency(first)
  })

const thrown = (doing: Promise<unknown>): Promise<any> =>
  doing.then(
    () => expect.fail('it went well'),
    error => error,
  )

test('a WebSocket stack is deployed, works, and is destroyed; twice does no harm', async () => {
  const deployment = await (await target()).deploy(room('Chat'))
  expect(deployment).toMatchObject({
    accountId: '123456789012',
    patience: 6_000,
    aws: { region: 'us-east-1', endpoint: cloud.endpoint },
  })
  expect(deployment.advanceClock).toBeUndefined()
  expect(deployment.settled).toBeUndefined()
  // The address is AWS's, as it is in the template.
  const { Url = '' } = deployment.outputs
  expect(Url).toMatch(/^wss:\/\/\w+\.execute-api\.us-east-1\.amazonaws\.com\/live$/)
  expect(deployment.resources).toContainEqual({
    logicalId: expect.stringMatching(/^Room/),
    type: 'AWS::DynamoDB::Table',
    physicalId: expect.stringMatching(/^Chat-Room/),
  })

  const socket = new WebSocket(cloud.toLocal(Url))
  await once(socket, 'open')
  socket.send('hello')
  const [heard] = await once(socket, 'message')
  expect(String(heard)).toBe('you said hello')
  socket.close()

  const { Stacks } = await cfn.send(new DescribeStacksCommand({ StackName: 'Chat' }))
  expect(Stacks![0]!.Tags).toEqual([
    { Key: 'team', Value: 'chat' },
    { Key: 'wslab', Value: 'true' },
  ])

  await deployment.destroy()
  await deployment.destroy()
  expect(cloud.stacks.list()).toEqual([])
})

test('its configuration reaches the account, for every client', async () => {
  const deployment = await (await target()).deploy(synth('Small', stack => new CfnLogGroup(stack, 'Hall')))
  const sts = new STSClient(deployment.aws)
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '123456789012' })
  sts.destroy()
  await deployment.destroy()
})

test('a stack that fails is DeployFailed with the resource, the reason and the events, and is deleted', async () => {
  const error: DeployFailed = await thrown((await target()).deploy(twins('Twins')))
  expect(error).toBeInstanceOf(DeployFailed)
  expect(error.logicalId).toBe('Second')
  expect(error.reason).toMatch(/^Twins\/Second \(AWS::Logs::LogGroup\): .*already exists/)
  expect(error.evidence).toEqual([
    expect.stringMatching(/^CREATE_FAILED Second: .*already exists/),
    'ROLLBACK_IN_PROGRESS Twins: The following resource(s) failed to create: [Second]. Rollback requested by user.',
  ])
  expect(cloud.stacks.list()).toEqual([])
})

test('a stack that the cloud refuses as it stands is DeployFailed, with every line', async () => {
  const error: DeployFailed = await thrown(
    (await target()).deploy(
      synth('Site', stack => {
        new CfnLogGroup(stack, 'Hall')
        new CfnResource(stack, 'Edge', { type: 'AWS::KMS::Key' })
      }),
    ),
  )
  expect(error).toBeInstanceOf(DeployFailed)
  expect(error.reason).toBe('Not supported by the local cloud:')
  expect(error.evidence).toEqual(['Site/Edge: AWS::KMS::Key'])
})

test('a stack of that name is somebody else’s, and is not touched', async () => {
  const template = { Resources: { Hall: { Type: 'AWS::Logs::LogGroup' } } }
  await cloud.stacks.create({ stackName: 'Taken', template })
  const error = await thrown((await target()).deploy(twins('Taken')))
  expect(error).toMatchObject({ name: 'AwsTrouble', kind: 'stack-exists' })
  expect(error.next).toContain(`aws cloudformation delete-stack --stack-name Taken --profile mine`)
  expect(cloud.stacks.describe('Taken').status).toBe('CREATE_COMPLETE')
  await cloud.stacks.delete('Taken')
})

test('a stack that will not go says what keeps it', async () => {
  const deployment = await (await target()).deploy(
    synth('Lender', stack => {
      const hall = new CfnLogGroup(stack, 'Hall')
      new CfnOutput(stack, 'Name', { value: hall.ref, exportName: 'hall' })
    }),
  )
  const template = {
    Resources: {
      Other: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: { 'Fn::Sub': ['${N}-2', { N: { 'Fn::ImportValue': 'hall' } }] } },
      },
    },
  }
  await cloud.stacks.create({ stackName: 'User', template })
  await expect(deployment.destroy()).rejects.toMatchObject({
    kind: 'left-behind',
    message:
      'The stack Lender may still be there: CREATE_COMPLETE: Export hall cannot be deleted as it is in use by User',
  })
  await cloud.stacks.delete('User')
  await deployment.destroy()
  expect(cloud.stacks.list()).toEqual([])
})

test('a stack with files is refused in a sentence, whatever the synthesizer', async () => {
  mkdirSync(join(root, 'code'), { recursive: true })
  writeFileSync(join(root, 'code', 'index.js'), 'exports.handler = async () => {}')
  for (const modern of [true, false]) {
    const app = new App({ outdir: mkdtempSync(join(root, 'out-')), analyticsReporting: false })
    const synthesizer = new LegacyStackSynthesizer() as IStackSynthesizer
    const stack = new Stack(app, 'Files', modern ? {} : { synthesizer })
    new Lambda(stack, 'Say', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset(join(root, 'code')),
    })
    const assembly = { directory: app.synth().directory, stackName: 'Files', origins: [] }
    const error = await thrown((await target()).deploy(assembly))
    expect(error).toMatchObject({ name: 'AwsTrouble', kind: 'file-assets' })
    expect(error.message).toMatch(
      /^The stack Files brings files along \(.*(Say|asset).*\); this target takes stacks without/,
    )
  }
})

test('an assembly that is none is the stack’s fault', async () => {
  const assembly = { directory: join(root, 'nowhere'), stackName: 'Chat', origins: [] }
  expect(await thrown((await target()).deploy(assembly))).toBeInstanceOf(DeployFailed)
})

test('a template too large to be sent along is said to be', async () => {
  const large = synth('Large', stack => {
    for (let index = 0; index < 500; index++) {
      new CfnLogGroup(stack, `Group${index}`, { logGroupName: `${'x'.repeat(100)}-${index}` })
    }
  })
  const error = await thrown((await target()).deploy(large))
  expect(error).toMatchObject({ kind: 'too-large' })
  expect(error.message).toMatch(/^The template of Large has \d+ bytes; CloudFormation takes 51200/)
})

test('it says whom AWS takes it for', async () => {
  expect(await (await target()).startsAs()).toEqual({
    accountId: '123456789012',
    region: 'us-east-1',
    principal: 'arn:aws:iam::123456789012:user/learner',
  })
})

test('keys in the environment are not used: the profile’s are', async () => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE'
  process.env.AWS_SECRET_ACCESS_KEY = 'other'
  process.env.AWS_PROFILE = 'wrong'
  process.env.AWS_ENDPOINT_URL = cloud.endpoint
  try {
    const made = await apiTarget({ profile: 'mine' })
    opened.push(made)
    expect(made.endpoint).toBe(cloud.endpoint)
    expect(await made.startsAs()).toMatchObject({ principal: 'arn:aws:iam::123456789012:user/learner' })
  } finally {
    for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name]
  }
})

test('no such profile', async () => {
  expect(await thrown(target({ profile: 'nobody' }))).toMatchObject({
    kind: 'no-profile',
    message: 'There is no profile "nobody" in your AWS configuration.',
    next: expect.stringMatching(/^Name one of mine, wrong, empty, .*old-sso, or make it with `aws configure/),
  })
})

test('no configuration at all', async () => {
  process.env.AWS_CONFIG_FILE = join(root, 'no-config')
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(root, 'no-credentials')
  try {
    expect(await thrown(target())).toMatchObject({
      kind: 'no-profile',
      next: 'Make it with `aws configure --profile mine` or `aws configure sso --profile mine`.',
    })
  } finally {
    delete process.env.AWS_CONFIG_FILE
    delete process.env.AWS_SHARED_CREDENTIALS_FILE
  }
})

test('single services at endpoints of their own, in the environment or the profile', async () => {
  process.env.AWS_ENDPOINT_URL_S3 = cloud.endpoint
  const config = join(root, 'many')
  writeFileSync(
    config,
    '[profile mine]\nregion = us-east-1\nservices = here\n[services here]\ns3 =\n  endpoint_url = x\n',
  )
  try {
    expect(await thrown(apiTarget({ profile: 'mine' }))).toMatchObject({
      kind: 'endpoints',
      message: expect.stringMatching(/^AWS_ENDPOINT_URL_S3 sends single services/),
      next: expect.stringContaining('AWS_ENDPOINT_URL'),
    })
    delete process.env.AWS_ENDPOINT_URL_S3
    process.env.AWS_CONFIG_FILE = config
    expect(await thrown(apiTarget({ profile: 'mine' }))).toMatchObject({
      kind: 'endpoints',
      message: expect.stringMatching(/^services in the profile "mine" sends/),
    })
  } finally {
    delete process.env.AWS_ENDPOINT_URL_S3
    delete process.env.AWS_CONFIG_FILE
  }
})

test('the endpoint of a profile is the one of everything', async () => {
  const config = join(root, 'elsewhere')
  writeFileSync(config, `[profile mine]\nregion = us-east-1\nendpoint_url = ${cloud.endpoint}\n`)
  process.env.AWS_CONFIG_FILE = config
  try {
    const made = await apiTarget({ profile: 'mine' })
    opened.push(made)
    expect(made.endpoint).toBe(cloud.endpoint)
  } finally {
    delete process.env.AWS_CONFIG_FILE
  }
})

test('no region', async () => {
  const file = join(root, 'regionless')
  writeFileSync(file, '[profile mine]\noutput = json\n')
  process.env.AWS_CONFIG_FILE = file
  try {
    expect(await thrown(target())).toMatchObject({
      kind: 'no-region',
      message: 'The profile "mine" does not say which region to work in.',
      next: expect.stringContaining('aws configure set region'),
    })
    expect((await target({ region: 'us-east-1' })).region).toBe('us-east-1')
  } finally {
    delete process.env.AWS_CONFIG_FILE
  }
})

for (const [profile, kind, message, next] of [
  ['empty', 'no-credentials', /^The profile "empty" gives no credentials: /, 'aws configure --profile empty'],
  [
    'process',
    'no-credentials',
    /^The profile "process" gives no credentials: /,
    'aws sts get-caller-identity',
  ],
  ['wrong', 'refused-keys', /^AWS does not take the keys of the profile "wrong": /, 'aws configure'],
  ['sso', 'sso-login', /^The profile "sso" needs you to log in/, 'aws sso login --profile sso'],
  ['old-sso', 'sso-login', /^The profile "old-sso" needs you to log in/, 'aws sso login --profile old-sso'],
] as const) {
  test(`${kind}, of the profile ${profile}`, async () => {
    const error = await thrown((await target({ profile })).startsAs())
    expect(error).toMatchObject({
      name: 'AwsTrouble',
      kind,
      message: expect.stringMatching(message),
      next: expect.stringContaining(next),
    })
  })
}

test('a region of another partition', async () => {
  const error = await thrown((await target({ region: 'cn-north-1' })).startsAs())
  expect(error).toMatchObject({ kind: 'wrong-partition' })
  expect(error.message).toContain('the partition of cn-north-1')
})

test('an endpoint where nobody is', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  const error = await thrown((await target({ endpoint: `http://127.0.0.1:${port}` })).startsAs())
  expect(error).toMatchObject({
    kind: 'unreachable',
    message: expect.stringMatching(new RegExp(`^Nobody answers at http://127.0.0.1:${port}: `)),
    next: expect.stringContaining('AWS_ENDPOINT_URL'),
  })
})

// What a local cloud does not say of its own accord is said by a server that says nothing else.
for (const [kind, code, status, said, message] of [
  ['expired', 'ExpiredToken', 403, 'The security token included in the request is expired', 'have expired'],
  [
    'clock-skew',
    'SignatureDoesNotMatch',
    403,
    'Signature expired: 20261121T120000Z is now earlier than 20261121T121500Z (20261121T123000Z - 15 min.)',
    'The clock of this machine is wrong',
  ],
  ['throttled', 'Throttling', 400, 'Rate exceeded', 'AWS has been asked too often'],
  ['not-allowed', 'AccessDenied', 403, 'User: x is not authorized to perform: y', 'is not authorized'],
] as const) {
  test(`${kind}, as AWS says it`, async () => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'text/xml' })
      response.end(
        `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${said}</Message></Error></ErrorResponse>`,
      )
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const error = await thrown((await target({ endpoint: `http://127.0.0.1:${port}` })).startsAs())
    server.closeAllConnections()
    server.close()
    expect(error).toMatchObject({ kind, message: expect.stringContaining(message) })
  })
}
