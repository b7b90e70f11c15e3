import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/**
 * Lab 0: a parrot. Nothing is wrong with it.
 *
 *   say  parrot  says the text back
 */
export class ParrotStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const parrot = new NodejsFunction(this, 'Parrot', {
      entry: fileURLToPath(new URL('handlers/parrot.ts', import.meta.url)),
      runtime: Runtime.NODEJS_22_X,
      memorySize: 256,
      timeout: Duration.seconds(10),
      logGroup: new LogGroup(this, 'ParrotLogs', {
        // Lambda's own log groups never expire, and outlive the stack.
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    })

    const api = new WebSocketApi(this, 'Cage')
    api.addRoute('say', {
      integration: new WebSocketLambdaIntegration('ToParrot', parrot),
      // What the function returns goes to the client.
      returnResponse: true,
    })

    const live = new WebSocketStage(this, 'Live', {
      webSocketApi: api,
      stageName: 'live',
      autoDeploy: true,
      // A cost brake: a client that loops is stopped here, not on the bill.
      throttle: { rateLimit: 50, burstLimit: 20 },
    })

    new CfnOutput(this, 'Url', { value: live.url })
  }
}
