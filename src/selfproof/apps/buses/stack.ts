import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import {
  CfnEventBusPolicy,
  CfnRule,
  EventBus,
  EventField,
  type IEventBus,
  Match,
  Rule,
  RuleTargetInput,
  Schedule,
} from 'aws-cdk-lib/aws-events'
import { EventBus as BusTarget, LambdaFunction, SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/** $connect and $disconnect, the route `order`, and whatever rules call it with. */
const code = `
const { DynamoDB } = require('@aws-sdk/client-dynamodb')
const { EventBridge } = require('@aws-sdk/client-eventbridge')
const { ApiGatewayManagementApi } = require('@aws-sdk/client-apigatewaymanagementapi')
const db = new DynamoDB()
const { CONNECTIONS: TableName, ENDPOINT, BUS } = process.env
exports.room = async ({ requestContext: { eventType, connectionId } }) => {
  const key = { id: { S: connectionId } }
  if (eventType === 'CONNECT') await db.putItem({ TableName, Item: key })
  else await db.deleteItem({ TableName, Key: key })
  return { statusCode: 200 }
}
exports.order = async ({ body }) => {
  const { kind, total } = JSON.parse(body)
  const Entries = [{ EventBusName: BUS, Source: 'my.shop', DetailType: 'Ordered', Detail: JSON.stringify({ kind, total }) }]
  const { FailedEntryCount } = await new EventBridge().putEvents({ Entries })
  if (FailedEntryCount > 0) throw new Error('not put')
  return { statusCode: 200 }
}
exports.tell = async said => {
  const api = new ApiGatewayManagementApi({ endpoint: ENDPOINT })
  const { Items } = await db.scan({ TableName })
  for (const { id } of Items)
    await api.postToConnection({ ConnectionId: id.S, Data: JSON.stringify(said) }).catch(error => {
      if (error.name !== 'GoneException') throw error
    })
}`

/**
 * A shop that tells its orders by events.
 *
 *   order ─► PutEvents ─► the bus `orders`
 *     large orders of books or boxes ─► tell ─► everybody (in a text of its own)
 *     all orders                     ─► `all` (a queue), and a topic ─► `copies` (a queue)
 *     all orders                     ─► a queue that lets nobody in ─► `dead`
 *     all orders                     ─► the bus `archive` ─► `keptAll` (a queue)
 *   every minute, every day at ten   ─► tell
 *   uploads to a bucket              ─► `uploads` (a queue)
 */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    const connections = new Table(this, 'Connections', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const handler = (name: string) => {
      const made = new Lambda(this, name[0]!.toUpperCase() + name.slice(1), {
        runtime: Runtime.NODEJS_22_X,
        handler: `index.${name}`,
        code: Code.fromInline(code),
        environment: { CONNECTIONS: connections.tableName },
      })
      connections.grantReadWriteData(made)
      return made
    }
    const integration = new WebSocketLambdaIntegration('Room', handler('room'))
    const api = new WebSocketApi(this, 'Api', {
      connectRouteOptions: { integration },
      disconnectRouteOptions: { integration },
    })
    const bus = new EventBus(this, 'Bus', { eventBusName: 'orders' })
    const order = handler('order').addEnvironment('BUS', bus.eventBusName)
    bus.grantPutEventsTo(order)
    api.addRoute('order', { integration: new WebSocketLambdaIntegration('Order', order) })
    const live = new WebSocketStage(this, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })
    const tell = handler('tell').addEnvironment('ENDPOINT', live.callbackUrl)
    api.grantManageConnections(tell)

    new Rule(this, 'Large', {
      eventBus: bus,
      eventPattern: {
        source: ['my.shop'],
        detail: { total: Match.greaterThan(100), kind: Match.anyOf(Match.prefix('bo'), 'tea') },
      },
      targets: [
        new LambdaFunction(tell, {
          event: RuleTargetInput.fromObject({
            line: `a ${EventField.fromPath('$.detail.kind')} for ${EventField.fromPath('$.detail.total')}`,
          }),
        }),
      ],
    })
    const [all, copies, dead, closed, uploads, kept] = [
      'All',
      'Copies',
      'Dead',
      'Closed',
      'Uploads',
      'KeptAll',
    ].map(name => new Queue(this, name)) as [Queue, Queue, Queue, Queue, Queue, Queue]
    const topic = new Topic(this, 'Topic')
    topic.addSubscription(new SqsSubscription(copies, { rawMessageDelivery: true }))
    const everything = new Rule(this, 'Everything', {
      eventBus: bus,
      eventPattern: { detailType: Match.exactString('Ordered') },
      targets: [
        new SqsQueue(all),
        new SnsTopic(topic, { message: RuleTargetInput.fromEventPath('$.detail') }),
      ],
    })
    const lost = new CfnRule(this, 'Lost', {
      eventBusName: bus.eventBusName,
      eventPattern: { source: [{ 'anything-but': ['nobody'] }] },
      targets: [{ id: 'Closed', arn: closed.queueArn, deadLetterConfig: { arn: dead.queueArn } }],
    })
    dead.grantSendMessages(new ServicePrincipal('events.amazonaws.com'))

    const archive = new EventBus(this, 'Archive', { eventBusName: 'archive' })
    new Rule(this, 'Forward', {
      eventBus: bus,
      eventPattern: { source: ['my.shop'] },
      targets: [new BusTarget(archive as IEventBus)],
    })
    new Rule(this, 'Kept', {
      eventBus: archive,
      eventPattern: { detail: { total: [{ exists: true }] } },
      // An event is not brought to a third bus, so that this is no circle.
      targets: [new SqsQueue(kept), new BusTarget(bus as IEventBus)],
    })

    new Rule(this, 'Minute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(tell, { event: RuleTargetInput.fromObject({ tick: true }) })],
    })
    new Rule(this, 'Day', {
      schedule: Schedule.cron({ hour: '10', minute: '0' }),
      targets: [new LambdaFunction(tell)],
    })

    const bucket = new Bucket(this, 'Bucket', {
      eventBridgeEnabled: true,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    })
    new Rule(this, 'Uploaded', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucket.bucketName] }, object: { key: Match.suffix('.png') } },
      },
      targets: [new SqsQueue(uploads)],
    })
    new CfnEventBusPolicy(this, 'Partner', {
      eventBusName: bus.eventBusName,
      statementId: 'partner',
      statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${this.account}:root` },
        Action: 'events:PutEvents',
        Resource: bus.eventBusArn,
      },
    })

    new CfnOutput(this, 'Url', { value: live.url })
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName })
    new CfnOutput(this, 'RuleArn', { value: everything.ruleArn })
    new CfnOutput(this, 'LostArn', { value: lost.attrArn })
    for (const queue of [all, copies, dead, uploads, kept])
      new CfnOutput(this, `${queue.node.id}Url`, { value: queue.queueUrl })
  }
}
