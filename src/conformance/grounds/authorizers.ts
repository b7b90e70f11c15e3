import type { Stack } from 'aws-cdk-lib'
import { CfnApiKey, CfnUsagePlan, CfnUsagePlanKey } from 'aws-cdk-lib/aws-apigateway'
import {
  CfnApi,
  CfnAuthorizer,
  type CfnRoute,
  type CfnStage,
  WebSocketApi,
  WebSocketApiKeySelectionExpression,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AccountPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import { type Ground, ground } from '../ground.ts'
import { policy } from './authorized.ts'
import { live, output, puppet, withoutLeave } from './parts.ts'

/** An API with a two-way route `ask`, and an authorizer on `$connect` that always lets in; its sources are given. */
function withSources(stack: Stack, name: string, identitySource?: string[]): CfnStage {
  const integration = new WebSocketLambdaIntegration(`${name}Ask`, puppet(stack, `${name}Ask`))
  const handler = puppet(stack, `${name}Authorizer`, { do: policy('Allow') })
  const api = new WebSocketApi(stack, `${name}Api`, {
    connectRouteOptions: {
      integration,
      authorizer: new WebSocketLambdaAuthorizer(name, handler, identitySource ? { identitySource } : {}),
    },
  })
  api.addRoute('ask', { integration, returnResponse: true })
  output(stack, `${name}ApiId`, api.apiId)
  return live(api, name).node.defaultChild as CfnStage
}

/**
 * Authorizers that always say yes, once they are asked: with four identity sources (output `Many`; the stage's variable
 * `colour` is one of them, which the stage of output `Colourless` lacks) and with the source that CDK gives them (outputs
 * `Usual` and `UsualApiId`). Logs: `ManyAuthorizerLogName`, …
 */
export const sources = ground('sources', stack => {
  const many = [
    'route.request.header.X-Token',
    'route.request.querystring.token',
    'stageVariables.colour',
    'context.apiId',
  ]
  withSources(stack, 'Many', many).stageVariables = { colour: 'blue' }
  withSources(stack, 'Colourless', many)
  withSources(stack, 'Usual')
})

/** Authorizers that fail: one that takes too long (output `Slow`), one that API Gateway may not call (output `NotAllowed`). */
export const failingAuthorizers = ground('failing-authorizers', stack => {
  const functions = {
    Slow: puppet(stack, 'Slow', { timeout: 1, do: { hang: true } }),
    NotAllowed: puppet(stack, 'NotAllowed', { do: policy('Allow') }),
  }
  for (const [name, fn] of Object.entries(functions)) {
    const api = new WebSocketApi(stack, `${name}Api`, {
      connectRouteOptions: {
        integration: new WebSocketLambdaIntegration(`${name}Ask`, puppet(stack, `${name}Connect`)),
        authorizer: new WebSocketLambdaAuthorizer(`${name}Authorizer`, fn, { identitySource: [] }),
      },
    })
    if (name === 'NotAllowed') withoutLeave(api, /Authorizer/)
    live(api, name)
  }
})

/** An authorizer whose answer is as long as the query parameter `characters` wants its context to be. Output `Url`. */
export const verbose = ground('verbose-authorizer', stack => {
  // It would not fit into a query string, and not into an environment either, which holds 4 KB: the code makes it.
  const code = `exports.handler = async event => ({
    principalId: 'ana',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }],
    },
    context: { long: 'x'.repeat(Number(event.queryStringParameters.characters)) },
  })`
  const integration = new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask'))
  const guard = new WebSocketLambdaAuthorizer('Guard', puppet(stack, 'Guard', { code }), {
    identitySource: [],
  })
  live(new WebSocketApi(stack, 'Api', { connectRouteOptions: { integration, authorizer: guard } }))
})

/** An authorizer of a type that WebSocket APIs do not have, or on a route that cannot have one. */
export const impossibleAuthorizer = (authorizerType: 'JWT' | 'TOKEN' | 'REQUEST'): Ground =>
  ground('impossible-authorizer', stack => {
    const api = new WebSocketApi(stack, 'Api')
    const fn = puppet(stack, 'Ask')
    const authorizer = new CfnAuthorizer(stack, 'Authorizer', {
      apiId: api.apiId,
      name: 'authorizer',
      authorizerType,
      ...(authorizerType === 'JWT'
        ? {
            identitySource: ['$request.header.Authorization'],
            jwtConfiguration: { audience: ['me'], issuer: 'https://example.com' },
          }
        : {
            identitySource: ['route.request.querystring.token'],
            authorizerUri: `arn:aws:apigateway:${stack.region}:lambda:path/2015-03-31/functions/${fn.functionArn}/invocations`,
          }),
    })
    const { node } = api.addRoute('ask', { integration: new WebSocketLambdaIntegration('Ask', fn) })
    if (authorizerType === 'REQUEST') {
      Object.assign(node.defaultChild as CfnRoute, {
        authorizationType: 'CUSTOM',
        authorizerId: authorizer.ref,
      })
    }
    live(api)
  })

/** An API with a resource policy, which only REST APIs have. */
export const withResourcePolicy = ground('resource-policy', stack => {
  const api = new WebSocketApi(stack, 'Api')
  api.addRoute('ask', { integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')) })
  ;(api.node.defaultChild as CfnApi).addPropertyOverride('Policy', { Version: '2012-10-17', Statement: [] })
  live(api)
})

/**
 * Roles of the account who may invoke the `$connect` of an API (given by its id) or not: outputs `Nobody`, `NoStar`
 * (whose policy names the API without `/*`), `Somebody`; and `Denied`, who may, and may not.
 */
export const callers = (apiId: string): Ground =>
  ground('callers', stack => {
    const arn = `arn:${stack.partition}:execute-api:${stack.region}:${stack.account}:${apiId}`
    const allowed: Readonly<Record<string, string | undefined>> = {
      Nobody: undefined,
      NoStar: arn,
      Somebody: `${arn}/live/$connect`,
      Denied: `${arn}/*`,
    }
    for (const [name, resource] of Object.entries(allowed)) {
      const role = new Role(stack, name, { assumedBy: new AccountPrincipal(stack.account) })
      const actions = ['execute-api:Invoke']
      if (resource) role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }))
      if (name === 'Denied')
        role.addToPolicy(PolicyStatement.fromJson({ Effect: 'Deny', Action: actions, Resource: '*' }))
      output(stack, name, role.roleArn)
    }
  })

