import { expect, test } from 'vitest'
import { type Case, made } from './cases.fixture.ts'
import { copyGrant, dropAction, dropGrant, moveGrant, widenGrant } from './stacks/grants.ts'
import {
  detachAuthorizer,
  detachStage,
  dropRoute,
  otherAddress,
  otherIdentitySource,
  otherIntegration,
  otherRouteKey,
} from './stacks/routes.ts'
import {
  dropCall,
  dropElement,
  dropSetting,
  filterMessages,
  flipSetting,
  otherChoice,
  otherConstruct,
  otherMetric,
  otherName,
  otherQuantity,
} from './stacks/settings.ts'
import { anybody, dropCondition, starAction, starResource } from './stacks/statements.ts'
import { stackOperators } from './stacks.ts'

const two = "function s() { const a = this.handler('a'); const b = this.handler('b'); "

/** Where each operator applies, and where it does not. */
const cases: readonly Case[] = [
  { operator: dropGrant, in: 'table.grantReadData(a)', becomes: [''] },
  {
    operator: dropGrant,
    in: 'for (const a of b) table.grantReadData(a)',
    becomes: ['for (const a of b) {}'],
  },
  { operator: dropGrant, in: 'a.addEnvironment(b)', becomes: [] },

  { operator: moveGrant, in: `${two}table.grantReadData(a) }`, becomes: [`${two}table.grantReadData(b) }`] },
  { operator: moveGrant, in: "const a = this.handler('a'); table.grantReadData(a)", becomes: [] },

  {
    operator: copyGrant,
    in: `${two}table.grantReadData(a) }`,
    becomes: [`${two}table.grantReadData(a) table.grantReadData(b) }`],
  },
  { operator: copyGrant, in: 'table.grantReadData(a)', becomes: [] },

  {
    operator: widenGrant,
    in: 'table.grantReadData(a.role)',
    becomes: ['table.grantReadWriteData(a.role)', 'table.grantFullAccess(a.role)'],
  },
  {
    operator: widenGrant,
    in: "table.grant(a, 'dynamodb:Scan')",
    becomes: [
      "table.grant(a, 'dynamodb:*')",
      `a.addToRolePolicy(new Wide({ actions: ["dynamodb:Scan"], resources: ['*'] })) import { PolicyStatement as Wide } from 'aws-cdk-lib/aws-iam'`,
      `a.addToRolePolicy(new Wide({ actions: ["dynamodb:*"], resources: ['*'] })) import { PolicyStatement as Wide } from 'aws-cdk-lib/aws-iam'`,
    ],
  },
  { operator: widenGrant, in: 'table.describe(a)', becomes: [] },

  {
    operator: dropAction,
    in: "table.grant(a, 'dynamodb:Scan', 'dynamodb:Query')",
    becomes: ["table.grant(a, 'dynamodb:Query')", "table.grant(a, 'dynamodb:Scan')"],
  },
  { operator: dropAction, in: "table.grant(a, 'dynamodb:Scan')", becomes: [] },

  {
    operator: starAction,
    in: "new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [a] })",
    becomes: [
      "new PolicyStatement({ actions: ['*'], resources: [a] })",
      "new PolicyStatement({ actions: ['sqs:*'], resources: [a] })",
    ],
  },
  { operator: starAction, in: 'f({ actions })', becomes: [] },

  { operator: starResource, in: 'f({ resources: [a] })', becomes: ["f({ resources: ['*'] })"] },
  {
    operator: starResource,
    in: "api.arnForExecuteApiV2('$connect', stage)",
    becomes: [
      'api.arnForExecuteApiV2()',
      "api.arnForExecuteApiV2('*', stage)",
      "api.arnForExecuteApiV2('$connect', undefined)",
    ],
  },
  { operator: starResource, in: 'api.arnForExecuteApiV2()', becomes: [] },

  {
    operator: anybody,
    in: "queue.grantSendMessages(new ServicePrincipal('sns.amazonaws.com'))",
    becomes: [
      "queue.grantSendMessages(new Anybody()) import { AnyPrincipal as Anybody } from 'aws-cdk-lib/aws-iam'",
    ],
  },
  { operator: anybody, in: 'new Role(this)', becomes: [] },

  {
    operator: dropCondition,
    in: 'new ServicePrincipal(a, { conditions: fromTopic })',
    becomes: ['new ServicePrincipal(a, { conditions: {} })'],
  },
  { operator: dropCondition, in: 'f({ condition: a })', becomes: [] },

  {
    operator: dropRoute,
    in: "new WebSocketApi(this, 'A', { connectRouteOptions: { integration } }); api.addRoute('b', { integration })",
    becomes: [
      "new WebSocketApi(this, 'A', { }); api.addRoute('b', { integration })",
      "new WebSocketApi(this, 'A', { connectRouteOptions: { integration } });",
    ],
  },
  { operator: dropRoute, in: "api.addStage('b')", becomes: [] },

  { operator: otherRouteKey, in: "api.addRoute('sendMessage')", becomes: ["api.addRoute('sendmessage')"] },
  { operator: otherRouteKey, in: "api.addRoute('message')", becomes: ["api.addRoute('MESSAGE')"] },
  {
    operator: otherRouteKey,
    in: 'f({ defaultRouteOptions: a })',
    becomes: ['f({ disconnectRouteOptions: a })'],
  },
  { operator: otherRouteKey, in: 'f({ defaultRouteOptions: a, disconnectRouteOptions: b })', becomes: [] },

  {
    operator: otherIntegration,
    in: "f(new WebSocketLambdaIntegration('A', a), new WebSocketLambdaIntegration('B', b))",
    becomes: [
      "f(new WebSocketLambdaIntegration('A', b), new WebSocketLambdaIntegration('B', b))",
      "f(new WebSocketLambdaIntegration('A', a), new WebSocketLambdaIntegration('B', a))",
    ],
  },
  { operator: otherIntegration, in: "new WebSocketLambdaIntegration('A', a)", becomes: [] },

  { operator: detachAuthorizer, in: 'f({ integration, authorizer: a })', becomes: ['f({ integration })'] },
  { operator: detachAuthorizer, in: 'f({ integration })', becomes: [] },

  {
    operator: otherIdentitySource,
    in: "f({ identitySource: ['route.request.querystring.token'] })",
    becomes: [
      "f({ identitySource: ['route.request.header.Authorization'] })",
      "f({ identitySource: ['route.request.querystring.auth'] })",
    ],
  },
  { operator: otherIdentitySource, in: 'f({ source: [] })', becomes: [] },

  { operator: detachStage, in: 'f({ autoDeploy: true })', becomes: ['f({ autoDeploy: false })'] },
  { operator: detachStage, in: 'f({ deploy: true })', becomes: [] },

  { operator: otherAddress, in: 'f(live.callbackUrl)', becomes: ['f(live.url)'] },
  { operator: otherAddress, in: 'f(prod.url)', becomes: [] },

  {
    operator: dropSetting,
    in: "new Queue(this, 'A', { visibilityTimeout, deadLetterQueue: { queue } })",
    becomes: [
      "new Queue(this, 'A', { deadLetterQueue: { queue } })",
      "new Queue(this, 'A', { visibilityTimeout })",
      "new Queue(this, 'A', { visibilityTimeout, deadLetterQueue: { } })",
    ],
  },
  { operator: dropSetting, in: 'f({ memorySize: 128, runtime: a })', becomes: [] },

  {
    operator: flipSetting,
    in: 'f({ reportBatchItemFailures: true })',
    becomes: ['f({ reportBatchItemFailures: false })'],
  },
  { operator: flipSetting, in: 'f({ autoDeploy: true })', becomes: [] },

  {
    operator: otherQuantity,
    in: 'f({ maxReceiveCount: 3 })',
    becomes: ['f({ maxReceiveCount: 30 })', 'f({ maxReceiveCount: 1 })'],
  },
  { operator: otherQuantity, in: 'f({ threshold: 0 })', becomes: ['f({ threshold: 100 })'] },
  {
    operator: otherQuantity,
    in: 'f({ throttle: { rateLimit: 50 } })',
    becomes: ['f({ throttle: { rateLimit: 5 } })'],
  },
  {
    operator: otherQuantity,
    in: 'f({ timeout: Duration.seconds(10) }); function g({ memorySize = 256 }) {}',
    becomes: [],
  },

  { operator: otherChoice, in: 'f(RemovalPolicy.DESTROY)', becomes: ['f(RemovalPolicy.RETAIN)'] },
  { operator: otherChoice, in: 'f(Runtime.NODEJS_22_X)', becomes: [] },

  {
    operator: otherName,
    in: "f({ partitionKey: { name: 'id' } })",
    becomes: ["f({ partitionKey: { name: 'id2' } })"],
  },
  { operator: otherName, in: "f({ stageName: 'live' })", becomes: [] },

  {
    operator: dropCall,
    in: "a.b().addAlarmAction(c); new CfnOutput(this, 'Url', d)",
    becomes: [
      "new CfnOutput(this, 'Url', d)",
      "a.b(); new CfnOutput(this, 'Url', d)",
      'a.b().addAlarmAction(c);',
    ],
  },
  { operator: dropCall, in: "super(scope, id); api.addRoute('a'); table.grant(b)", becomes: [] },

  {
    operator: dropElement,
    in: 'for (const a of [b, c]) f(a)',
    becomes: ['for (const a of [c]) f(a)', 'for (const a of [b]) f(a)'],
  },
  { operator: dropElement, in: 'f([a])', becomes: [] },

  {
    operator: filterMessages,
    in: "new Subscription(this, 'A', { topic })",
    becomes: [
      "new Subscription(this, 'A', { topic, filterPolicy: { kind: Filter.stringFilter({ allowlist: ['message'] }) } }) import { SubscriptionFilter as Filter } from 'aws-cdk-lib/aws-sns'",
    ],
  },
  { operator: filterMessages, in: "new Topic(this, 'A', { name })", becomes: [] },

  {
    operator: otherMetric,
    in: 'queue.metricApproximateNumberOfMessagesVisible({})',
    becomes: ['queue.metricNumberOfMessagesSent({})'],
  },
  { operator: otherMetric, in: 'queue.metric()', becomes: [] },

  {
    operator: otherConstruct,
    in: "const a = new Queue(this, 'A'); const b = new Queue(this, 'B'); f(a)",
    becomes: ["const a = new Queue(this, 'A'); const b = new Queue(this, 'B'); f(b)"],
  },
  {
    operator: otherConstruct,
    in: "const a = new Queue(this, 'A'); const b = new Topic(this, 'B'); f(a)",
    becomes: [],
  },
]

test.each(cases.map(one => ({ ...one, name: one.operator.name })))('$name makes of $in', one => {
  expect(made(one)).toEqual(one.becomes)
})

test('every operator for stacks is tried where it applies and is one by a name of its own', () => {
  const tried = new Set(cases.filter(one => one.becomes.length > 0).map(one => one.operator.name))
  expect(stackOperators.map(({ name }) => name).filter(name => !tried.has(name))).toEqual([])
  expect(new Set(stackOperators.map(({ name }) => name)).size).toBe(stackOperators.length)
})
