import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Bucket, CfnBucket, EventType, HttpMethods } from 'aws-cdk-lib/aws-s3'
import { LambdaDestination, SnsDestination, SqsDestination } from 'aws-cdk-lib/aws-s3-notifications'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

const client = `
const { DynamoDB } = require('@aws-sdk/client-dynamodb')
const { ApiGatewayManagementApi } = require('@aws-sdk/client-apigatewaymanagementapi')
const db = new DynamoDB()
const { CONNECTIONS: TableName, ENDPOINT } = process.env`

/** $connect and $disconnect. */
const room = `${client}
exports.handler = async ({ requestContext: { eventType, connectionId } }) => {
  const key = { id: { S: connectionId } }
  if (eventType === 'CONNECT') await db.putItem({ TableName, Item: key })
  else await db.deleteItem({ TableName, Key: key })
  return { statusCode: 200 }
}`

/** Tells everybody of each upload. */
const tell = `${client}
exports.handler = async ({ Records }) => {
  const api = new ApiGatewayManagementApi({ endpoint: ENDPOINT })
  const { Items } = await db.scan({ TableName })
  for (const { eventName, s3 } of Records)
    for (const { id } of Items) {
      const Data = JSON.stringify({ eventName, key: s3.object.key, size: s3.object.size })
      await api.postToConnection({ ConnectionId: id.S, Data }).catch(error => {
        if (error.name !== 'GoneException') throw error
      })
    }
}`

/**
 * A room that hears of uploads.
 *
 *   bucket: uploads/….png created ─► tell ─► everybody
 *           anything removed      ─► `removed` (a queue)
 *           reports/… created     ─► a topic ─► `reports` (a queue)
 *
 *   plain bucket, by properties of its own: copied/… ─► `copies` (a queue)
 */
export class UploadsStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    const connections = new Table(this, 'Connections', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const bucket = new Bucket(this, 'Bucket', {
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
      websiteIndexDocument: 'index.html',
      cors: [{ allowedMethods: [HttpMethods.PUT], allowedOrigins: ['https://*.example.com'] }],
    })
    const handler = (name: string, code: string) => {
      const made = new Lambda(this, name, {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline(code),
        environment: { CONNECTIONS: connections.tableName },
      })
      connections.grantReadWriteData(made)
      return made
    }
    const integration = new WebSocketLambdaIntegration('Room', handler('Room', room))
    const api = new WebSocketApi(this, 'Api', {
      connectRouteOptions: { integration },
      disconnectRouteOptions: { integration },
    })
    const live = new WebSocketStage(this, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })
    const told = handler('Tell', tell).addEnvironment('ENDPOINT', live.callbackUrl)
    api.grantManageConnections(told)

    const removed = new Queue(this, 'Removed')
    const reports = new Queue(this, 'Reports')
    const topic = new Topic(this, 'Topic')
    topic.addSubscription(new SqsSubscription(reports))
    const pictures = { prefix: 'uploads/', suffix: '.png' }
    bucket.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(told), pictures)
    bucket.addEventNotification(EventType.OBJECT_REMOVED, new SqsDestination(removed))
    bucket.addEventNotification(EventType.OBJECT_CREATED_PUT, new SnsDestination(topic), {
      prefix: 'reports/',
    })

    const copies = new Queue(this, 'Copies')
    copies.grantSendMessages(new ServicePrincipal('s3.amazonaws.com'))
    const plain = new CfnBucket(this, 'Plain', {
      notificationConfiguration: {
        queueConfigurations: [
          {
            event: 's3:ObjectCreated:Copy',
            queue: copies.queueArn,
            filter: { s3Key: { rules: [{ name: 'prefix', value: 'copied/' }] } },
          },
        ],
      },
    })
    plain.node.addDependency(copies)

    new CfnOutput(this, 'Url', { value: live.url })
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName })
    new CfnOutput(this, 'PlainName', { value: plain.ref })
    new CfnOutput(this, 'RemovedUrl', { value: removed.queueUrl })
    new CfnOutput(this, 'RemovedArn', { value: removed.queueArn })
    new CfnOutput(this, 'ReportsUrl', { value: reports.queueUrl })
    new CfnOutput(this, 'CopiesUrl', { value: copies.queueUrl })
    new CfnOutput(this, 'TellArn', { value: told.functionArn })
  }
}
