import { Duration, type Stack } from 'aws-cdk-lib'
import { CfnIntegration, CfnModel, CfnRoute, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { type Ground, ground } from '../ground.ts'
import { live, puppet, withoutLeave } from './parts.ts'

/** An API for each expression, named like its output, with one route besides `$default`. All answer with the event they got. */
const expressions: Readonly<Record<string, readonly [expression: string, routeKey: string]>> = {
  Braces: ['${request.body.action}', 'join'],
  Joined: ['${request.body.service}/${request.body.action}', 'chat/join'],
  Fixed: ['always', 'always'],
  Nested: ['$request.body.a.b', 'deep'],
  Missing: ['${request.body.action}-${request.body.invalidPath}', 'join-'],
  List: ['$request.body.action', '[item1, item2]'],
  Number: ['$request.body.action', '1'],
  Boolean: ['$request.body.action', 'true'],
  Index: ['$request.body[2]', 'third'],
  Odd: ['$request.body.action', 'say it / loud!'],
}

/** APIs with the expressions above. */
export const routing = ground('routing', stack => {
  const echo = puppet(stack, 'Echo', { do: { echo: true } })
  for (const [name, [routeSelectionExpression, routeKey]] of Object.entries(expressions)) {
    const api = new WebSocketApi(stack, `${name}Api`, { routeSelectionExpression })
    const integration = new WebSocketLambdaIntegration(name, echo)
    for (const key of [routeKey, '$default']) api.addRoute(key, { integration, returnResponse: true })
    live(api, name)
  }
})

/** A route with a key that is not allowed. */
export const reservedKey = ground('reserved-key', stack => {
  const api = new WebSocketApi(stack, 'Api')
  api.addRoute('$mine', { integration: new WebSocketLambdaIntegration('Echo', puppet(stack, 'Echo')) })
  live(api)
})

/**
 * Functions that fail in their own ways, behind two-way routes named after them; `aimless` has no integration, and that of
 * `impatient`, whose function may manage connections, waits for half a second only. Output `Url`.
 */
export const failing = ground('failing', stack => {
  const api = new WebSocketApi(stack, 'Api')
  const functions = {
    slow: puppet(stack, 'Slow', { timeout: 1 }),
    busy: puppet(stack, 'Busy', { reservedConcurrency: 0 }),
    notAllowed: puppet(stack, 'NotAllowed'),
    impatient: puppet(stack, 'Impatient'),
  }
  for (const [routeKey, fn] of Object.entries(functions)) {
    const integration = new WebSocketLambdaIntegration(routeKey, fn, {
      ...(routeKey === 'impatient' && { timeout: Duration.millis(500) }),
    })
    const route = api.addRoute(routeKey, { integration, returnResponse: true })
    if (routeKey === 'notAllowed') withoutLeave(route)
  }
  api.grantManageConnections(functions.impatient)
  new CfnRoute(stack, 'Aimless', { apiId: api.apiId, routeKey: 'aimless' })
  live(api)
})

const schema = (required: string) => ({
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  required: [required],
  properties: { [required]: { type: 'string' }, age: { type: 'number', minimum: 0, exclusiveMinimum: true } },
})

/**
 * Messages have models here, by their member `kind`: `a` must have an `x`, every other a `y` (output `WithDefault`), or
 * there is no other (output `WithoutDefault`); behind both stands a puppet. At `Mock` stands a mock.
 */
export const validated = ground('validated', stack => {
  const ask = puppet(stack, 'Ask')
  for (const name of ['WithDefault', 'WithoutDefault', 'Mock']) {
    const api = new WebSocketApi(stack, `${name}Api`)
    const model = (member: string) =>
      new CfnModel(stack, `${name}${member}`, {
        apiId: api.apiId,
        name: `needs${member}`,
        contentType: 'application/json',
        schema: schema(member),
      }).name
    const requestModels = { a: model('x'), ...(name !== 'WithoutDefault' && { $default: model('y') }) }
    if (name === 'Mock') mocked(stack, api.apiId, requestModels)
    else {
      const integration = new WebSocketLambdaIntegration(name, ask)
      const { node } = api.addRoute('ask', { integration, returnResponse: true })
      Object.assign(node.defaultChild as CfnRoute, {
        modelSelectionExpression: '$request.body.kind',
        requestModels,
      })
    }
    live(api, name)
  }
})

function mocked(stack: Stack, apiId: string, requestModels: Readonly<Record<string, string>>): void {
  const mock = new CfnIntegration(stack, 'MockIntegration', {
    apiId,
    integrationType: 'MOCK',
    templateSelectionExpression: '\\$default',
    requestTemplates: { $default: '{"statusCode":200}' },
  })
  new CfnRoute(stack, 'MockRoute', {
    apiId,
    routeKey: 'ask',
    target: `integrations/${mock.ref}`,
    modelSelectionExpression: '$request.body.kind',
    requestModels,
  })
}

/** Authorization, or an API key, on a route that is not `$connect`. */
export const guardedMessage = (property: 'authorizationType' | 'apiKeyRequired'): Ground =>
  ground('guarded-message', stack => {
    const api = new WebSocketApi(stack, 'Api')
    const integration = new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask'))
    const { node } = api.addRoute('ask', { integration })
    Object.assign(
      node.defaultChild as CfnRoute,
      property === 'apiKeyRequired' ? { apiKeyRequired: true } : { authorizationType: 'AWS_IAM' },
    )
    live(api)
  })
