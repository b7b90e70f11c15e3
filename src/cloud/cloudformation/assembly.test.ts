import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  App,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  CliCredentialsStackSynthesizer,
  CustomResource,
  DefaultStackSynthesizer,
  Fn,
  type IStackSynthesizer,
  LegacyStackSynthesizer,
  RemovalPolicy,
  Stack,
  type StackProps,
  Stage,
} from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import {
  Code,
  DockerImageCode,
  DockerImageFunction,
  Function as Lambda,
  Runtime,
} from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { StringParameter } from 'aws-cdk-lib/aws-ssm'
import type { Construct } from 'constructs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import { stillClock } from '../clock.ts'
import { eventStream } from '../events.ts'
import { type AssemblyStack, readAssembly, selectStacks } from './assembly.ts'
import { accountFor } from './assembly-account.ts'
import { objectShelf } from './objects.ts'
import type { Properties } from './properties.ts'
import type { ResourceType } from './resource.ts'
import { askNobody } from './rights.ts'
import { startStacks } from './stacks.ts'
import { survey } from './survey.ts'
import { withoutTwins } from './twins.ts'

// CDK's own validation of templates costs a second and is not what is tried here.
process.env.CDK_VALIDATION = 'false'

const root = mkdtempSync(join(tmpdir(), 'assembly-'))
let count = 0
/** A second synth into the same folder would find the assets of the first. */
const fresh = () => join(root, String(count++))

beforeAll(() => {
  mkdirSync(join(root, 'say'))
  writeFileSync(join(root, 'say', 'index.js'), 'exports.handler = async () => ({ statusCode: 200 })\n')
})
afterAll(() => rmSync(root, { recursive: true }))

const synth = (build: (app: App) => void, context: Record<string, unknown> = {}) => {
  const app = new App({ outdir: fresh(), context, analyticsReporting: false })
  build(app)
  return app.synth().directory
}

const read = (build: (app: App) => void, context?: Record<string, unknown>) =>
  readAssembly(synth(build, context), defaultAccount)

/** A type that takes anything, in the place of a service: what is looked at is what it was given. */
const anything = (type: string, made: Map<string, Properties>): ResourceType => ({
  type,
  rights: askNobody,
  properties: new Proxy(
    {},
    { getOwnPropertyDescriptor: () => ({ value: 'update', configurable: true, enumerable: true }) },
  ),
  create({ logicalId, properties, inventName }) {
    made.set(logicalId, properties)
    const physicalId = inventName(64)
    const attributes = ['Arn', 'ApiId', 'TableArn', 'DomainName', 'ApiEndpoint', 'Url', 'StreamArn']
    return { physicalId, attributes: Object.fromEntries(attributes.map(one => [one, `${one}:${logicalId}`])) }
  },
})

function cloudFor(stacks: readonly AssemblyStack[]) {
  const made = new Map<string, Properties>()
  const clock = stillClock()
  const shelf = objectShelf()
  const names = new Set(
    stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type)),
  )
  const types = [...names].filter(name => name !== 'AWS::CDK::Metadata').map(name => anything(name, made))
  return {
    made,
    shelf,
    types: new Map(types.map(one => [one.type, one])),
    stacks: startStacks({ account: defaultAccount, clock, events: eventStream(clock.now), types, shelf }),
  }
}

class ChatStack extends Stack {
  readonly room: Table

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)
    this.room = new Table(this, 'Room', {
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.room.addGlobalSecondaryIndex({
      indexName: 'byName',
      partitionKey: { name: 'name', type: AttributeType.STRING },
    })
    const say = new Lambda(this, 'Say', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 })'),
      environment: { ROOM: this.room.tableName },
    })
    const api = new WebSocketApi(this, 'Chat')
    api.addRoute('say', { integration: new WebSocketLambdaIntegration('Say', say) })
    const live = new WebSocketStage(this, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })
    this.room.grantReadData(say)
    api.grantManageConnections(say)
    new CfnOutput(this, 'Url', { value: live.url })
  }
}

