import { fileURLToPath } from 'node:url'
import { CfnOutput, CfnResource, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { type IWebSocketRouteAuthorizer, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Code, type FunctionProps, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { LogGroup, LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { StringParameter } from 'aws-cdk-lib/aws-ssm'
import type { Construct } from 'constructs'
import type { StorageStack } from './storage.ts'

/** The chat of a town hall: a client that comes in shows a cookie, and what is said is answered now or later. */
export class ChatStack extends Stack {
  constructor(scope: Construct, id: string, { storage, ...props }: StackProps & { storage: StorageStack }) {
    super(scope, id, props)
    const later = new Queue(this, 'Later', { removalPolicy: RemovalPolicy.DESTROY })
    const environment = {
      SAYINGS: storage.sayings.tableName,
      LATER: later.queueUrl,
      // A template parameter of SSM's type: read whenever the stack is deployed.
      WORD: StringParameter.valueForStringParameter(this, '/town/word'),
    }

    const guard = this.handler('guard', Runtime.NODEJS_22_X)
    const enter = this.handler('enter', Runtime.NODEJS_22_X)
    const say = this.handler('say', Runtime.NODEJS_22_X, { environment, layers: [storage.manners] })
    const deliver = this.handler('deliver', Runtime.NODEJS_22_X)
    // From before the SDK's third version, and never touched again.
    const remember = this.handler('remember', Runtime.NODEJS_16_X, {
      environment,
      layers: [storage.manners],
    })
    deliver.addEventSource(new SqsEventSource(later, { batchSize: 1 }))

    const to = (fn: Lambda) => ({ integration: new WebSocketLambdaIntegration(fn.node.id, fn) })
    const authorizer = new WebSocketLambdaAuthorizer('Guard', guard, {
      identitySource: ['route.request.header.Cookie'],
    }) as IWebSocketRouteAuthorizer
    const api = new WebSocketApi(this, 'Api', { connectRouteOptions: { ...to(enter), authorizer } })
    api.addRoute('say', to(say))
    api.addRoute('remember', to(remember))
    const stage = new WebSocketStage(this, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })
    deliver.addEnvironment('ENDPOINT', stage.callbackUrl)
    new CfnOutput(this, 'Url', { value: stage.url })

    for (const speaker of [deliver, remember]) api.grantManageConnections(speaker)
    storage.sayings.grantReadWriteData(remember)
    later.grantSendMessages(say)

    if (this.node.tryGetContext('broken')) {
      new CfnResource(this, 'Broken', { type: 'AWS::Logs::LogGroup', properties: { RetentionInDays: 42 } })
    }
  }

  private handler(name: string, runtime: Runtime, more: Partial<FunctionProps> = {}): Lambda {
    const fn = new Lambda(this, name, {
      code: Code.fromAsset(fileURLToPath(new URL('./handlers', import.meta.url))),
      handler: `${name}.handler`,
      runtime,
      timeout: Duration.seconds(10),
      ...(name === 'guard' ? {} : { logGroup: this.logs(name) }),
      ...more,
    })
    // The older way to have logs expire.
    if (name === 'guard') {
      new LogRetention(this, 'GuardLogs', {
        logGroupName: `/aws/lambda/${fn.functionName}`,
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      })
    }
    return fn
  }

  private logs(name: string): LogGroup {
    return new LogGroup(this, `${name}Logs`, {
      retention: RetentionDays.ONE_DAY,
      removalPolicy: RemovalPolicy.DESTROY,
    })
  }
}
