import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { UserPool } from 'aws-cdk-lib/aws-cognito'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/** Lab 3: a club. One function does it all: it is the authorizer, and it stands behind every route. */
export class Club extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const members = new UserPool(this, 'Members', {
      selfSignUpEnabled: false,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const app = members.addClient('App', { authFlows: { userSrp: true, userPassword: true } })
    const inside = new Table(this, 'Inside', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    })

    const staff = new NodejsFunction(this, 'Staff', {
      entry: fileURLToPath(new URL('src/staff.ts', import.meta.url)),
      runtime: Runtime.NODEJS_22_X,
      memorySize: 256,
      timeout: Duration.seconds(10),
      logGroup: new LogGroup(this, 'StaffLogs', {
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      environment: {
        TABLE_NAME: inside.tableName,
        POOL: members.userPoolId,
        CLIENT: app.userPoolClientId,
      },
    })

    const integration = new WebSocketLambdaIntegration('ToStaff', staff)
    const api = new WebSocketApi(this, 'Bar', {
      connectRouteOptions: {
        integration,
        authorizer: new WebSocketLambdaAuthorizer('Bouncer', staff, {
          identitySource: ['route.request.querystring.token', 'route.request.header.Host'],
        }),
      },
      disconnectRouteOptions: { integration },
      defaultRouteOptions: { integration },
    })
    const tonight = new WebSocketStage(this, 'Tonight', {
      webSocketApi: api,
      stageName: 'tonight',
      autoDeploy: true,
      throttle: { rateLimit: 50, burstLimit: 20 },
    })

    inside.grantReadWriteData(staff)
    tonight.grantManagementApiAccess(staff)

    new CfnOutput(this, 'Url', { value: tonight.url })
    new CfnOutput(this, 'UserPoolId', { value: members.userPoolId })
    new CfnOutput(this, 'UserPoolClientId', { value: app.userPoolClientId })
    new CfnOutput(this, 'TableName', { value: inside.tableName })
  }
}
