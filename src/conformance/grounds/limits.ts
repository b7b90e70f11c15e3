import type { Stack } from 'aws-cdk-lib'
import {
  CfnApi,
  CfnAuthorizer,
  CfnIntegration,
  CfnRoute,
  CfnStage,
  WebSocketApi,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { type Ground, ground } from '../ground.ts'
import { live, output, puppet } from './parts.ts'

/** An API made of nothing but L1 constructs. */
export const handmade = (stack: Stack, id = 'Api'): CfnApi =>
  new CfnApi(stack, id, {
    name: `${stack.stackName}-${id}`,
    protocolType: 'WEBSOCKET',
    routeSelectionExpression: '$request.body.action',
  })

/** A mock that answers 200. */
export const mock = (stack: Stack, apiId: string, id = 'Mock'): CfnIntegration =>
  new CfnIntegration(stack, id, {
    apiId,
    integrationType: 'MOCK',
    templateSelectionExpression: '\\$default',
    requestTemplates: { $default: '{"statusCode":200}' },
  })

/** A stage `live` that deploys by itself, with its URL as an output. */
export function liveByHand(stack: Stack, api: CfnApi, name = 'Url', more: object = {}): CfnStage {
  const stage = new CfnStage(stack, `${name}Stage`, {
    apiId: api.ref,
    stageName: 'live',
    autoDeploy: true,
    ...more,
  })
  output(stack, name, `${api.attrApiEndpoint}/live`)
  return stage
}

/** An API that needs no function: one-way mocks on `$default`. Output `Url`. */
export const functionless = ground('functionless', stack => {
  const api = handmade(stack)
  const { ref } = mock(stack, api.ref)
  new CfnRoute(stack, 'Route', { apiId: api.ref, routeKey: '$default', target: `integrations/${ref}` })
  liveByHand(stack, api)
})

/** More of something than an API may have. */
export const tooMany = (what: 'routes' | 'stages' | 'authorizers'): Ground =>
  ground(`too-many-${what}`, stack => {
    const api = handmade(stack)
    const most = { routes: 300, stages: 10, authorizers: 10 }[what]
    for (let index = 0; index <= most; index++) {
      if (what === 'routes') new CfnRoute(stack, `R${index}`, { apiId: api.ref, routeKey: `r${index}` })
      if (what === 'stages') new CfnStage(stack, `S${index}`, { apiId: api.ref, stageName: `s${index}` })
      if (what === 'authorizers') {
        new CfnAuthorizer(stack, `A${index}`, {
          apiId: api.ref,
          name: `a${index}`,
          authorizerType: 'REQUEST',
          identitySource: ['route.request.querystring.token'],
          authorizerUri: `arn:aws:apigateway:${stack.region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${stack.region}:${stack.account}:function:nobody/invocations`,
        })
      }
    }
  })

/** An integration with a timeout that cannot be. */
export const withTimeout = (timeoutInMillis: number): Ground =>
  ground('with-timeout', stack => {
    const api = handmade(stack)
    mock(stack, api.ref).timeoutInMillis = timeoutInMillis
  })

/** A stage with a name. */
export const withStageName = (stageName: string): Ground =>
  ground('with-stage-name', stack => {
    new CfnStage(stack, 'Stage', { apiId: handmade(stack).ref, stageName })
  })

/** A route `ask` that lets nothing through, on a stage that does. Output `Url`. */
export const throttledRoute = ground('throttled-route', stack => {
  const api = new WebSocketApi(stack, 'Api')
  const route = api.addRoute('ask', {
    integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')),
    returnResponse: true,
  })
  const stage = live(api).node.defaultChild as CfnStage
  stage.node.addDependency(route)
  stage.routeSettings = { ask: { ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0 } }
})
