import { fileURLToPath } from 'node:url'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { AccountRootPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'

/**
 * One stage of the notification service. It has two doors, each an API of its own.
 *
 * Frontends, open to anybody:
 *   $default     register  writes down who waits for what
 *   $disconnect  forget    takes clients that leave off the list
 *
 * Backends, for those who have the backend's role:
 *   $connect     admit     notes who came
 *   $default     publish   tells everybody who waits
 */
export class Notifications extends Construct {
  readonly url: string
  readonly backendUrl: string
  readonly backendRoleArn: string
  readonly tableName: string

  constructor(scope: Construct, id: string, { stageName }: { stageName: string }) {
    super(scope, id)

    const waiters = new Table(this, 'Waiters', {
      partitionKey: { name: 'topic', type: AttributeType.STRING },
      sortKey: { name: 'connectionId', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      // A table is kept when its stack goes, unless it says otherwise.
      removalPolicy: RemovalPolicy.DESTROY,
    })
    waiters.addGlobalSecondaryIndex({
      indexName: 'byConnection',
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    })

    const register = this.handler('register')
    const forget = this.handler('forget')
    const admit = this.handler('admit')
    const publish = this.handler('publish', { memorySize: 512, timeout: Duration.seconds(29) })

    const frontends = new WebSocketApi(this, 'Frontends', {
      disconnectRouteOptions: { integration: new WebSocketLambdaIntegration('ToForget', forget) },
      // A route that answers: what the function returns is sent to the client that sent the message.
      defaultRouteOptions: {
        integration: new WebSocketLambdaIntegration('ToRegister', register),
        returnResponse: true,
      },
    })
    const backends = new WebSocketApi(this, 'Backends', {
      connectRouteOptions: {
        integration: new WebSocketLambdaIntegration('ToAdmit', admit),
        authorizer: new WebSocketIamAuthorizer(),
      },
      defaultRouteOptions: {
        integration: new WebSocketLambdaIntegration('ToPublish', publish),
        returnResponse: true,
      },
    })
    const frontendStage = this.stage('FrontendStage', frontends, stageName)
    const backendStage = this.stage('BackendStage', backends, stageName)

    // Backends may take this role. A backend with a role of its own can be given the same permission instead.
    const backend = new Role(this, 'Backend', { assumedBy: new AccountRootPrincipal() })

    for (const handler of [register, forget, publish]) {
      handler.addEnvironment('TABLE_NAME', waiters.tableName)
    }
    publish.addEnvironment('FRONTEND_ENDPOINT', frontendStage.callbackUrl)

    // Who may do what, all in one place.
    waiters.grant(register, 'dynamodb:PutItem')
    waiters.grant(forget, 'dynamodb:Query', 'dynamodb:DeleteItem')
    waiters.grant(publish, 'dynamodb:Query', 'dynamodb:DeleteItem', 'dynamodb:PutItem')
    frontendStage.grantManagementApiAccess(publish)
    backend.addToPolicy(
      new PolicyStatement({
        actions: ['execute-api:Invoke'],
        resources: [backends.arnForExecuteApiV2('$connect', stageName)],
      }),
    )

    this.url = frontendStage.url
    this.backendUrl = backendStage.url
    this.backendRoleArn = backend.roleArn
    this.tableName = waiters.tableName
  }

  private stage(id: string, webSocketApi: WebSocketApi, stageName: string) {
    return new WebSocketStage(this, id, {
      webSocketApi,
      stageName,
      autoDeploy: true,
      // A cost brake: a client that loops is stopped here, not on the bill.
      throttle: { rateLimit: 50, burstLimit: 50 },
    })
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
