import { Fn, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway'
import {
  CfnModel,
  CfnRoute,
  type CfnStage,
  LogGroupLogDestination,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { type Ground, ground } from '../ground.ts'
import { mock } from './limits.ts'
import { live, output, puppet, withoutLeave } from './parts.ts'

/** The account's setting without which API Gateway writes no logs. */
function account(stack: Stack): CfnAccount {
  const role = new Role(stack, 'LogsRole', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [
      ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
    ],
  })
  return new CfnAccount(stack, 'Account', { cloudWatchRoleArn: role.roleArn })
}

function accessLog(stack: Stack): LogGroup {
  const group = new LogGroup(stack, 'Access', {
    retention: RetentionDays.ONE_DAY,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  output(stack, 'AccessLogName', group.logGroupName)
  return group
}

/** The variables that are worth having (facts: H15). No JSON: a validator's words have quotation marks in them. */
const format = [
  'requestId',
  'routeKey',
  'eventType',
  'connectionId',
  'status',
  'error.message',
  'error.responseType',
  'error.validationErrorString',
  'integration.error',
  'integration.status',
  'authorizer.error',
]
  .map(name => `${name}=$context.${name}`)
  .join('|')

/**
 * A stage that logs everything it can: access (output `AccessLogName`) and execution with data (output
 * `ExecutionLogName`). Two-way `ask`; `checked` has a model: an object with an `x`; `notAllowed` has a function that may not
 * be invoked. Outputs `Url`, `ApiId`, and the puppets' logs `AskLogName` and `NotAllowedLogName`.
 */
export const logged = ground('logged', stack => {
  const role = account(stack)
  const api = new WebSocketApi(stack, 'Api')
  api.addRoute('ask', {
    integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')),
    returnResponse: true,
  })
  const notAllowed = api.addRoute('notAllowed', {
    integration: new WebSocketLambdaIntegration('NotAllowed', puppet(stack, 'NotAllowed')),
  })
  withoutLeave(notAllowed)
  const needsX = new CfnModel(stack, 'NeedsX', {
    apiId: api.apiId,
    name: 'needsX',
    contentType: 'application/json',
    schema: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['x'] },
  })
  const checked = new CfnRoute(stack, 'Checked', {
    apiId: api.apiId,
    routeKey: 'checked',
    target: `integrations/${mock(stack, api.apiId).ref}`,
    modelSelectionExpression: '$request.body.kind',
    requestModels: { $default: needsX.name },
  })
  checked.node.addDependency(needsX)
  const stage = live(api).node.defaultChild as CfnStage
  stage.node.addDependency(role)
  stage.accessLogSettings = {
    destinationArn: Fn.select(0, Fn.split(':*', accessLog(stack).logGroupArn)),
    format,
  }
  stage.defaultRouteSettings = {
    loggingLevel: 'INFO',
    dataTraceEnabled: true,
    throttlingBurstLimit: 100,
    throttlingRateLimit: 100,
  }
  output(stack, 'ApiId', api.apiId)
  output(stack, 'ExecutionLogName', `/aws/apigateway/${api.apiId}/live`)
})

/** A stage with CDK's own access log. Outputs `Url` and `AccessLogName`. */
export const usualAccessLog = ground('usual-access-log', stack => {
  const role = account(stack)
  const api = new WebSocketApi(stack, 'Api')
  api.addRoute('ask', {
    integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')),
    returnResponse: true,
  })
  const stage = new WebSocketStage(stack, 'Stage', {
    webSocketApi: api,
    stageName: 'live',
    autoDeploy: true,
    accessLogSettings: { destination: new LogGroupLogDestination(accessLog(stack)) },
  })
  stage.node.addDependency(role)
  output(stack, 'Url', stage.url)
})

/** A stage that only traces data: its LoggingLevel is OFF. Outputs `Url` and `ExecutionLogName`. */
export const tracedOnly = ground('traced-only', stack => {
  const role = account(stack)
  const api = new WebSocketApi(stack, 'Api')
  api.addRoute('ask', {
    integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')),
    returnResponse: true,
  })
  const stage = live(api).node.defaultChild as CfnStage
  stage.node.addDependency(role)
  stage.defaultRouteSettings = {
    loggingLevel: 'OFF',
    dataTraceEnabled: true,
    throttlingBurstLimit: 100,
    throttlingRateLimit: 100,
  }
  output(stack, 'ExecutionLogName', `/aws/apigateway/${api.apiId}/live`)
})

/** A stage with an access log of a format; the account's setting is made, or is missing. */
export const accessLogOf = (text: string, { isSet = true } = {}): Ground =>
  ground('access-log-of', stack => {
    const api = new WebSocketApi(stack, 'Api')
    const stage = live(api).node.defaultChild as CfnStage
    if (isSet) stage.node.addDependency(account(stack))
    stage.accessLogSettings = { destinationArn: accessLog(stack).logGroupArn, format: text }
  })
