import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
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
/** How often a message is tried before it is put aside. */
const TRIES = 3

/**
 * Lab 7: at least once. The newsroom of lab 6, when things go wrong.
 *
 *   $connect     connect     agrees on a protocol
 *   (messages)   converse    answers queries and mutations, keeps subscriptions
 *   $disconnect  disconnect  forgets the client and its subscriptions
 *
 *   a mutation, or any backend ─► topic Said ─┬─► queue Deliveries ─► deliver   runs every subscription, posts its result
 *                                             └─► queue Memories   ─► remember  keeps the message for a day
 *
 * A message that a function cannot deal with ends in the dead-letter queue of its queue, and an alarm says so.
 */
export class NewsroomStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const subscriptions = this.table('Subscriptions', 'connectionId', 'part')
    // Finds the subscriptions to a room. Only subscriptions have a room, so the index holds nothing else.
    subscriptions.addGlobalSecondaryIndex({
      indexName: 'byRoom',
      partitionKey: { name: 'room', type: AttributeType.STRING },
    })
    const messages = this.table('Messages', 'room', 'place')
    const claims = this.table('Claims', 'delivery')

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
    const alarms = new Topic(this, 'Alarms')
    this.fanOut(said, 'Deliveries', deliver, alarms)
    this.fanOut(said, 'Memories', remember, alarms)

    for (const handler of [connect, converse, disconnect, deliver])
      handler.addEnvironment('SUBSCRIPTIONS', subscriptions.tableName)
    for (const handler of [converse, remember]) handler.addEnvironment('MESSAGES', messages.tableName)
    for (const handler of [converse, deliver]) handler.addEnvironment('WEBSOCKET_ENDPOINT', live.callbackUrl)
    converse.addEnvironment('TOPIC', said.topicArn)
    deliver.addEnvironment('CLAIMS', claims.tableName)

    // Who may do what, all in one place. How the queues are read and written is in fanOut.
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
    claims.grant(deliver, 'dynamodb:PutItem', 'dynamodb:DeleteItem')
    messages.grant(remember, 'dynamodb:PutItem')
    messages.grant(converse, 'dynamodb:Query')
    said.grantPublish(converse)
    live.grantManagementApiAccess(converse)
    live.grantManagementApiAccess(deliver)

    new CfnOutput(this, 'Url', { value: live.url })
    new CfnOutput(this, 'TopicArn', { value: said.topicArn })
    new CfnOutput(this, 'TableName', { value: subscriptions.tableName })
    new CfnOutput(this, 'AlarmTopicArn', { value: alarms.topicArn })
  }

  /** A queue that gets whatever the topic gets, a function that works on it, and a place for what it cannot deal with. */
  private fanOut(topic: Topic, name: string, handler: NodejsFunction, alarms: Topic) {
    const deadLetters = new Queue(this, `${name}PutAside`, { retentionPeriod: Duration.days(14) })
    const queue = new Queue(this, name, {
      visibilityTimeout: A_BATCH,
      // A message that nobody has worked on for an hour is no news any more.
      retentionPeriod: Duration.hours(1),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: TRIES },
    })
    new Subscription(this, `${name}Subscription`, {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: queue.queueArn,
      rawMessageDelivery: true,
    })
    // A queue takes nothing from anybody unless told to: from this topic, and no other.
    const fromTopic = { ArnEquals: { 'aws:SourceArn': topic.topicArn } }
    queue.grantSendMessages(new ServicePrincipal('sns.amazonaws.com', { conditions: fromTopic }))
    handler.addEventSource(
      new SqsEventSource(queue, { maxConcurrency: BATCHES, reportBatchItemFailures: true }),
    )
    handler.addEnvironment('QUEUE', queue.queueUrl)

    deadLetters
      .metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) })
      .createAlarm(this, `${name}Failed`, {
        alarmDescription: `A message could not be dealt with. It is in ${deadLetters.queueName}.`,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: 0,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      })
      .addAlarmAction(new SnsAction(alarms))
  }

  private table(name: string, partitionKey: string, sortKey?: string) {
    return new Table(this, name, {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      ...(sortKey && { sortKey: { name: sortKey, type: AttributeType.STRING } }),
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
