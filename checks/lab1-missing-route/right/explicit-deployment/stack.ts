import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { CfnDeployment, CfnStage, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
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
      defaultRouteOptions: { integration },
    })
    api.addRoute('message', { integration })
    api.addRoute('whoami', { integration })

    // A snapshot of all routes, taken once they are all there.
    const deployment = new CfnDeployment(this, 'Deployment', { apiId: api.apiId })
    deployment.node.addDependency(...api.node.children.filter(child => child.node.id.endsWith('Route')))
    const stage = new CfnStage(this, 'Stage', {
      apiId: api.apiId,
      stageName: 'prod',
      deploymentId: deployment.ref,
      defaultRouteSettings: { throttlingRateLimit: 50, throttlingBurstLimit: 20 },
    })

    const host = `${api.apiId}.execute-api.${this.region}.${this.urlSuffix}`
    answer.addEnvironment('WEBSOCKET_ENDPOINT', `https://${host}/prod`)
    api.grantManageConnections(answer)

    new CfnOutput(this, 'Url', { value: `wss://${host}/${stage.ref}` })
  }
}
