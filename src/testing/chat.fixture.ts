import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { UserPool } from 'aws-cdk-lib/aws-cognito'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { StringParameter } from 'aws-cdk-lib/aws-ssm'

/** A chat in which a message is kept in a table and told to everybody; `count` counts in the memory of the function. */
const HANDLER = `
const { DynamoDBClient, PutItemCommand, DeleteItemCommand, ScanCommand } = require('@aws-sdk/client-dynamodb')
const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require('@aws-sdk/client-apigatewaymanagementapi')
const table = new DynamoDBClient()
const TableName = process.env.TABLE
let count = 0
exports.handler = async event => {
  const { routeKey, connectionId, domainName, stage, requestContext } = { ...event, ...event.requestContext }
  const key = { id: { S: connectionId } }
  if (routeKey === '$connect') {
    if (event.headers?.['x-refuse']) return { statusCode: 403 }
    await table.send(new PutItemCommand({ TableName, Item: { ...key, name: { S: event.queryStringParameters?.name ?? '?' } } }))
    const offered = event.headers?.['Sec-WebSocket-Protocol'] ?? event.headers?.['sec-websocket-protocol']
    return { statusCode: 200, ...(offered && { headers: { 'Sec-WebSocket-Protocol': offered.split(',')[0] } }) }
  }
  if (routeKey === '$disconnect') await table.send(new DeleteItemCommand({ TableName, Key: key }))
  if (routeKey === 'count') return { statusCode: 200, body: JSON.stringify({ count: ++count }) }
  if (routeKey === 'fail') throw new Error('It was told to fail.')
  if (routeKey === 'say') {
    const { Items } = await table.send(new ScanCommand({ TableName }))
    const api = new ApiGatewayManagementApiClient({ endpoint: 'https://' + domainName + '/' + stage })
    const Data = JSON.stringify({ said: JSON.parse(event.body).text, list: [1, { two: 2 }] })
    await Promise.all(Items.filter(({ id }) => !id.S.startsWith('row')).map(({ id }) => api.send(new PostToConnectionCommand({ ConnectionId: id.S, Data }))))
  }
  return { statusCode: 200 }
}`

/** A stack of everything that can be seeded and kept, around a chat. It is nobody's until it is in an app with a folder. */
export function chatStack(outdir: string): Stack {
  // It takes a second, and is not what is tried here.
  process.env.CDK_VALIDATION = 'false'
  const app = new App({ outdir, analyticsReporting: false, context: { 'aws:cdk:bundling-stacks': [] } })
  const stack = new Stack(app, 'Chat')
  const table = new Table(stack, 'Connections', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    timeToLiveAttribute: 'ttl',
    removalPolicy: RemovalPolicy.DESTROY,
  })
  table.addGlobalSecondaryIndex({
    indexName: 'byName',
    partitionKey: { name: 'name', type: AttributeType.STRING },
  })
  const handler = new Lambda(stack, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(HANDLER),
    timeout: Duration.seconds(10),
    environment: { TABLE: table.tableName },
  })
  table.grantReadWriteData(handler)
  const integration = () => new WebSocketLambdaIntegration('Integration', handler)
  const api = new WebSocketApi(stack, 'Api', {
    apiName: 'chat',
    connectRouteOptions: { integration: integration() },
    disconnectRouteOptions: { integration: integration() },
  })
  for (const route of ['say', 'fail']) api.addRoute(route, { integration: integration() })
  api.addRoute('count', { integration: integration(), returnResponse: true })
  api.grantManageConnections(handler)
  const stage = new WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'live', autoDeploy: true })
  const pool = new UserPool(stack, 'People', {
    selfSignUpEnabled: true,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const client = pool.addClient('Web', { authFlows: { userPassword: true, userSrp: true } })
  const bucket = new Bucket(stack, 'Files', { removalPolicy: RemovalPolicy.DESTROY })
  const queue = new Queue(stack, 'Queue')
  new StringParameter(stack, 'Greeting', { parameterName: '/chat/greeting', stringValue: 'Hello' })
  const outputs = {
    Url: stage.url,
    CallbackUrl: stage.callbackUrl,
    TableName: table.tableName,
    ClientId: client.userPoolClientId,
    PoolId: pool.userPoolId,
    BucketName: bucket.bucketName,
    QueueUrl: queue.queueUrl,
  }
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value })
  return stack
}
