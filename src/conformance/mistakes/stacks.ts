import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  CfnApiMapping,
  CfnDeployment,
  CfnDomainName,
  CfnRoute,
  CfnStage,
  WebSocketApi,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { type Ground, ground } from '../ground.ts'
import { route } from '../grounds/integrations.ts'
import { handmade } from '../grounds/limits.ts'
import { live, output, type PuppetOptions, puppet } from '../grounds/parts.ts'
import { forgets, posts, remembers } from './handlers.ts'

/** How the smallest API differs from the ordinary. */
interface Small {
  /** `$connect`, or a message route; `say` unless given. */
  readonly routeKey?: string
  readonly twoWay?: boolean
  readonly timeout?: number
  /** Whether the function may manage connections: all of it, or by POST only. */
  readonly mayPost?: boolean | 'POST'
}

/** The smallest API: one function behind one route. Outputs `Url`, `ApiId` and `SayLogName`. */
export const small = (code: string, options: Small = {}): Ground =>
  ground('small', stack => {
    const { routeKey = 'say', twoWay = false, timeout = 10, mayPost = false } = options
    const api = new WebSocketApi(stack, 'Api')
    const fn = puppet(stack, 'Say', { code, timeout })
    const integration = new WebSocketLambdaIntegration('Say', fn)
    api.addRoute(routeKey, { integration, ...(twoWay && { returnResponse: true }) })
    // Somebody has to tell a client its own connection's id.
    const echo = puppet(stack, 'Ask', { do: { echo: true } })
    api.addRoute('ask', { integration: new WebSocketLambdaIntegration('Ask', echo), returnResponse: true })
    live(api)
    output(stack, 'ApiId', api.apiId)
    if (mayPost === true) api.grantManageConnections(fn)
    if (mayPost === 'POST') {
      const resource = Stack.of(stack).formatArn({
        service: 'execute-api',
        resource: api.apiId,
        resourceName: '*/POST/@connections/*',
      })
      fn.addToRolePolicy(
        new PolicyStatement({ actions: ['execute-api:ManageConnections'], resources: [resource] }),
      )
    }
  })

/** A route added later, with a function of its own, and no new deployment. Outputs `Url`, and `LaterLogName` once it is there. */
export const laterRoute = (isThere: boolean): Ground =>
  ground('later-route', stack => {
    const api = handmade(stack)
    const functions = { first: puppet(stack, 'First'), ...(isThere && { later: puppet(stack, 'Later') }) }
    for (const [routeKey, { functionArn }] of Object.entries(functions)) {
      const integrationUri = `arn:aws:apigateway:${stack.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`
      route(stack, api, routeKey, { integration: { integrationType: 'AWS_PROXY', integrationUri } })
    }
    const deployment = new CfnDeployment(stack, 'Deployment', { apiId: api.ref })
    for (const one of stack.node.findAll()) if (one instanceof CfnRoute) deployment.node.addDependency(one)
    new CfnStage(stack, 'Stage', { apiId: api.ref, stageName: 'live', deploymentId: deployment.ref })
    output(stack, 'Url', `${api.attrApiEndpoint}/live`)
  })

/** A function that posts to a stage behind a custom domain, and names the stage. Outputs `Custom` and `SayLogName`. */
export const stageOnDomain = ground(
  'stage-on-domain',
  stack => {
    const api = new WebSocketApi(stack, 'Api')
    const fn = puppet(stack, 'Say', { code: posts() })
    api.addRoute('say', { integration: new WebSocketLambdaIntegration('Say', fn) })
    api.grantManageConnections(fn)
    const stage = live(api)
    const domainName = `${stack.stackName}.example`
    const certificate = new CfnCertificate(stack, 'Certificate', { domainName, validationMethod: 'DNS' })
    const domain = new CfnDomainName(stack, 'Domain', {
      domainName,
      domainNameConfigurations: [{ certificateArn: certificate.ref, endpointType: 'REGIONAL' }],
    })
    new CfnApiMapping(stack, 'Mapping', {
      apiId: api.apiId,
      domainName: domain.ref,
      stage: stage.stageName,
    }).node.addDependency(stage)
    output(stack, 'Custom', `wss://${domainName}`)
  },
  'it takes a domain of one’s own',
)

/** An authorizer that a learner wrote, with CDK's default identity source or with none. Outputs `Url` and `GuardLogName`. */
export const guardedBy = (code: string, identitySource?: string[]): Ground =>
  ground('guarded-by', stack => {
    const guard = puppet(stack, 'Guard', { code })
    live(
      new WebSocketApi(stack, 'Api', {
        connectRouteOptions: {
          integration: new WebSocketLambdaIntegration('Connect', puppet(stack, 'Connect')),
          authorizer: new WebSocketLambdaAuthorizer('Guard', guard, identitySource ? { identitySource } : {}),
        },
      }),
    )
  })

/** How an API with a list of connections goes wrong. */
interface Listed {
  /** The attribute under which connections are written. */
  readonly key?: string
  /** Whether the `$connect` function catches its errors. */
  readonly isCaught?: boolean
  /** What the functions may do to the table. */
  readonly may: 'nothing' | 'put' | 'everything'
}

/** An API that keeps a list of its connections in a table. Outputs `Url`, `TableName`, `ConnectLogName`, `DisconnectLogName`. */
export const listed = ({ key = 'connectionId', isCaught = false, may }: Listed): Ground =>
  ground('listed', stack => {
    const table = new Table(stack, 'Table', {
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const behind = (id: string, options: PuppetOptions) => {
      const fn = puppet(stack, id, options)
      fn.addEnvironment('TABLE', table.tableName)
      return fn
    }
    const connect = behind('Connect', { code: remembers({ key, isCaught }) })
    const disconnect = behind('Disconnect', { code: forgets })
    if (may !== 'nothing') table.grant(connect, 'dynamodb:PutItem')
    if (may === 'everything') table.grant(disconnect, 'dynamodb:DeleteItem')
    const api = new WebSocketApi(stack, 'Api', {
      connectRouteOptions: { integration: new WebSocketLambdaIntegration('Connect', connect) },
      disconnectRouteOptions: { integration: new WebSocketLambdaIntegration('Disconnect', disconnect) },
    })
    const echo = puppet(stack, 'Ask', { do: { echo: true } })
    api.addRoute('ask', { integration: new WebSocketLambdaIntegration('Ask', echo), returnResponse: true })
    live(api)
    output(stack, 'TableName', table.tableName)
  })