test('a WebSocket app is read and deployed, everything in it worked out', async () => {
  const { stacks } = read(app => new ChatStack(app, 'ChatStack', { tags: { lab: 'chat' } }))
  const cloud = cloudFor(stacks)

  const { stack } = await cloud.stacks.deploy(stacks[0]!)

  expect(stacks.map(({ stackName, displayName, tags }) => [stackName, displayName, tags])).toEqual([
    ['ChatStack', 'ChatStack', { lab: 'chat' }],
  ])
  const idOf = (type: string) => stack.resources.find(one => one.type === type)!
  const api = idOf('AWS::ApiGatewayV2::Api').physicalId
  expect(stack.outputs).toMatchObject([
    {
      key: 'Url',
      value: `wss://${api}.execute-api.us-east-1.amazonaws.com/live`,
    },
  ])
  const say = cloud.made.get(idOf('AWS::Lambda::Function').logicalId)!
  expect(say.Environment.Variables.ROOM).toBe(idOf('AWS::DynamoDB::Table').physicalId)
  expect(say.Role).toBe(`Arn:${idOf('AWS::IAM::Role').logicalId}`)
  const policy = JSON.stringify(cloud.made.get(idOf('AWS::IAM::Policy').logicalId))
  expect(policy).toContain(`arn:aws:execute-api:us-east-1:123456789012:${api}/*/*/@connections/*`)
  expect(policy).toContain(`Arn:${idOf('AWS::DynamoDB::Table').logicalId}/index/*`)
  expect(JSON.stringify([...cloud.made.values()])).not.toMatch(/"(Ref|Fn::\w+)"/)

  await cloud.stacks.delete('ChatStack')
  expect(cloud.stacks.list()).toEqual([])
})

// CDK's own classes do not fit its interface under exactOptionalPropertyTypes.
const synthesizers: readonly (readonly [string, () => unknown])[] = [
  ['DefaultStackSynthesizer', () => new DefaultStackSynthesizer()],
  [
    'CliCredentialsStackSynthesizer',
    () => new CliCredentialsStackSynthesizer({ fileAssetsBucketName: 'our-bucket' }),
  ],
  ['LegacyStackSynthesizer', () => new LegacyStackSynthesizer()],
]
for (const [name, synthesizer] of synthesizers) {
  test(`${name}: a function’s code is found where the template says`, async () => {
    const { stacks } = read(app => {
      const stack = new Stack(app, 'Chat', { synthesizer: synthesizer() as IStackSynthesizer })
      const props = { runtime: Runtime.NODEJS_22_X, handler: 'index.handler' }
      new Lambda(stack, 'Say', { ...props, code: Code.fromAsset(join(root, 'say')) })
      new NodejsFunction(stack, 'Bundled', {
        runtime: Runtime.NODEJS_22_X,
        entry: fileURLToPath(new URL('assembly-entry.fixture.ts', import.meta.url)),
      })
    })
    const cloud = cloudFor(stacks)
    await cloud.stacks.deploy(stacks[0]!)

    const codes = [...cloud.made.values()].flatMap(({ Code }) => (Code ? [Code] : []))
    expect(codes).toHaveLength(2)
    for (const { S3Bucket, S3Key } of codes) {
      const { kind, path } = cloud.shelf.find(S3Bucket, S3Key)
      expect(kind).toBe('directory')
      expect(readFileSync(join(path, 'index.js'), 'utf8')).toContain('statusCode: 200')
    }
    expect(() => cloud.shelf.find('nobody', 'nothing.zip')).toThrow('The specified key does not exist.')
  })
}

test('BootstraplessSynthesizer: inline code needs nothing', async () => {
  const { stacks } = read(
    app => new ChatStack(app, 'Chat', { synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer }),
  )
  const { stack } = await cloudFor(stacks).stacks.deploy(stacks[0]!)
  expect(stack.status).toBe('CREATE_COMPLETE')
})

