import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
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

    const connections = new CfnTable(this, 'Connections', {
      keySchema: [{ attributeName: 'connectionId', keyType: 'HASH' }],
      attributeDefinitions: [{ attributeName: 'connectionId', attributeType: 'S' }],
      billingMode: 'PAY_PER_REQUEST',
      timeToLiveSpecification: { attributeName: 'expiresAt', enabled: true },
    })
    connections.applyRemovalPolicy(RemovalPolicy.DESTROY)

    const connect = this.handler('connect')
    const sendMessage = this.handler('sendMessage', 512)
    const heartbeat = this.handler('heartbeat')
    const disconnect = this.handler('disconnect')

    const api = new CfnApi(this, 'Chat', {
      name: 'chat',
      protocolType: 'WEBSOCKET',
      routeSelectionExpression: '${request.body.action}',
    })
    for (const [routeKey, handler] of Object.entries({
      $connect: connect,
      $default: heartbeat,
      $disconnect: disconnect,
      sendMessage,
    })) {
      const integration = new CfnIntegration(this, `To ${routeKey}`, {
        apiId: api.ref,
        integrationType: 'AWS_PROXY',
        integrationUri: `arn:aws:apigateway:${this.region}:lambda:path/2015-03-31/functions/${handler.functionArn}/invocations`,
      })
      new CfnRoute(this, `Route ${routeKey}`, {
        apiId: api.ref,
        routeKey,
        target: `integrations/${integration.ref}`,
      })
      handler.addPermission('ApiGateway', {
        principal: new ServicePrincipal('apigateway.amazonaws.com'),
        sourceArn: this.formatArn({
          service: 'execute-api',
          resource: api.ref,
          resourceName: `*/${routeKey}`,
        }),
      })
    }

    const live = new CfnStage(this, 'Live', {
      apiId: api.ref,
      stageName: 'live',
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: 50, throttlingBurstLimit: 20 },
    })
    const address = `${api.ref}.execute-api.${this.region}.${this.urlSuffix}/${live.ref}`

    for (const handler of [connect, sendMessage, disconnect]) {
      handler.addEnvironment('TABLE_NAME', connections.ref)
    }
    sendMessage.addEnvironment('WEBSOCKET_ENDPOINT', `https://${address}`)

    // Who may do what, all in one place.
    const onList = (action: string) =>
      new PolicyStatement({ actions: [`dynamodb:${action}`], resources: [connections.attrArn] })
    connect.addToRolePolicy(onList('PutItem'))
    disconnect.addToRolePolicy(onList('DeleteItem'))
    sendMessage.addToRolePolicy(onList('Scan'))
    sendMessage.addToRolePolicy(onList('DeleteItem'))
    sendMessage.addToRolePolicy(
      new PolicyStatement({
        actions: ['execute-api:ManageConnections'],
        resources: [
          `arn:${this.partition}:execute-api:${this.region}:${this.account}:${api.ref}/*/POST/@connections/*`,
        ],
      }),
    )

    new CfnOutput(this, 'Url', { value: `wss://${address}` })
    new CfnOutput(this, 'TableName', { value: connections.ref })
  }

  private handler(name: string, memorySize = 256) {
    return new NodejsFunction(this, name, {
      entry: fileURLToPath(new URL(`handlers/${name}.ts`, import.meta.url)),
      runtime: Runtime.NODEJS_22_X,
      memorySize,
      timeout: Duration.seconds(29),
      logGroup: new LogGroup(this, `${name}Logs`, {
        // Lambda's own log groups never expire, and outlive the stack.
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    })
  }
}
