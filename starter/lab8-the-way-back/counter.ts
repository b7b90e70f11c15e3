import { fileURLToPath } from 'node:url'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { ApiMapping, type DomainName, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'

/**
 * A counter where clients order.
 *
 *   order  take  tells the client that its order is taken, and hands it on
 *
 *   take, or the kitchen ─► queue Ready ─► serve  tells the client that it is ready
 *
 * Nothing is cooked here: what is taken is ready at once.
 */
export class Counter extends Construct {
  readonly url: string
  readonly queueUrl: string
  private readonly api: WebSocketApi
  private readonly stage: WebSocketStage

  constructor(scope: Construct, id: string, { stageName }: { readonly stageName: string }) {
    super(scope, id)

    const take = this.handler('take')
    const serve = this.handler('serve')
    const ready = new Queue(this, 'Ready', {
      // What could not be told is tried again after five minutes.
      visibilityTimeout: Duration.minutes(5),
      // After that it is cold.
      retentionPeriod: Duration.minutes(10),
    })
    serve.addEventSource(new SqsEventSource(ready))

    this.api = new WebSocketApi(this, 'Api')
    this.api.addRoute('order', { integration: new WebSocketLambdaIntegration('ToTake', take) })
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName,
      autoDeploy: true,
      // A cost brake: a client that loops is stopped here, not on the bill.
      throttle: { rateLimit: 50, burstLimit: 50 },
    })

    take.addEnvironment('QUEUE_URL', ready.queueUrl)
    // It is given no event of a client that would say where to post.
    serve.addEnvironment('WEBSOCKET_ENDPOINT', this.api.apiEndpoint)

    // Who may do what, all in one place. That `serve` may read its queue comes with the event source.
    ready.grantSendMessages(take)
    this.stage.grantManagementApiAccess(take)
    this.stage.grantManagementApiAccess(serve)

    this.url = this.stage.url
    this.queueUrl = ready.queueUrl
  }

  /** Opens a second door: clients may come by a domain and a path as well. Answers with its address. */
  isAlsoAt(domainName: DomainName, path: string): string {
    new ApiMapping(this, 'Mapping', { api: this.api, stage: this.stage, domainName, apiMappingKey: path })
    return `wss://${domainName.name}/${path}`
  }

  private handler(name: string) {
    return new NodejsFunction(this, name, {
      entry: fileURLToPath(new URL(`handlers/${name}.ts`, import.meta.url)),
      runtime: Runtime.NODEJS_22_X,
      memorySize: 256,
      timeout: Duration.seconds(3),
      logGroup: new LogGroup(this, `${name}Logs`, {
        // Lambda's own log groups never expire, and outlive the stack.
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    })
  }
}