for (const references of ['strong', 'weak']) {
  test(`stages and ${references} references between stacks are put in order and resolved`, async () => {
    const assembly = read(
      app => {
        const prod = new Stage(app, 'Prod', { env: { account: '111122223333', region: 'eu-west-1' } })
        const reader = new Stack(prod, 'AReader')
        const chat = new ChatStack(prod, 'Chat')
        new CfnOutput(reader, 'Room', { value: chat.room.tableName })
        new Lambda(reader, 'Read', {
          runtime: Runtime.NODEJS_22_X,
          handler: 'index.handler',
          code: Code.fromInline('x'),
          environment: { ROOM: chat.room.tableName },
        })
        new Bucket(new Stack(app, 'Alone'), 'Bucket')
      },
      { '@aws-cdk/core:defaultCrossStackReferences': references },
    )
    const cloud = cloudFor(assembly.stacks)

    expect(assembly.stacks.map(({ displayName }) => displayName).sort()).toEqual([
      'Alone',
      'Prod/AReader',
      'Prod/Chat',
    ])
    const chosen = selectStacks(assembly, ['Prod/AReader'])
    expect(chosen.map(({ stackName }) => stackName)).toEqual(['Prod-Chat', 'Prod-AReader'])
    expect(chosen[0]!.environment).toEqual({ accountId: '111122223333', region: 'eu-west-1' })
    // The stacks ask for another region: the account they are deployed to has to be theirs.
    const account = { ...defaultAccount, accountId: '111122223333', region: 'eu-west-1' }
    const clock = stillClock()
    const stacks = startStacks({
      account,
      clock,
      events: eventStream(clock.now),
      types: [...cloud.types.values()],
    })
    for (const stack of chosen) await stacks.deploy(stack)

    const room = stacks.describe('Prod-Chat').resources.find(({ type }) => type === 'AWS::DynamoDB::Table')!
    expect(stacks.describe('Prod-AReader').outputs).toMatchObject([{ key: 'Room', value: room.physicalId }])
    expect(stacks.exports()).toHaveLength(references === 'strong' ? 1 : 0)
  })
}

test('an SSM parameter’s stack comes before the one that takes the parameter in', () => {
  const { stacks } = read(app => {
    const user = new Stack(app, 'AUser')
    new CfnOutput(user, 'Url', { value: StringParameter.valueForStringParameter(user, '/chat/url') })
    const base = new Stack(app, 'Base')
    new StringParameter(base, 'Parameter', { parameterName: '/chat/url', stringValue: 'wss://x' })
  })
  expect(stacks.map(({ stackName }) => stackName)).toEqual(['Base', 'AUser'])
})

test('conditions and parameters of an app decide', async () => {
  const { stacks } = read(app => {
    const stack = new Stack(app, 'Chat')
    const mode = new CfnParameter(stack, 'Mode', { default: 'dev', allowedValues: ['dev', 'prod'] })
    const isProd = new CfnCondition(stack, 'IsProd', {
      expression: Fn.conditionEquals(mode.valueAsString, 'prod'),
    })
    const bucket = new Bucket(stack, 'Bucket')
    ;(bucket.node.defaultChild as any).cfnOptions.condition = isProd
    new CfnOutput(stack, 'Mode2', { value: Fn.conditionIf('IsProd', bucket.bucketName, 'none').toString() })
    new Bucket(stack, 'Always')
  })
  const { stacks: cloud } = cloudFor(stacks)
  expect((await cloud.deploy(stacks[0]!)).stack.outputs).toMatchObject([{ value: 'none' }])
  const { stack } = await cloud.deploy({ ...stacks[0]!, parameters: { Mode: 'prod' } })
  expect(stack.outputs[0]!.value).toMatch(/^Chat-Bucket[A-Z0-9]{8}-[A-Z0-9]{12}$/)
})

