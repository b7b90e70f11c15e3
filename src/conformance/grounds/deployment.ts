import {
  CfnDeployment,
  CfnIntegration,
  CfnIntegrationResponse,
  CfnRoute,
  CfnStage,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import {
  WebSocketLambdaIntegration,
  WebSocketMockIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { type Ground, ground } from '../ground.ts'
import { handmade, mock } from './limits.ts'
import { live, output, puppet, withoutLeave } from './parts.ts'

/** A deployment of an API that has no route. */
export const noRoute = ground('no-route', stack => {
  new CfnDeployment(stack, 'Deployment', { apiId: handmade(stack).ref })
})

/** A deployment that does not wait for the API's route, which itself has to wait for its integration. */
export const deployedTooEarly = ground('deployed-too-early', stack => {
  const api = handmade(stack)
  new CfnDeployment(stack, 'Deployment', { apiId: api.ref })
  new CfnRoute(stack, 'Route', {
    apiId: api.ref,
    routeKey: 'first',
    target: `integrations/${mock(stack, api.ref).ref}`,
  })
})

/** A stage that deploys by itself; in a later version of the stack it is told what to serve. */
export const autoAndByHand = ({ isTold }: { readonly isTold: boolean }): Ground =>
  ground('auto-and-by-hand', stack => {
    const api = handmade(stack)
    const route = new CfnRoute(stack, 'Route', {
      apiId: api.ref,
      routeKey: 'first',
      target: `integrations/${mock(stack, api.ref).ref}`,
    })
    const deployment = new CfnDeployment(stack, 'Deployment', { apiId: api.ref })
    deployment.node.addDependency(route)
    new CfnStage(stack, 'Stage', {
      apiId: api.ref,
      stageName: 'live',
      autoDeploy: true,
      ...(isTold && { deploymentId: deployment.ref }),
    })
  })

/** An API as CDK makes it, with functions that may speak to its clients: by the API's grant and by the stage's. */
export const byCdk = ground('by-cdk', stack => {
  const byApi = puppet(stack, 'ByApi')
  const byStage = puppet(stack, 'ByStage')
  const api = new WebSocketApi(stack, 'Api')
  for (const [routeKey, fn] of Object.entries({ byApi, byStage })) {
    const integration = new WebSocketLambdaIntegration(routeKey, fn)
    api.addRoute(routeKey, { integration, returnResponse: true })
  }
  const stage = live(api)
  api.grantManageConnections(byApi)
  stage.grantManagementApiAccess(byStage)
  output(stack, 'ApiId', api.apiId)
  output(stack, 'CallbackUrl', stage.callbackUrl)
  output(stack, 'ByApiName', byApi.functionName)
  output(stack, 'ByApiRole', byApi.role!.roleName)
  output(stack, 'ByStageRole', byStage.role!.roleName)
})

/** A two-way mock as CDK makes it (output `Silent`), and with the integration response that it lacks (output `Speaking`). */
export const mocks = ground('mocks', stack => {
  for (const name of ['Silent', 'Speaking']) {
    const api = new WebSocketApi(stack, `${name}Api`)
    const integration = new WebSocketMockIntegration(name, {
      requestTemplates: { $default: '{"statusCode":200}' },
      templateSelectionExpression: '\\$default',
    })
    const route = api.addRoute('ping', { integration, returnResponse: true })
    const made =
      route.node.findAll().find(one => one instanceof CfnIntegration) ??
      api.node.findAll().find(one => one instanceof CfnIntegration)
    if (name === 'Speaking') {
      new CfnIntegrationResponse(stack, 'Response', {
        apiId: api.apiId,
        integrationId: (made as CfnIntegration).ref,
        integrationResponseKey: '$default',
        responseTemplates: { $default: '{"pong":true}' },
        templateSelectionExpression: '\\$default',
      })
    }
    live(api, name)
  }
})

/** The same route key twice. */
export const twice = ground('twice', stack => {
  const api = handmade(stack)
  for (const id of ['One', 'Two']) new CfnRoute(stack, id, { apiId: api.ref, routeKey: '$connect' })
})

/** A function with permission for another API only. Outputs `Url` and `ConnectLogName`. */
export const wrongSource = ground('wrong-source', stack => {
  const fn = puppet(stack, 'Connect')
  const api = new WebSocketApi(stack, 'Api', {
    connectRouteOptions: { integration: new WebSocketLambdaIntegration('Connect', fn) },
  })
  withoutLeave(api)
  fn.addPermission('Elsewhere', {
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: `arn:${stack.partition}:execute-api:${stack.region}:${stack.account}:abcdefghij/*$connect`,
  })
  live(api)
})

/** An API with a stage that CDK makes without `autoDeploy`. Outputs `Url` and `ApiId`. */
export const forgotten = ground('forgotten', stack => {
  const api = new WebSocketApi(stack, 'Api')
  api.addRoute('ask', { integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')) })
  const stage = new WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'live' })
  output(stack, 'Url', stage.url)
  output(stack, 'ApiId', api.apiId)
})

/** An API with routes and no stage. Output `ApiId`. */
export const stageless = ground('stageless', stack => {
  const api = new WebSocketApi(stack, 'Api')
  api.addRoute('ask', { integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')) })
  output(stack, 'ApiId', api.apiId)
})
