import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { CfnApi, CfnAuthorizer, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { CfnUserPool, CfnUserPoolClient } from 'aws-cdk-lib/aws-cognito'
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/**
 * Lab 3: a chat room, and a pool of users who may come in.
 *
 *   $connect     authorize    says who may come in, and who they are
 *                connect      writes the client on the list
 *   sendMessage  sendMessage  reads the list, posts to everybody on it who said what
 *   $disconnect  disconnect   takes the client off the list
 */
export class GuardedRoomStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)

    const users = new CfnUserPool(this, 'Users', {
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
    })
    users.applyRemovalPolicy(RemovalPolicy.DESTROY)
    const page = new CfnUserPoolClient(this, 'Page', {
      userPoolId: users.ref,
      explicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    })

    const connections = new CfnTable(this, 'Connections', {
      keySchema: [{ attributeName: 'connectionId', keyType: 'HASH' }],
      attributeDefinitions: [{ attributeName: 'connectionId', attributeType: 'S' }],
      billingMode: 'PAY_PER_REQUEST',
    })
    connections.applyRemovalPolicy(RemovalPolicy.DESTROY)

    const authorize = this.handler('authorize')
    const connect = this.handler('connect')
    const disconnect = this.handler('disconnect')
    const sendMessage = this.handler('sendMessage')

    const api = new CfnApi(this, 'Chat', {
      name: 'chat',
      protocolType: 'WEBSOCKET',
      routeSelectionExpression: '${request.body.action}',
    })
    const guard = new CfnAuthorizer(this, 'BySignIn', {
      apiId: api.ref,
      name: 'by-sign-in',
      authorizerType: 'REQUEST',
      authorizerUri: `arn:aws:apigateway:${this.region}:lambda:path/2015-03-31/functions/${authorize.functionArn}/invocations`,
      identitySource: ['route.request.querystring.token'],
    })
    authorize.addPermission('ApiGateway', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.formatArn({
        service: 'execute-api',
        resource: api.ref,
        resourceName: `authorizers/${guard.ref}`,
      }),
    })

    for (const [routeKey, handler] of Object.entries({
      $connect: connect,
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
        ...(routeKey === '$connect' && { authorizationType: 'CUSTOM', authorizerId: guard.ref }),
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

    authorize.addEnvironment('USER_POOL_ID', users.ref)
    authorize.addEnvironment('USER_POOL_CLIENT_ID', page.ref)
    for (const handler of [connect, disconnect, sendMessage]) {
      handler.addEnvironment('TABLE_NAME', connections.ref)
    }
    sendMessage.addEnvironment('WEBSOCKET_ENDPOINT', `https://${address}`)

    // Who may do what, all in one place.
    const onList = (action: string) =>
      new PolicyStatement({ actions: [`dynamodb:${action}`], resources: [connections.attrArn] })
    connect.addToRolePolicy(onList('PutItem'))
    disconnect.addToRolePolicy(onList('DeleteItem'))
    sendMessage.addToRolePolicy(onList('Scan'))
    sendMessage.addToRolePolicy(
      new PolicyStatement({
        actions: ['execute-api:ManageConnections'],
        resources: [
          `arn:${this.partition}:execute-api:${this.region}:${this.account}:${api.ref}/*/POST/@connections/*`,
        ],
      }),
    )

    new CfnOutput(this, 'Url', { value: `wss://${address}` })
    new CfnOutput(this, 'UserPoolId', { value: users.ref })
    new CfnOutput(this, 'UserPoolClientId', { value: page.ref })
    new CfnOutput(this, 'TableName', { value: connections.ref })
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