test('what an app has beside its chat is named, or left out so that the chat runs', async () => {
  const { stacks } = read(app => {
    const chat = new ChatStack(app, 'Chat')
    const site = new Bucket(chat, 'Site')
    site.grantRead(
      new Lambda(chat, 'Page', { runtime: Runtime.NODEJS_22_X, handler: 'i.h', code: Code.fromInline('x') }),
    )
    new CustomResource(chat, 'Helper', { serviceToken: 'arn:x', resourceType: 'Custom::Helper' })
    new CfnOutput(chat, 'SiteName', { value: site.bucketName })
    mkdirSync(join(root, 'image'), { recursive: true })
    writeFileSync(join(root, 'image', 'Dockerfile'), 'FROM scratch\n')
    new DockerImageFunction(chat, 'Image', { code: DockerImageCode.fromImageAsset(join(root, 'image')) })
  })
  const { types, stacks: cloud } = cloudFor(stacks)
  types.delete('AWS::S3::Bucket')
  types.delete('Custom::Helper')
  types.set('AWS::Lambda::Function', {
    ...types.get('AWS::Lambda::Function')!,
    refuse: ({ PackageType }) => (PackageType === 'Image' ? ['PackageType Image'] : []),
  })
  const abilities = { account: defaultAccount, types }

  expect(() => survey(stacks, abilities)).toThrow(
    expect.objectContaining({
      lines: [
        expect.stringMatching(/^Chat: the container image /),
        expect.stringMatching(/^Chat\/Site\w+: AWS::S3::Bucket$/),
        'Chat/Helper: Custom::Helper',
        expect.stringMatching(/^Chat\/Image\w+: AWS::Lambda::Function \(PackageType Image\)$/),
      ],
    }),
  )
  const left = survey(stacks, { ...abilities, skipUnsupported: true })
  expect(left.leftOut.join('\n')).toMatch(/Chat\/SiteName: an output, refers to Site/)
  const { stack } = await cloud.deploy(left.stacks[0]!)
  expect(stack.outputs.map(({ key }) => key)).toEqual(['Url'])
  const functions = stack.resources.filter(({ type }) => type === 'AWS::Lambda::Function')
  expect(functions.map(({ logicalId }) => logicalId.slice(0, -8)).sort()).toEqual(['Page', 'Say'])
})

test('of two stacks of one name the one for the region of the cloud is taken', () => {
  const twoRegions = (app: App) => {
    for (const region of ['eu-west-1', 'us-east-1']) {
      const env = { account: '111122223333', region }
      const rooms = new Stack(app, `Rooms-${region}`, { stackName: 'Rooms', env })
      const chat = new Stack(app, `Chat-${region}`, { stackName: `Chat-${region}`, env })
      // Both give it, each to the stack of its own region.
      new StringParameter(chat, 'Greeting', { parameterName: '/greeting', stringValue: region })
      new CfnOutput(rooms, 'Greeting', {
        value: StringParameter.valueForStringParameter(rooms, '/greeting'),
      })
      new Bucket(rooms, 'B')
    }
  }
  const assembly = read(twoRegions)
  const account = { ...defaultAccount, accountId: '111122223333' }
  const names = (region: string) =>
    withoutTwins(selectStacks(assembly), { ...account, region }).stacks.map(one => one.displayName)
  expect(names('us-east-1')).toEqual(['Chat-us-east-1', 'Rooms-us-east-1'])
  expect(names('eu-west-1')).toEqual(['Chat-eu-west-1', 'Rooms-eu-west-1'])
  expect(withoutTwins(selectStacks(assembly), account).passedOver).toEqual([
    'Rooms-eu-west-1: is for eu-west-1 of the account 111122223333, and Rooms-us-east-1 is called Rooms as well. `--region` and `--account` choose another.',
    'Chat-eu-west-1: is for eu-west-1 of the account 111122223333',
  ])
  expect(() => names('ap-south-1')).toThrow(/are both called Rooms\. .* or a region by --region\./)
  expect(selectStacks(assembly, ['Rooms-us-east-1']).map(one => one.displayName)).toEqual(names('us-east-1'))
  expect(() => selectStacks(assembly, ['Nope'])).toThrow('There is no stack Nope in the assembly.')
  expect(accountFor(selectStacks(assembly), defaultAccount).account.region).toBe('us-east-1')
  const given = { region: 'eu-west-1' }
  expect(accountFor(selectStacks(assembly), defaultAccount, given)).toMatchObject({
    account: { ...given, accountId: '111122223333' },
    elsewhere: [],
  })
})

