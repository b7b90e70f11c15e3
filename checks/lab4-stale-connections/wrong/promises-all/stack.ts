import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/**
 * Lab 4: a chat room that stays open.
 *
 *   $connect     connect      writes the client on the list
 *   sendMessage  sendMessage  reads the list, posts to everybody on it
 *   $default     heartbeat    takes whatever else is said, which keeps the connection from idling
 *   $disconnect  disconnect   takes the client off the list
 *
 * Each notes in its log what happened to which connection.
 */
export class ChatRoomStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const connections = new Table(this, 'Connections', {
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      // A table is kept when its stack goes, unless it says otherwise.
      removalPolicy: RemovalPolicy.DESTROY,
    })

    const connect = this.handler('connect')
    const sendMessage = this.handler('sendMessage', { memorySize: 1024, timeout: Duration.seconds(29) })
    const heartbeat = this.handler('heartbeat')
    const disconnect = this.handler('disconnect')

    const api = new WebSocketApi(this, 'Chat', {
      connectRouteOptions: { integration: new WebSocketLambdaIntegration('ToConnect', connect) },
      defaultRouteOptions: { integration: new WebSocketLambdaIntegration('ToHeartbeat', heartbeat) },
      disconnectRouteOptions: { integration: new WebSocketLambdaIntegration('ToDisconnect', disconnect) },
    })
    api.addRoute('sendMessage', { integration: new WebSocketLambdaIntegration('ToSendMessage', sendMessage) })

    const live = new WebSocketStage(this, 'Live', {
      webSocketApi: api,
      stageName: 'live',
      autoDeploy: true,
      // A cost brake: a client that loops is stopped here, not on the bill.
      throttle: { rateLimit: 50, burstLimit: 20 },
    })

    for (const handler of [connect, sendMessage, disconnect]) {
      handler.addEnvironment('TABLE_NAME', connections.tableName)
    }
    sendMessage.addEnvironment('WEBSOCKET_ENDPOINT', live.callbackUrl)

    // Who may do what, all in one place.
    connections.grant(connect, 'dynamodb:PutItem')
    connections.grant(disconnect, 'dynamodb:DeleteItem')
    connections.grant(sendMessage, 'dynamodb:Scan', 'dynamodb:DeleteItem')
    live.grantManagementApiAccess(sendMessage)

    new CfnOutput(this, 'Url', { value: live.url })
    new CfnOutput(this, 'TableName', { value: connections.tableName })
  }

  private handler(name: string, { memorySize = 256, timeout = Duration.seconds(10) } = {}) {
    return new NodejsFunction(this, name, {
      entry: fileURLToPath(new URL(`handlers/${name}.ts`, import.meta.url)),
      runtime: Runtime.NODEJS_22_X,
      memorySize,
      timeout,
      logGroup: new LogGroup(this, `${name}Logs`, {
        // Lambda's own log groups never expire, and outlive the stack.
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    })
  }
}
