import { RemovalPolicy, type Stack } from 'aws-cdk-lib'
import {
  type CfnApi,
  CfnIntegration,
  type CfnIntegrationProps,
  CfnIntegrationResponse,
  CfnRoute,
  CfnRouteResponse,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { type Ground, ground } from '../ground.ts'
import { handmade, liveByHand } from './limits.ts'
import { output, puppet } from './parts.ts'

/** A route made of L1 constructs. */
export interface Made {
  readonly integration: Omit<CfnIntegrationProps, 'apiId'>
  /** Integration responses by key; their template, and more. */
  readonly responses?: Readonly<Record<string, string | object>>
  /** Two-way: what makes it so. Both unless given. */
  readonly twoWay?: boolean | 'expression only' | 'response only'
}

/** Puts a route into an API. */
export function route(stack: Stack, api: CfnApi, routeKey: string, made: Made): void {
  const id = `${api.node.id}${routeKey.replace('$', '')}`
  const integration = new CfnIntegration(stack, `${id}Integration`, { apiId: api.ref, ...made.integration })
  const responses = Object.entries(made.responses ?? {}).map(([integrationResponseKey, template], index) => {
    const more = typeof template === 'string' ? { responseTemplates: { $default: template } } : template
    return new CfnIntegrationResponse(stack, `${id}Response${index}`, {
      apiId: api.ref,
      integrationId: integration.ref,
      integrationResponseKey,
      ...(typeof template === 'string' && { templateSelectionExpression: '\\$default' }),
      ...more,
    })
  })
  const { twoWay = false } = made
  const one = new CfnRoute(stack, `${id}Route`, {
    apiId: api.ref,
    routeKey,
    target: `integrations/${integration.ref}`,
    ...(twoWay && twoWay !== 'response only' && { routeResponseSelectionExpression: '$default' }),
  })
  for (const response of responses) one.node.addDependency(response)
  if (twoWay && twoWay !== 'expression only') {
    new CfnRouteResponse(stack, `${id}RouteResponse`, {
      apiId: api.ref,
      routeId: one.ref,
      routeResponseKey: '$default',
    })
  }
}

/** A MOCK integration whose request template is given. */
export const mocked = (template = '{"statusCode":200}'): CfnIntegrationProps =>
  ({
    integrationType: 'MOCK',
    templateSelectionExpression: '\\$default',
    requestTemplates: { $default: template },
  }) as unknown as CfnIntegrationProps

/** The URI of a function behind an integration (facts: C16). */
const lambdaUri = (stack: Stack, functionArn: string) =>
  `arn:aws:apigateway:${stack.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`

/** Lets every route of an API call a function. */
const letIn = (stack: Stack, api: CfnApi, fn: IFunction) =>
  fn.addPermission(`Invoke${api.node.id}`, {
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: `arn:${stack.partition}:execute-api:${stack.region}:${stack.account}:${api.ref}/*`,
  })

/**
 * Ways of being one-way or two-way with a Lambda proxy: `both`, `expressionOnly`, `responseOnly`, `neither`. Outputs `Url`
 * and `AskLogName`; `$connect` has a route response too.
 */
export const ways = ground('ways', stack => {
  const api = handmade(stack)
  const fn = puppet(stack, 'Ask')
  letIn(stack, api, fn)
  const integration = { integrationType: 'AWS_PROXY', integrationUri: lambdaUri(stack, fn.functionArn) }
  route(stack, api, 'both', { integration, twoWay: true })
  route(stack, api, 'expressionOnly', { integration, twoWay: 'expression only' })
  route(stack, api, 'responseOnly', { integration, twoWay: 'response only' })
  route(stack, api, 'neither', { integration })
  route(stack, api, '$connect', { integration, twoWay: true })
  liveByHand(stack, api)
})

/**
 * Mocks, each a route: `pong`; `byStatus`, whose request template takes the status from the message and whose responses
 * are chosen by it; `silent`, without an integration response; `chosen`, whose template is chosen by the member `kind`;
 * `byAnswer`, whose response template is chosen by the status; `never`, `always`, `unlessSome` after their passthrough
 * behaviour, with a template for the kind `known`, and `…WithNone` without any; `statusless`, whose request template names no
 * status; `vtl`, which tries the template language. Output `Url`.
 */
export const mocks = ground('template-mocks', stack => {
  const api = handmade(stack)
  const from = (path: string) => `$input.path('$.${path}')`
  route(stack, api, 'pong', { integration: mocked(), responses: { $default: '{"pong":true}' }, twoWay: true })
  route(stack, api, 'byStatus', {
    integration: mocked(`{"statusCode":${from('status')}}`),
    responses: { '/2\\d\\d/': 'good', '/4\\d\\d/': 'bad', $default: 'else' },
    twoWay: true,
  })
  route(stack, api, 'silent', { integration: mocked(), twoWay: true })
  route(stack, api, 'chosen', {
    integration: {
      integrationType: 'MOCK',
      templateSelectionExpression: '${request.body.kind}',
      requestTemplates: {
        good: '{"statusCode":200}',
        bad: '{"statusCode":400}',
        $default: '{"statusCode":500}',
      },
    },
    responses: { '/200/': 'good', '/400/': 'bad', $default: 'else' },
    twoWay: true,
  })
  route(stack, api, 'byAnswer', {
    integration: mocked(`{"statusCode":${from('status')}}`),
    responses: {
      $default: {
        templateSelectionExpression: '${integration.response.statuscode}',
        responseTemplates: { 200: 'it was 200', 404: 'it was 404' },
      },
    },
    twoWay: true,
  })
  const passthrough = {
    never: 'NEVER',
    always: 'WHEN_NO_MATCH',
    unlessSome: 'WHEN_NO_TEMPLATES',
  }
  for (const [routeKey, passthroughBehavior] of Object.entries(passthrough)) {
    for (const isSome of [true, false]) {
      route(stack, api, isSome ? routeKey : `${routeKey}WithNone`, {
        integration: {
          integrationType: 'MOCK',
          passthroughBehavior,
          templateSelectionExpression: '${request.body.kind}',
          ...(isSome && { requestTemplates: { known: '{"statusCode":200}' } }),
        },
        responses: { '/404/': 'passed on', $default: 'templated' },
        twoWay: true,
      })
    }
  }
  route(stack, api, 'statusless', {
    integration: mocked('{"status":"none"}'),
    responses: { $default: 'unheard' },
    twoWay: true,
  })
  route(stack, api, 'vtl', { integration: mocked(), responses: { $default: vtl }, twoWay: true })
  liveByHand(stack, api, 'Url', { stageVariables: { colour: 'green' } })
})

/** Everything that a template can be written with (facts: C21). */
const vtl = `#set($colours = ['red', 'blue'])
{
  "routeKey": "$context.routeKey",
  "connectionId": "$context.connectionId",
  "escaped": "$util.escapeJavaScript('say "hi"')",
  "url": "$util.urlEncode('a b&c')",
  "back": "$util.urlDecode('a+b%26c')",
  "base64": "$util.base64Encode('hello')",
  "text": "$util.base64Decode('aGVsbG8=')",
  "parsed": $util.parseJson('{"deep":{"er":7}}').deep.er,
  "colours": [#foreach($colour in $colours)"$colour"#if($foreach.hasNext),#end#end],
  "variable": "$stageVariables.colour"
}`

/**
 * Other services behind routes: `queue` (SQS by path), `table` (DynamoDB PutItem), `topic` (SNS Publish, to a queue of its own),
 * `custom` (a function, not proxied), `later` (the same, asynchronously), `shaped` (the same; it returns what the template
 * made of the message). Outputs `Url`, `QueueUrl`, `TopicQueueUrl`, `TableName`, `CustomLogName`.
 */
export const services = ground('services', stack => {
  const api = handmade(stack)
  const queue = new Queue(stack, 'Queue')
  const topic = new Topic(stack, 'Topic')
  const topicQueue = new Queue(stack, 'TopicQueue')
  topic.addSubscription(new SqsSubscription(topicQueue, { rawMessageDelivery: true }))
  const table = new Table(stack, 'Table', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') })
  queue.grantSendMessages(role)
  topic.grantPublish(role)
  table.grantWriteData(role)
  const fn = puppet(stack, 'Custom')
  letIn(stack, api, fn)

  const uri = (target: string) => `arn:aws:apigateway:${stack.region}:${target}`
  const aws = {
    integrationType: 'AWS',
    integrationMethod: 'POST',
    credentialsArn: role.roleArn,
    passthroughBehavior: 'NEVER',
    templateSelectionExpression: '\\$default',
  }
  const form = {
    'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'",
  }
  route(stack, api, 'queue', {
    integration: {
      ...aws,
      integrationUri: uri(`sqs:path/${stack.account}/${queue.queueName}`),
      requestParameters: form,
      requestTemplates: { $default: "Action=SendMessage&MessageBody=$util.urlEncode($input.json('$'))" },
    },
  })
  route(stack, api, 'topic', {
    integration: {
      ...aws,
      integrationUri: uri('sns:action/Publish'),
      requestParameters: form,
      requestTemplates: {
        $default: `Action=Publish&TopicArn=$util.urlEncode('${topic.topicArn}')&Message=$util.urlEncode($input.json('$'))`,
      },
    },
  })
  route(stack, api, 'table', {
    integration: {
      ...aws,
      integrationUri: uri('dynamodb:action/PutItem'),
      requestTemplates: {
        $default: `{"TableName":"${table.tableName}","Item":{"id":{"S":"$input.path('$.id')"},"by":{"S":"$context.connectionId"}}}`,
      },
    },
    responses: { $default: 'written' },
    twoWay: true,
  })
  const custom = { ...aws, credentialsArn: undefined, integrationUri: lambdaUri(stack, fn.functionArn) }
  const event = { $default: `{"do":$input.json('$.do'),"nonce":"$input.path('$.nonce')"}` }
  route(stack, api, 'custom', {
    integration: { ...custom, requestTemplates: event } as unknown as CfnIntegrationProps,
    responses: { '/.*teapot.*/': 'short and stout', $default: "got $input.json('$')" },
    twoWay: true,
  })
  route(stack, api, 'later', {
    integration: {
      ...custom,
      requestTemplates: event,
      requestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" },
    } as unknown as CfnIntegrationProps,
    responses: {
      $default: {
        templateSelectionExpression: '${integration.response.statuscode}',
        responseTemplates: { 202: 'queued', 200: 'waited for' },
      },
    },
    twoWay: true,
  })
  const shape = `{"do":{"return":{"path":"$input.path('$.a.b')","json":$input.json('$'),"a":$input.json('$.a'),"body":"$util.escapeJavaScript($input.body)"}}}`
  route(stack, api, 'shaped', {
    integration: { ...custom, requestTemplates: { $default: shape } } as unknown as CfnIntegrationProps,
    responses: { $default: "got $input.json('$')" },
    twoWay: true,
  })
  liveByHand(stack, api)
  output(stack, 'QueueUrl', queue.queueUrl)
  output(stack, 'TopicQueueUrl', topicQueue.queueUrl)
  output(stack, 'TableName', table.tableName)
})

/**
 * An HTTP backend behind routes: `proxy` (HTTP_PROXY), `mapped` (HTTP, with the connection's id and other things in
 * headers and query string), `chosen` (HTTP, at the message's `path`; responses for status 4xx, and by the header `Kind`),
 * `bytes` (base64 text is decoded for the backend, and its answer encoded). Output `Url`.
 */
export const http = (backend: string): Ground =>
  ground('http', stack => {
    const api = handmade(stack)
    route(stack, api, 'proxy', {
      integration: {
        integrationType: 'HTTP_PROXY',
        integrationMethod: 'POST',
        integrationUri: `${backend}/proxy`,
      },
      twoWay: true,
    })
    route(stack, api, 'mapped', {
      integration: {
        integrationType: 'HTTP',
        integrationMethod: 'POST',
        integrationUri: `${backend}/mapped`,
        requestParameters: {
          'integration.request.header.connectionId': 'context.connectionId',
          'integration.request.header.colour': 'stageVariables.colour',
          'integration.request.header.fixed': "'always'",
          'integration.request.header.agent': 'route.request.header.User-Agent',
          'integration.request.querystring.room': 'route.request.body.room',
        },
      },
      responses: { $default: {} },
      twoWay: true,
    })
    route(stack, api, 'chosen', {
      integration: {
        integrationType: 'HTTP',
        integrationMethod: 'POST',
        integrationUri: `${backend}/{path}`,
        requestParameters: { 'integration.request.path.path': 'route.request.body.path' },
      },
      responses: {
        '/4\\d\\d/': 'bad',
        $default: {
          templateSelectionExpression: '${integration.response.header.Kind}',
          responseTemplates: { good: 'it was good' },
        },
      },
      twoWay: true,
    })
    route(stack, api, 'bytes', {
      integration: {
        integrationType: 'HTTP',
        integrationMethod: 'POST',
        integrationUri: `${backend}/bytes`,
        contentHandlingStrategy: 'CONVERT_TO_BINARY',
        templateSelectionExpression: '\\$default',
        requestTemplates: { $default: "$input.path('$.data')" },
      },
      responses: { $default: { contentHandlingStrategy: 'CONVERT_TO_TEXT' } },
      twoWay: true,
    })
    liveByHand(stack, api, 'Url', { stageVariables: { colour: 'blue' } })
  })

/** A proxied function that a stage variable names: allowed (output `Url`), and not (output `NotAllowed`). */
export const byVariable = ground('by-variable', stack => {
  const fn = puppet(stack, 'Ask')
  for (const name of ['Url', 'NotAllowed']) {
    const api = handmade(stack, `${name}Api`)
    if (name === 'Url') letIn(stack, api, fn)
    const functionArn = `arn:aws:lambda:${stack.region}:${stack.account}:function:\${stageVariables.fn}`
    route(stack, api, 'ask', {
      integration: { integrationType: 'AWS_PROXY', integrationUri: lambdaUri(stack, functionArn) },
      twoWay: true,
    })
    liveByHand(stack, api, name, { stageVariables: { fn: fn.functionName } })
  }
})

/** An integration of a type. */
export const impossible = (integrationType: string): Ground =>
  ground('impossible-integration', stack => {
    const api = handmade(stack)
    new CfnIntegration(stack, 'Integration', {
      apiId: api.ref,
      integrationType,
      integrationUri: 'https://example.com',
    })
  })

/** A route response with a key, and more. */
export const responseFor = (routeResponseKey: string, more: object = {}): Ground =>
  ground('impossible-response', stack => {
    const api = handmade(stack)
    const one = new CfnRoute(stack, 'Route', { apiId: api.ref, routeKey: 'ask' })
    new CfnRouteResponse(stack, 'RouteResponse', {
      apiId: api.ref,
      routeId: one.ref,
      routeResponseKey,
      ...more,
    })
  })