test('a template of AWS SAM is called by its transform', async () => {
  const Transform = 'AWS::Serverless-2016-10-31'
  const template = {
    Transform,
    Globals: { Function: { Timeout: 3 } },
    Resources: { Say: { Type: 'AWS::Serverless::Function', Connectors: {}, Properties: {} } },
    Outputs: { Api: { Value: { Ref: 'ServerlessRestApi' } } },
  } as unknown as AssemblyStack['template']
  const { types } = cloudFor([])
  expect(() => survey([{ stackName: 'Sam', template }], { account: defaultAccount, types })).toThrow(
    /^Not supported by the local cloud:\n {2}Sam: the transform AWS::Serverless-2016-10-31$/,
  )
  const directory = fresh()
  mkdirSync(directory)
  writeFileSync(join(directory, 'template.yaml'), `Transform: ${Transform}\nResources: {}\n`)
  expect(() => readAssembly(directory, defaultAccount)).toThrow(
    /template\.yaml is a template with the transform AWS::Serverless-2016-10-31 \(AWS SAM\)/,
  )
})

test('stacks that depend on each other are named', () => {
  const directory = synth(app => {
    for (const name of ['A', 'B']) new Bucket(new Stack(app, name), 'Bucket')
  })
  const path = join(directory, 'manifest.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  manifest.artifacts.A.dependencies.push('B')
  manifest.artifacts.B.dependencies.push('A')
  writeFileSync(path, JSON.stringify(manifest))
  expect(() => readAssembly(directory, defaultAccount)).toThrow('The stacks A, B depend on each other.')
})

test('a folder that is no assembly is told apart, in a sentence', () => {
  const folder = (files: Record<string, string>) => {
    const directory = fresh()
    mkdirSync(directory)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
    return directory
  }
  const project = folder({})
  mkdirSync(join(project, 'cdk.out'))
  writeFileSync(join(project, 'cdk.out', 'manifest.json'), '{}')
  const manifest = (artifacts: object, more: object = {}) =>
    folder({ 'manifest.json': JSON.stringify({ version: '55.0.0', artifacts, ...more }) })
  const stack = (templateFile: string) => ({
    S: { type: 'aws:cloudformation:stack', properties: { templateFile } },
  })

  const wrong: readonly (readonly [string, RegExp])[] = [
    [join(root, 'nowhere'), /^There is no folder .*nowhere\.$/],
    [join(root, 'say', 'index.js'), /index\.js is a file; a cloud assembly is a folder, such as cdk\.out\.$/],
    [folder({}), /^There is no manifest\.json in .*: it is no cloud assembly/],
    [project, /is no cloud assembly, but it holds one: .*cdk\.out\.$/],
    [folder({ 'manifest.json': '{' }), /manifest\.json is not readable as JSON: /],
    [folder({ 'manifest.json': '{"name":"web app"}' }), /is not the manifest of a cloud assembly\.$/],
    [folder({ 'manifest.json': '[]' }), /is not the manifest of a cloud assembly\.$/],
    [manifest({}), /^There are no stacks in the cloud assembly /],
    [manifest(stack('gone.json')), /^The assembly speaks of gone\.json, but .* cannot be read\.$/],
    [
      manifest(stack('manifest.json'), { missing: [{ key: 'k', provider: 'vpc-provider' }] }),
      /look up vpc-provider/,
    ],
  ]
  for (const [directory, sentence] of wrong) {
    expect(() => readAssembly(directory, defaultAccount)).toThrow(
      expect.objectContaining({ name: 'AssemblyProblem', message: expect.stringMatching(sentence) }),
    )
  }
})

test('an asset that is listed but not on disk is said so', () => {
  const directory = synth(app => {
    const stack = new Stack(app, 'Chat')
    new Lambda(stack, 'Say', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'i.h',
      code: Code.fromAsset(join(root, 'say')),
    })
  })
  const { stacks } = readAssembly(directory, defaultAccount)
  const { S3Bucket, S3Key } = Object.values(stacks[0]!.template.Resources).find(
    ({ Type }) => Type === 'AWS::Lambda::Function',
  )!.Properties!.Code as any
  const bucket = S3Bucket['Fn::Sub']
    .replace('${AWS::AccountId}', '123456789012')
    .replace('${AWS::Region}', 'us-east-1')
  const { path } = stacks[0]!.objects.find(bucket, S3Key)
  rmSync(path, { recursive: true })
  expect(() => stacks[0]!.objects.find(bucket, S3Key)).toThrow(/should be at .*, and is not there\.$/)
})
