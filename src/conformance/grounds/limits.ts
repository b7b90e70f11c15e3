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
export function functionlessApi(stack: Stack): { readonly api: CfnApi; readonly stage: CfnStage } {
  const api = handmade(stack)
  const { ref } = mock(stack, api.ref)
  new CfnRoute(stack, 'Route', { apiId: api.ref, routeKey: '$default', target: `integrations/${ref}` })
  return { api, stage: liveByHand(stack, api) }
}

/** Nothing but such an API. */
export const functionless = ground('functionless', stack => {
  functionlessApi(stack)
})

/** Such an API whose stage lets two in at once, and one a second. Output `Url`. */
export const trickling = ground('trickling', stack => {
  functionlessApi(stack).stage.defaultRouteSettings = { throttlingBurstLimit: 2, throttlingRateLimit: 1 }
})

/** An API with this many of something: versions of one stack. As short as can be, for a template has 51,200 bytes. */
export const many = (what: 'Route' | 'Integration' | 'Stage' | 'Authorizer', count: number): Ground =>
  ground(`many-${what.toLowerCase()}s`, stack => {
    const apiId = handmade(stack).ref
    for (let index = 0; index < count; index++) {
      const id = `${what.charAt(0)}${index}`
      if (what === 'Route') new CfnRoute(stack, id, { apiId, routeKey: id })
      if (what === 'Integration') new CfnIntegration(stack, id, { apiId, integrationType: 'MOCK' })
      if (what === 'Stage') new CfnStage(stack, id, { apiId, stageName: id })
      if (what === 'Authorizer') {
        new CfnAuthorizer(stack, id, {
          apiId,
          name: id,
          authorizerType: 'REQUEST',
          identitySource: ['route.request.querystring.token'],
          authorizerUri: `arn:aws:apigateway:${stack.region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${stack.region}:${stack.account}:function:nobody/invocations`,
        })
      }
    }
  })

/** An integration with a timeout, in milliseconds. */
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
