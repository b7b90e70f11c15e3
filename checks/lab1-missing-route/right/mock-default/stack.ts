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
 * Lab 1: a service that answers.
 *
 *   $connect     answer  notes who came
 *   message      answer  says the text back
 *   whoami       answer  tells callers their own connection id
 *   $default     answer  tells which actions exist, whatever else was said
 *   $disconnect  answer  notes who left
 */
export class AnswerStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const answer = new NodejsFunction(this, 'Answer', {
      entry: fileURLToPath(new URL('handlers/answer.ts', import.meta.url)),
      runtime: Runtime.NODEJS_22_X,
      memorySize: 256,
      timeout: Duration.seconds(10),
      logGroup: new LogGroup(this, 'AnswerLogs', {
        // Lambda's own log groups never expire, and outlive the stack.
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    })
    const integration = new WebSocketLambdaIntegration('ToAnswer', answer)

    const api = new WebSocketApi(this, 'Api', {
      connectRouteOptions: { integration },
      disconnectRouteOptions: { integration },
    })
    api.addRoute('message', { integration })
    api.addRoute('whoami', { integration })

    // What needs no function is answered by API Gateway itself.
    const help = new CfnIntegration(this, 'Help', {
      apiId: api.apiId,
      integrationType: 'MOCK',
      requestTemplates: { $default: '{"statusCode": 200}' },
      templateSelectionExpression: '\\$default',
    })
    new CfnIntegrationResponse(this, 'HelpResponse', {
      apiId: api.apiId,
      integrationId: help.ref,
      integrationResponseKey: '$default',
      responseTemplates: { $default: '{"actions": ["message", "whoami"]}' },
      templateSelectionExpression: '\\$default',
    })
    const otherwise = new CfnRoute(this, 'Otherwise', {
      apiId: api.apiId,
      routeKey: '$default',
      target: `integrations/${help.ref}`,
      routeResponseSelectionExpression: '$default',
    })
    new CfnRouteResponse(this, 'OtherwiseResponse', {
      apiId: api.apiId,
      routeId: otherwise.ref,
      routeResponseKey: '$default',
    })

    const live = new WebSocketStage(this, 'Live', {
      webSocketApi: api,
      stageName: 'live',
      autoDeploy: true,
      // A cost brake: a client that loops is stopped here, not on the bill.
      throttle: { rateLimit: 50, burstLimit: 20 },
    })

    // The https:// address at which the function finds the connections; live.url is the clients', wss://.
    answer.addEnvironment('WEBSOCKET_ENDPOINT', live.callbackUrl)
    live.grantManagementApiAccess(answer)

    new CfnOutput(this, 'Url', { value: live.url })
  }
}
