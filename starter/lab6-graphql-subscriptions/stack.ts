import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { NodejsFunction, type NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/** How long a function may work on a batch. Its messages are out of sight for as long. */
const A_BATCH = Duration.seconds(5)
/** How many batches of a queue are in work at the same time: a cost brake, like the throttle of the stage. */
const BATCHES = 2

/**
 * Lab 6: GraphQL subscriptions.
 *
 *   $connect     connect     agrees on a protocol
 *   (messages)   converse    answers queries and mutations, keeps subscriptions
 *   $disconnect  disconnect  forgets the client and its subscriptions
 *
 *   a mutation, or any backend ─► topic Said ─┬─► queue Deliveries ─► deliver   runs every subscription, posts its result
 *                                             └─► queue Memories   ─► remember  keeps the message for a day
 */
export class SubscriptionsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const subscriptions = this.table('Subscriptions', 'connectionId', 'part')
    // Finds the subscriptions to a room. Only subscriptions have a room, so the index holds nothing else.
    subscriptions.addGlobalSecondaryIndex({
      indexName: 'byRoom',
      partitionKey: { name: 'room', type: AttributeType.STRING },
    })
    const messages = this.table('Messages', 'room', 'place')

    const connect = this.handler('connect')
    const converse = this.handler('converse')
    const disconnect = this.handler('disconnect')
    const deliver = this.handler('deliver', { timeout: A_BATCH, memorySize: 1024 })
    const remember = this.handler('remember', { timeout: A_BATCH })

    const api = new WebSocketApi(this, 'Api', {
      // Every message of both protocols says what it is.
      routeSelectionExpression: '$request.body.type',
      connectRouteOptions: { integration: new WebSocketLambdaIntegration('ToConnect', connect) },
      defaultRouteOptions: { integration: new WebSocketLambdaIntegration('ToConverse', converse) },
      disconnectRouteOptions: { integration: new WebSocketLambdaIntegration('ToDisconnect', disconnect) },
    })
    const live = new WebSocketStage(this, 'Live', {
      webSocketApi: api,
      stageName: 'live',
      autoDeploy: true,
      // A cost brake: a client that loops is stopped here, not on the bill.
      throttle: { rateLimit: 100, burstLimit: 100 },
    })

    const said = new Topic(this, 'Said')
    this.fanOut(said, 'Deliveries', deliver)
    this.fanOut(said, 'Memories', remember)

    for (const handler of [connect, converse, disconnect, deliver])
      handler.addEnvironment('SUBSCRIPTIONS', subscriptions.tableName)
    for (const handler of [converse, remember]) handler.addEnvironment('MESSAGES', messages.tableName)
    for (const handler of [converse, deliver]) handler.addEnvironment('WEBSOCKET_ENDPOINT', live.callbackUrl)
    converse.addEnvironment('TOPIC', said.topicArn)

    // Who may do what, all in one place. How the queues are read comes with the event source.
    subscriptions.grant(connect, 'dynamodb:PutItem')
    subscriptions.grant(
      converse,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:Query',
      'dynamodb:DeleteItem',
    )
    subscriptions.grant(disconnect, 'dynamodb:Query', 'dynamodb:DeleteItem')
    subscriptions.grant(deliver, 'dynamodb:Query', 'dynamodb:DeleteItem')
    messages.grant(remember, 'dynamodb:PutItem')
    messages.grant(converse, 'dynamodb:Query')
    said.grantPublish(converse)
    live.grantManagementApiAccess(converse)

    new CfnOutput(this, 'Url', { value: live.url })
    new CfnOutput(this, 'TopicArn', { value: said.topicArn })
    new CfnOutput(this, 'TableName', { value: subscriptions.tableName })
  }

  /** A queue that gets whatever the topic gets, and a function that works on it. */
  private fanOut(topic: Topic, name: string, handler: NodejsFunction) {
    const queue = new Queue(this, name, {
      visibilityTimeout: A_BATCH,
      // A message that nobody has worked on for an hour is no news any more.
      retentionPeriod: Duration.hours(1),
    })
    new Subscription(this, `${name}Subscription`, {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: queue.queueArn,
      rawMessageDelivery: true,
    })
    handler.addEventSource(new SqsEventSource(queue, { maxConcurrency: BATCHES }))
  }

  private table(name: string, partitionKey: string, sortKey: string) {
    return new Table(this, name, {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    })
  }

  private handler(name: string, props: NodejsFunctionProps = {}) {
    return new NodejsFunction(this, name, {
      entry: fileURLToPath(new URL(`handlers/${name}.ts`, import.meta.url)),
      runtime: Runtime.NODEJS_22_X,
      memorySize: 512,
      timeout: Duration.seconds(10),
      logGroup: new LogGroup(this, `${name}Logs`, {
        // Lambda's own log groups never expire, and outlive the stack.
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      ...props,
    })
  }
}
