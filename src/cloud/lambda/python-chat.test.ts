import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Cloud, startCloud } from '../cloud.ts'
import { type Guardian, startGuardian } from '../guardian.ts'
import { pythonLacks } from './python.ts'

process.env.CDK_VALIDATION = 'false'

const lacks = pythonLacks('python3.12')

/** A chat as people write it: boto3 as it is on AWS, with the table and the API at their usual names. */
const CODE = `import json, logging, os
import boto3

logger = logging.getLogger()
logger.setLevel(logging.INFO)
table = boto3.resource('dynamodb').Table(os.environ['TABLE'])

def connect(event, context):
    table.put_item(Item={'connectionId': event['requestContext']['connectionId']})
    return {'statusCode': 200}

def say(event, context):
    where = event['requestContext']
    api = boto3.client('apigatewaymanagementapi', endpoint_url=f"https://{where['domainName']}/{where['stage']}")
    text = json.loads(event['body'])['text']
    logger.info('said %s', text)
    for row in table.scan()['Items']:
        try:
            api.post_to_connection(ConnectionId=row['connectionId'], Data=json.dumps({'said': text}).encode())
        except api.exceptions.GoneException:
            table.delete_item(Key={'connectionId': row['connectionId']})
            logger.warning('gone %s', row['connectionId'])
    return {'statusCode': 200}

def denied(event, context):
    boto3.client('sqs').list_queues()
`

const root = mkdtempSync(join(tmpdir(), 'python-chat-'))
let guardian: Guardian
let cloud: Cloud
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian })
  if (lacks) return
  const app = new App({ outdir: root, analyticsReporting: false })
  const stack = new Stack(app, 'Chat')
  const table = new Table(stack, 'People', {
    partitionKey: { name: 'connectionId', type: AttributeType.STRING },
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const api = new WebSocketApi(stack, 'Api')
  const add = (routeKey: string, name: string) => {
    const fn = new Lambda(stack, name, {
      functionName: name,
      runtime: Runtime.PYTHON_3_12,
      handler: `index.${name}`,
      code: Code.fromInline(CODE),
      environment: { TABLE: table.tableName },
    })
    table.grantReadWriteData(fn)
    api.grantManageConnections(fn)
    api.addRoute(routeKey, { integration: new WebSocketLambdaIntegration(name, fn) })
  }
  add('$connect', 'connect')
  add('say', 'say')
  add('denied', 'denied')
  new WebSocketStage(stack, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })
  app.synth()
  await cloud.deploy(root)
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
  rmSync(root, { recursive: true })
})

const enter = async () => {
  const socket = new WebSocket(cloud.sockets()[0]!)
  await once(socket, 'open')
  return socket
}
const heard = async (socket: WebSocket) => JSON.parse(String((await once(socket, 'message'))[0]))

test.skipIf(lacks)(`Python handlers chat over real sockets, by boto3 (${lacks ?? 'here'})`, async () => {
  const [ana, ben, cleo] = [await enter(), await enter(), await enter()]
  cleo.terminate()
  await once(cleo, 'close')
  await cloud.settled()
  const both = [heard(ana), heard(ben)]
  ana.send(JSON.stringify({ action: 'say', text: 'good evening' }))
  expect(await Promise.all(both)).toEqual([{ said: 'good evening' }, { said: 'good evening' }])
  await cloud.settled()

  const history = cloud.events.history()
  const invoked = history.find(one => one.kind === 'invoke' && one.functionName === 'say')
  const called = history.filter(one => one.kind === 'call' && one.operation === 'PostToConnection')
  // Each call that boto3 makes is known to be the invocation's.
  expect(called.map(one => one.causedBy)).toEqual(called.map(() => invoked!.id))
  expect(called).toHaveLength(3)
  const lines = history.flatMap(one => (one.kind === 'log' ? [JSON.stringify(one)] : []))
  expect(lines.some(line => line.includes('said good evening'))).toBe(true)
  expect(lines.some(line => line.includes('[WARNING]') && line.includes('gone '))).toBe(true)

  const error = heard(ana)
  ana.send(JSON.stringify({ action: 'denied' }))
  expect(await error).toMatchObject({ message: 'Internal server error' })
  const failed = cloud.events.history().findLast(one => one.kind === 'invocation')
  expect(failed).toMatchObject({ outcome: 'failed', because: expect.stringContaining('AccessDenied') })
  for (const socket of [ana, ben]) socket.terminate()
})
