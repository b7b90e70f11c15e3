import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/**
 * Lab 1: a service that answers.
 *
 *   $connect     note     notes who came
 *   message      message  says the text back
 *   whoami       whoami   tells callers their own connection id
 *   $default     help     tells which actions exist, whatever else was said
 *   $disconnect  note     notes who left
 */
export class AnswerStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const note = this.handler('note')
    const message = this.handler('message')
    const whoami = this.handler('whoami')
    const help = this.handler('help')

    const api = new WebSocketApi(this, 'Api', {
      connectRouteOptions: { integration: new WebSocketLambdaIntegration('ToNoteIn', note) },
      disconnectRouteOptions: { integration: new WebSocketLambdaIntegration('ToNoteOut', note) },
      defaultRouteOptions: { integration: new WebSocketLambdaIntegration('ToHelp', help) },
    })
    api.addRoute('message', { integration: new WebSocketLambdaIntegration('ToMessage', message) })
    api.addRoute('whoami', { integration: new WebSocketLambdaIntegration('ToWhoami', whoami) })

    const live = new WebSocketStage(this, 'Live', {
      webSocketApi: api,
      stageName: 'live',
      autoDeploy: true,
      // A cost brake: a client that loops is stopped here, not on the bill.
      throttle: { rateLimit: 50, burstLimit: 20 },
    })

    for (const handler of [message, whoami, help]) {
      handler.addEnvironment('WEBSOCKET_ENDPOINT', live.callbackUrl)
      live.grantManagementApiAccess(handler)
    }

    new CfnOutput(this, 'Url', { value: live.url })
  }

  private handler(name: string) {
    return new NodejsFunction(this, name, {
      entry: fileURLToPath(new URL(`handlers/${name}.ts`, import.meta.url)),
      runtime: Runtime.NODEJS_22_X,
      timeout: Duration.seconds(10),
      logGroup: new LogGroup(this, `${name}Logs`, {
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    })
  }
}
