import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { UserPool } from 'aws-cdk-lib/aws-cognito'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/**
 * Lab 3: a chat room, and a pool of users who may come in.
 *
 *   $connect     connect      writes the client on the list
 *   sendMessage  sendMessage  reads the list, posts to everybody on it who said what
 *   $disconnect  disconnect   takes the client off the list
 */
export class GuardedRoomStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const users = new UserPool(this, 'Users', {
      // Nobody lets themselves in: the people who run the room make the users.
      selfSignUpEnabled: false,
      // A pool is kept when its stack goes, unless it says otherwise.
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const page = users.addClient('Page', {
      // Browsers prove the password by SRP and never send it; the other flow is for scripts.
      authFlows: { userSrp: true, userPassword: true },
      disableOAuth: true,
    })

    const connections = new Table(this, 'Connections', {
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    })

    const connect = this.handler('connect')
    const disconnect = this.handler('disconnect')
    const sendMessage = this.handler('sendMessage')

    const api = new WebSocketApi(this, 'Chat', {
      connectRouteOptions: { integration: new WebSocketLambdaIntegration('ToConnect', connect) },
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

    for (const handler of [connect, disconnect, sendMessage]) {
      handler.addEnvironment('TABLE_NAME', connections.tableName)
    }
    sendMessage.addEnvironment('WEBSOCKET_ENDPOINT', live.callbackUrl)

    // Who may do what, all in one place.
    connections.grantWriteData(connect)
    connections.grantWriteData(disconnect)
    connections.grantReadData(sendMessage)
    live.grantManagementApiAccess(sendMessage)

    new CfnOutput(this, 'Url', { value: live.url })
    new CfnOutput(this, 'UserPoolId', { value: users.userPoolId })
    new CfnOutput(this, 'UserPoolClientId', { value: page.userPoolClientId })
    new CfnOutput(this, 'TableName', { value: connections.tableName })
  }

  private handler(name: string) {
    return new NodejsFunction(this, name, {
      entry: fileURLToPath(new URL(`handlers/${name}.ts`, import.meta.url)),
      runtime: Runtime.NODEJS_22_X,
      memorySize: 256,
      timeout: Duration.seconds(10),
      logGroup: new LogGroup(this, `${name}Logs`, {
        // Lambda's own log groups never expire, and outlive the stack.
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    })
  }
}
