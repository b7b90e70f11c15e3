import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import {
  CfnIntegration,
  CfnIntegrationResponse,
  CfnRoute,
  CfnRouteResponse,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/**
 * Lab 10: an engraver's shop.
 *
 *   $connect  connect  has a welcome posted, with the customer's connection id
 *   quote     quote    returns what an engraving costs
 *   order     order    posts that an order is taken
 *   seen      seen     notes that a customer has seen an answer; nobody is told
 *   ping      (none)   API Gateway answers by itself
 */
export class EngraverStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const connect = this.handler('connect')
    const welcome = this.handler('welcome')
    const quote = this.handler('quote')
    const order = this.handler('order')
    const seen = this.handler('seen')

    const api = new WebSocketApi(this, 'Shop', {
      connectRouteOptions: { integration: new WebSocketLambdaIntegration('ToConnect', connect) },
    })
    api.addRoute('quote', {
      integration: new WebSocketLambdaIntegration('ToQuote', quote),
      // What the function returns goes to the client.
      returnResponse: true,
    })
    api.addRoute('order', { integration: new WebSocketLambdaIntegration('ToOrder', order) })
    api.addRoute('seen', { integration: new WebSocketLambdaIntegration('ToSeen', seen) })
    this.addPing(api)

    const live = new WebSocketStage(this, 'Live', {
      webSocketApi: api,
      stageName: 'live',
      autoDeploy: true,
      // A cost brake: a client that loops is stopped here, not on the bill.
      throttle: { rateLimit: 100, burstLimit: 50 },
    })

    connect.addEnvironment('WELCOME', welcome.functionName)
    for (const handler of [welcome, order]) {
      handler.addEnvironment('WEBSOCKET_ENDPOINT', live.callbackUrl)
      live.grantManagementApiAccess(handler)
    }
    welcome.grantInvoke(connect)

    new CfnOutput(this, 'Url', { value: live.url })
  }

  /** A ping keeps the connection open. No function is called for it, and none is paid for. */
  private addPing({ apiId }: WebSocketApi) {
    const pong = new CfnIntegration(this, 'Pong', {
      apiId,
      integrationType: 'MOCK',
      templateSelectionExpression: '\\$default',
      requestTemplates: { $default: '{"statusCode":200}' },
    })
    new CfnIntegrationResponse(this, 'PongResponse', {
      apiId,
      integrationId: pong.ref,
      integrationResponseKey: '$default',
      templateSelectionExpression: '\\$default',
      responseTemplates: { $default: '{"pong":true}' },
    })
    const ping = new CfnRoute(this, 'Ping', {
      apiId,
      routeKey: 'ping',
      target: `integrations/${pong.ref}`,
      routeResponseSelectionExpression: '$default',
    })
    new CfnRouteResponse(this, 'PingResponse', { apiId, routeId: ping.ref, routeResponseKey: '$default' })
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
