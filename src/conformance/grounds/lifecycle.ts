import type { Stack } from 'aws-cdk-lib'
import {
  CfnApi,
  CfnDeployment,
  CfnIntegration,
  CfnRoute,
  CfnStage,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { type Ground, ground } from '../ground.ts'
import type { SdkCall } from '../puppet.ts'
import { live, output, type PuppetOptions, puppet } from './parts.ts'

/** A message to the connection that the event is about. */
export const postToSelf = (Data: string): SdkCall => ({
  client: 'apigatewaymanagementapi',
  command: 'PostToConnection',
  config: { endpoint: 'https://$domainName/$stage' },
  input: { ConnectionId: '$connectionId', Data },
})

const lambda = (stack: Stack, id: string, options: PuppetOptions) =>
  new WebSocketLambdaIntegration(id, puppet(stack, id, options))

/** Functions behind `$connect` that do not get as far as running: an API of its own for each, at the output of that name. */
export const unloadable = ground('unloadable', stack => {
  const codes = {
    SyntaxError: 'exports.handler = async () => {',
    MissingModule: "const left = require('left-pad-of-nobody'); exports.handler = async () => left",
    FailsAtInit: "throw new Error('not today')",
  }
  for (const [id, code] of Object.entries(codes)) {
    const api = new WebSocketApi(stack, `${id}Api`, {
      connectRouteOptions: { integration: lambda(stack, id, { code }) },
    })
    live(api, id)
  }
})

/** `$disconnect` functions that throw (output `Throws`), and that post to who has left (output `Posts`). */
export const farewells = ground('farewells', stack => {
  const ends: Readonly<Record<string, PuppetOptions>> = {
    Throws: { do: { throw: { message: 'at the end' } } },
    Posts: { do: { call: [postToSelf('good-bye')] } },
  }
  for (const [id, options] of Object.entries(ends)) {
    const api = new WebSocketApi(stack, `${id}Api`, {
      disconnectRouteOptions: { integration: lambda(stack, `${id}Disconnect`, options) },
    })
    api.addRoute('ask', { integration: lambda(stack, `${id}Ask`, {}), returnResponse: true })
    if (id === 'Posts')
      api.grantManageConnections(stack.node.findChild('PostsDisconnect') as ReturnType<typeof puppet>)
    live(api, id)
  }
})

/** A stage that nobody has deployed to (output `Url`), as CDK makes it without `autoDeploy`. */
export const undeployed = ground('undeployed', stack => {
  const api = new WebSocketApi(stack, 'Api')
  api.addRoute('ask', { integration: lambda(stack, 'Ask', {}), returnResponse: true })
  const stage = new WebSocketStage(api, 'Stage', { webSocketApi: api, stageName: 'live' })
  output(stack, 'Url', stage.url)
})

/** A stage that lets nobody through: its throttle is nothing at all (output `Url`). */
export const throttled = ground('throttled', stack => {
  const api = new WebSocketApi(stack, 'Api')
  api.addRoute('ask', { integration: lambda(stack, 'Ask', {}), returnResponse: true })
  const stage = live(api)
  ;(stage.node.defaultChild as CfnStage).defaultRouteSettings = {
    throttlingBurstLimit: 0,
    throttlingRateLimit: 0,
  }
})

/**
 * An API whose function API Gateway may not invoke: nobody has given it leave (output `Url`); and one whose function is
 * not there (output `Stale`). `ConnectLogName` is the log of the one that is.
 */
export const notAllowed = ground('not-allowed', stack => {
  const gone = `arn:${stack.partition}:lambda:${stack.region}:${stack.account}:function:wslab-conformance-gone`
  const functions = { Url: puppet(stack, 'Connect').functionArn, Stale: gone }
  for (const [name, functionArn] of Object.entries(functions)) {
    const api = new CfnApi(stack, `${name}Api`, {
      name: `${stack.stackName}-${name}`,
      protocolType: 'WEBSOCKET',
      routeSelectionExpression: '$request.body.action',
    })
    const integration = new CfnIntegration(stack, `${name}Integration`, {
      apiId: api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: `arn:${stack.partition}:apigateway:${stack.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    })
    new CfnRoute(stack, `${name}Route`, {
      apiId: api.ref,
      routeKey: '$connect',
      target: `integrations/${integration.ref}`,
    })
    new CfnStage(stack, `${name}Stage`, { apiId: api.ref, stageName: 'live', autoDeploy: true })
    output(stack, name, `${api.attrApiEndpoint}/live`)
  }
})

/**
 * An API that is deployed by hand. What is given differs from version to version: the deployment's name, whether the
 * default endpoint is switched off, and whether there is a route `extra`. Outputs `Url`.
 */
export const byHand = (version: {
  readonly deployment: string
  readonly disabled?: boolean
  readonly extra?: boolean
}): Ground =>
  ground('by-hand', stack => {
    const api = new CfnApi(stack, 'Api', {
      name: stack.stackName,
      protocolType: 'WEBSOCKET',
      routeSelectionExpression: '$request.body.action',
      disableExecuteApiEndpoint: version.disabled ?? false,
    })
    const integration = new CfnIntegration(stack, 'Mock', {
      apiId: api.ref,
      integrationType: 'MOCK',
      templateSelectionExpression: '\\$default',
      requestTemplates: { $default: '{"statusCode":200}' },
    })
    const routes = ['first', ...(version.extra ? ['extra'] : [])].map(
      routeKey =>
        new CfnRoute(stack, `Route${routeKey}`, {
          apiId: api.ref,
          routeKey,
          target: `integrations/${integration.ref}`,
        }),
    )
    const deployment = new CfnDeployment(stack, version.deployment, { apiId: api.ref })
    for (const route of routes) deployment.node.addDependency(route)
    new CfnStage(stack, 'Stage', { apiId: api.ref, stageName: 'live', deploymentId: deployment.ref })
    output(stack, 'Url', `${api.attrApiEndpoint}/live`)
  })
