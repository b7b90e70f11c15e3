import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns'
import { LambdaSubscription, SqsSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

const here = fileURLToPath(new URL('.', import.meta.url))
const house = fileURLToPath(new URL('../../../../', import.meta.url))

/**
 * News for everybody in the room.
 *
 *   $connect     enter     writes the client into the room
 *   $disconnect  leave     takes the client out of the room
 *   publish      publish   publishes to the topic, or to the ordered one
 *   enqueue      publish   sends to the queue itself
 *
 *   topic ─► lines (a queue with a dead-letter queue) ─► tell
 *         ─► tellNow (a function)
 *         ─► `url`
 *         ─► loud (a queue, raw, filtered)
 *   ordered topic ─► ordered queue ─► tell
 *
 * Changed, the filter lets another tone through, and `tell` is given one message at a time.
 */
export class NewsStack extends Stack {
  constructor(scope: Construct, id: string, { url, isChanged }: { url: string; isChanged: boolean }) {
    super(scope, id)
    const room = new Table(this, 'Room', {
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    })

    const dead = new Queue(this, 'Dead', { encryption: QueueEncryption.UNENCRYPTED })
    const lines = new Queue(this, 'Lines', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(60),
      deadLetterQueue: { queue: dead, maxReceiveCount: 2 },
    })
    const loud = new Queue(this, 'Loud', { enforceSSL: true })
    const inOrder = new Queue(this, 'InOrder', { fifo: true, visibilityTimeout: Duration.seconds(60) })

    const topic = new Topic(this, 'Topic')
    topic.addSubscription(new SqsSubscription(lines))
    topic.addSubscription(new UrlSubscription(url))
    const tone = SubscriptionFilter.stringFilter({ allowlist: [isChanged ? 'quiet' : 'loud'] })
    topic.addSubscription(new SqsSubscription(loud, { rawMessageDelivery: true, filterPolicy: { tone } }))
    const ordered = new Topic(this, 'Ordered', { fifo: true, contentBasedDeduplication: true })
    ordered.addSubscription(new SqsSubscription(inOrder, { rawMessageDelivery: true }))

    const [enter, leave, publish] = [this.#handler('enter'), this.#handler('leave'), this.#handler('publish')]
    const [tell, tellNow] = [this.#handler('tell'), this.#handler('tellNow', 'tell')]
    topic.addSubscription(new LambdaSubscription(tellNow))
    tell.addEventSource(
      new SqsEventSource(lines, { batchSize: isChanged ? 1 : 10, reportBatchItemFailures: true }),
    )
    tell.addEventSource(new SqsEventSource(inOrder, { reportBatchItemFailures: true }))

    const api = new WebSocketApi(this, 'Api', {
      connectRouteOptions: { integration: new WebSocketLambdaIntegration('Enter', enter) },
      disconnectRouteOptions: { integration: new WebSocketLambdaIntegration('Leave', leave) },
    })
    api.addRoute('publish', { integration: new WebSocketLambdaIntegration('Publish', publish) })
    api.addRoute('enqueue', { integration: new WebSocketLambdaIntegration('Enqueue', publish) })
    const live = new WebSocketStage(this, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })

    for (const handler of [enter, leave, tell, tellNow]) handler.addEnvironment('ROOM', room.tableName)
    for (const handler of [tell, tellNow]) handler.addEnvironment('CALLBACK_URL', live.callbackUrl)
    publish.addEnvironment('TOPIC', topic.topicArn)
    publish.addEnvironment('ORDERED', ordered.topicArn)
    publish.addEnvironment('LINES', lines.queueUrl)

    // Who may do what, all in one place.
    room.grantWriteData(enter)
    room.grantWriteData(leave)
    for (const handler of [tell, tellNow]) {
      room.grantReadData(handler)
      api.grantManageConnections(handler)
    }
    topic.grantPublish(publish)
    ordered.grantPublish(publish)
    lines.grantSendMessages(publish)

    new CfnOutput(this, 'Url', { value: live.url })
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn })
    new CfnOutput(this, 'LinesUrl', { value: lines.queueUrl })
    new CfnOutput(this, 'LinesArn', { value: lines.queueArn })
    new CfnOutput(this, 'DeadUrl', { value: dead.queueUrl })
    new CfnOutput(this, 'LoudUrl', { value: loud.queueUrl })
    new CfnOutput(this, 'InOrderUrl', { value: inOrder.queueUrl })
  }

  #handler(id: string, name = id) {
    return new NodejsFunction(this, id, {
      entry: join(here, 'handlers', `${name}.ts`),
      projectRoot: house,
      depsLockFilePath: join(house, 'package-lock.json'),
      runtime: Runtime.NODEJS_22_X,
      timeout: Duration.seconds(30),
    })
  }
}