/**
 * APIs that ask for a key: one in a header (output `Url`), one from its authorizer, a puppet that does what the query
 * parameter `auth` orders (output `ByAuthorizer`). The key's value is `0123456789abcdefghij` and the given text.
 */
export const keyed = (secret: string): Ground =>
  ground('keyed', stack => {
    const integration = () => new WebSocketLambdaIntegration('Ask', fn)
    const fn = puppet(stack, 'Ask')
    const authorizer = new WebSocketLambdaAuthorizer('Asked', puppet(stack, 'Authorizer'), {
      identitySource: ['route.request.querystring.auth'],
    })
    const apis = {
      Url: new WebSocketApi(stack, 'Api', { connectRouteOptions: { integration: integration() } }),
      ByAuthorizer: new WebSocketApi(stack, 'ByAuthorizerApi', {
        apiKeySelectionExpression: WebSocketApiKeySelectionExpression.AUTHORIZER_USAGE_IDENTIFIER_KEY,
        connectRouteOptions: { integration: integration(), authorizer },
      }),
    }
    const stages = Object.entries(apis).map(([name, api]) => {
      const connect = api.node.findChild('$connect-Route').node.defaultChild as CfnRoute
      connect.apiKeyRequired = true
      return { apiId: api.apiId, stage: live(api, name) }
    })
    const key = new CfnApiKey(stack, 'Key', { enabled: true, value: `0123456789abcdefghij${secret}` })
    const plan = new CfnUsagePlan(stack, 'Plan', {
      apiStages: stages.map(({ apiId, stage }) => ({ apiId, stage: stage.stageName })),
    })
    for (const { stage } of stages) plan.node.addDependency(stage)
    new CfnUsagePlanKey(stack, 'PlanKey', { keyId: key.ref, keyType: 'API_KEY', usagePlanId: plan.ref })
  })

/** An API that would have its key in a header of its own. */
export const keyedElsewhere = ground('keyed-elsewhere', stack => {
  new CfnApi(stack, 'Api', {
    name: stack.stackName,
    protocolType: 'WEBSOCKET',
    routeSelectionExpression: '$request.body.action',
    apiKeySelectionExpression: '$request.header.mine',
  })
})
