import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Deployment } from '#kit'
import { startGuardian } from './cloud/guardian.ts'
import { HUNG_TEST } from './machine/bounds.ts'
import { openScene } from './probe/scene.ts'
import { type LocalTarget, localTarget } from './targets/local.ts'

/** Says what it is told to say, after a while or by way of a queue; whatever it is told besides, it does not do. */
const CODE = `
const { ApiGatewayManagementApi } = require('@aws-sdk/client-apigatewaymanagementapi')
const { SQS } = require('@aws-sdk/client-sqs')
exports.handler = async ({ Records, body, requestContext }) => {
  const say = ({ endpoint, ConnectionId, Data }) => new ApiGatewayManagementApi({ endpoint }).postToConnection({ ConnectionId, Data })
  if (Records) {
    for (const record of Records) await say(JSON.parse(record.body))
    return
  }
  const { text, after, delay } = JSON.parse(body ?? '{}')
  if (!text) return { statusCode: 200 }
  const { domainName, stage, connectionId } = requestContext
  const message = { endpoint: 'https://' + domainName + '/' + stage, ConnectionId: connectionId, Data: text }
  if (delay) await new SQS().sendMessage({ QueueUrl: process.env.QUEUE, DelaySeconds: delay, MessageBody: JSON.stringify(message) })
  else {
    await new Promise(resolve => setTimeout(resolve, after))
    await say(message)
  }
  return { statusCode: 200 }
}`

const get = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] })
const ref = (id: string) => ({ Ref: id })
const sub = (text: string) => ({ 'Fn::Sub': text })
const resource = (Type: string, Properties: object) => ({ Type, Properties })
const route = (key: string) =>
  resource('AWS::ApiGatewayV2::Route', {
    ApiId: ref('Api'),
    RouteKey: key,
    Target: sub('integrations/${Integration}'),
  })

const template = {
  Resources: {
    Table: resource('AWS::DynamoDB::Table', {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    }),
    Queue: resource('AWS::SQS::Queue', {}),
    Role: resource('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      Policies: [
        {
          PolicyName: 'All',
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: ['execute-api:*', 'sqs:*', 'logs:*'], Resource: '*' }],
          },
        },
      ],
    }),
    Function: resource('AWS::Lambda::Function', {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 10,
      Role: get('Role', 'Arn'),
      Code: { ZipFile: CODE },
      Environment: { Variables: { QUEUE: ref('Queue') } },
    }),
    Mapping: resource('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: get('Queue', 'Arn'),
      FunctionName: ref('Function'),
    }),
    Api: resource('AWS::ApiGatewayV2::Api', {
      Name: 'rest',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
    Integration: resource('AWS::ApiGatewayV2::Integration', {
      ApiId: ref('Api'),
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: sub(
        'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations',
      ),
    }),
    Default: route('$default'),
    Disconnect: route('$disconnect'),
    Permission: resource('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: ref('Function'),
      Principal: 'apigateway.amazonaws.com',
    }),
    Stage: resource('AWS::ApiGatewayV2::Stage', { ApiId: ref('Api'), StageName: 'live', AutoDeploy: true }),
  },
  Outputs: {
    Url: { Value: sub('wss://${Api}.execute-api.${AWS::Region}.amazonaws.com/live') },
    TableName: { Value: ref('Table') },
  },
}

const guardian = startGuardian()
let target: LocalTarget
let deployment: Deployment
beforeAll(async () => {
  target = await localTarget(guardian)
  const directory = join(guardian.temporaryFolder('wslab-rest-'), 'cdk.out')
  mkdirSync(directory)
  const manifest = {
    version: '36.0.0',
    artifacts: {
      Rest: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'template.json' },
      },
    },
  }
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(join(directory, 'template.json'), JSON.stringify(template))
  deployment = await target.deploy({ directory, stackName: 'Rest', origins: [] })
})
afterAll(async () => {
  await target.stop()
  await guardian.stop()
})

/** How something failed. */
const failure = (work: Promise<unknown>): Promise<any> =>
  work.then(
    () => undefined,
    reason => reason,
  )

/** The deployment, for somebody who waits longer than a test may take: what is waited out hangs. */
const forever = (): Deployment => ({ ...deployment, patience: 2 * HUNG_TEST })

test('nobody waits for what cannot come any more', async () => {
  const { scene, close } = openScene(forever())
  const ana = await scene.connect('ana')
  ana.send({ text: 'hello', after: 0 })
  await ana.hears('hello')
  ana.send({})
  expect((await failure(ana.hears('more'))).observed).toBe('silence')
  const asked = await failure(scene.eventually('a miracle', async () => undefined))
  expect(asked.observed).toBe('nothing of the kind, and nothing is under way any more')
  await close()
})

test('whoever is still at work is waited for, and whatever falls due', async () => {
  const { scene, close } = openScene(forever())
  const [ana, ben] = [await scene.connect('ana'), await scene.connect('ben')]
  ana.send({ text: 'after a while', after: 1_500 })
  ben.send({ text: 'by the queue', delay: 2 })
  const heard = [ana.hears('after a while'), ben.hears('by the queue')]
  await Promise.all(heard)
  await ana.hearsNothing(() => true)

  const dynamodb = scene.aws(DynamoDBClient)
  const TableName = scene.output('TableName')
  const soon = String(Math.ceil(Date.now() / 1000) + 1)
  await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, expiresAt: { N: soon } } }))
  await scene.eventually('the item to be gone', async () => {
    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }))
    return Items.length === 0 || undefined
  })
  await close()
})

test('what strangers are about nobody knows: a silence is waited for', async () => {
  const { scene, close } = openScene(deployment)
  const others = openScene(deployment)
  const [ana, stranger] = [await scene.connect('ana'), await others.scene.connect('stranger')]
  const within = 400
  const started = performance.now()
  await failure(ana.hears('hello', { within }))
  expect(performance.now() - started).toBeGreaterThanOrEqual(within - 1)
  await stranger.leave()
  await close()
  await others.close()
})

test('a socket that the probe opened itself is no stranger once the scene listens on it, even one that does not read', async () => {
  const { scene, close } = openScene(deployment)
  const ana = await scene.connect('ana')
  const socket = new WebSocket(scene.output('Url'))
  scene.atTheEnd(() => socket.terminate())
  await once(socket, 'open')
  // Believed, though a stranger is there: all has been at rest for a while.
  await ana.hearsNothing(() => true, { within: 120_000 })
  // Not proved.
  const started = performance.now()
  await failure(ana.hears('hello', { within: 400 }))
  expect(performance.now() - started).toBeGreaterThanOrEqual(399)

  scene.listensOn(socket)
  for (const is of ['reading', 'paused']) {
    if (is === 'paused') socket.pause()
    expect((await failure(ana.hears('hello', { within: 120_000 }))).observed).toBe('silence')
  }
  await close()
})

test('with a stranger about, what comes late of a slow function is not taken for silence', async () => {
  const { scene, close } = openScene(deployment)
  const others = openScene(deployment)
  const [ana, stranger] = [await scene.connect('ana'), await others.scene.connect('stranger')]
  ana.send({ text: 'late', after: 2_000 })
  expect((await failure(ana.hearsNothing('late', { within: 120_000 }))).observed).toBe('ana heard "late"')
  await stranger.leave()
  await others.close()
  await close()
})
