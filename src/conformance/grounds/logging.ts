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
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { DeployFailed } from '#kit'
import { type Ground, ground } from '../ground.ts'
import type { Standing } from '../standing.ts'
import { NotHere, type World } from '../world.ts'
import { mock } from './limits.ts'
import { live, output, puppet, withoutLeave } from './parts.ts'

/**
 * The account's setting without which API Gateway writes no logs. It would outlive the stack, and its role would not: an
 * AWS account that is somebody's has to have one of its own.
 */
function account(stack: Stack, target: World['target']): CfnAccount | undefined {
  if (target === 'aws') return undefined
  const role = new Role(stack, 'LogsRole', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [
      ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
    ],
  })
  return new CfnAccount(stack, 'Account', { cloudWatchRoleArn: role.roleArn })
}

/** Stands on a stack that logs. Throws `NotHere` where the account has no role for it. */
export async function onLogged(world: World, of: (target: World['target']) => Ground): Promise<Standing> {
  try {
    return await world.on(of(world.target))
  } catch (error) {
    if (error instanceof DeployFailed && /CloudWatch Logs role ARN must be set/.test(error.message))
      throw new NotHere('the account has no role by which API Gateway writes logs')
    throw error
  }
}

/** The group of an API's execution log, which API Gateway would make itself and leave behind. Output `ExecutionLogName`. */
function executionLog(stack: Stack, apiId: string): LogGroup {
  const group = new LogGroup(stack, 'Execution', {
    logGroupName: `/aws/apigateway/${apiId}/live`,
    retention: RetentionDays.ONE_DAY,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  output(stack, 'ExecutionLogName', group.logGroupName)
  return group
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
  'apiId',
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
 * be invoked. Outputs `Url`, `ApiId`, and the puppets' logs `AskLogName` and `NotAllowedLogName`. Another API, whose
 * authorizer fails (outputs `Guarded`, `GuardedApiId`), keeps the same access log.
 */
export const logged = (target: World['target']): Ground =>
  ground('logged', stack => {
    const role = account(stack, target)
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
    const guard = new WebSocketLambdaAuthorizer(
      'Guard',
      puppet(stack, 'Guard', { do: { return: 'nonsense' } }),
      {
        identitySource: [],
      },
    )
    const integration = new WebSocketLambdaIntegration('Connect', puppet(stack, 'Connect'))
    const guarded = new WebSocketApi(stack, 'GuardedApi', {
      connectRouteOptions: { integration, authorizer: guard },
    })
    const accessLogSettings = {
      destinationArn: Fn.select(0, Fn.split(':*', accessLog(stack).logGroupArn)),
      format,
    }
    for (const one of [stage, live(guarded, 'Guarded').node.defaultChild as CfnStage]) {
      if (role) one.node.addDependency(role)
      one.accessLogSettings = accessLogSettings
    }
    stage.node.addDependency(executionLog(stack, api.apiId))
    stage.defaultRouteSettings = {
      loggingLevel: 'INFO',
      dataTraceEnabled: true,
      throttlingBurstLimit: 100,
      throttlingRateLimit: 100,
    }
    output(stack, 'ApiId', api.apiId)
    output(stack, 'GuardedApiId', guarded.apiId)
  })

/** A stage with CDK's own access log. Outputs `Url` and `AccessLogName`. */
export const usualAccessLog = (target: World['target']): Ground =>
  ground('usual-access-log', stack => {
    const role = account(stack, target)
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
    if (role) stage.node.addDependency(role)
    output(stack, 'Url', stage.url)
  })

/** How much a stage logs of its work: a level, and whether the data too. */
export interface Logs {
  readonly loggingLevel: 'OFF' | 'ERROR' | 'INFO'
  readonly dataTraceEnabled: boolean
}

/**
 * A stage with an execution log. Two-way `ask`, and `notAllowed`, whose function may not be invoked. Outputs `Url` and
 * `ExecutionLogName`.
 */
export const loggedAt =
  ({ loggingLevel, dataTraceEnabled }: Logs) =>
  (target: World['target']): Ground =>
    ground(`logged-at-${loggingLevel.toLowerCase()}${dataTraceEnabled ? '-with-data' : ''}`, stack => {
      const role = account(stack, target)
      const api = new WebSocketApi(stack, 'Api')
      api.addRoute('ask', {
        integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')),
        returnResponse: true,
      })
      const integration = new WebSocketLambdaIntegration('NotAllowed', puppet(stack, 'NotAllowed'))
      withoutLeave(api.addRoute('notAllowed', { integration }))
      const stage = live(api).node.defaultChild as CfnStage
      if (role) stage.node.addDependency(role)
      stage.node.addDependency(executionLog(stack, api.apiId))
      stage.defaultRouteSettings = {
        loggingLevel,
        dataTraceEnabled,
        throttlingBurstLimit: 100,
        throttlingRateLimit: 100,
      }
    })

/** A stage with an access log of a format; the account's setting is made, or is missing. */
export const accessLogOf = (target: World['target'], text: string, { isSet = true } = {}): Ground =>
  ground('access-log-of', stack => {
    const api = new WebSocketApi(stack, 'Api')
    const stage = live(api).node.defaultChild as CfnStage
    const role = isSet ? account(stack, target) : undefined
    if (role) stage.node.addDependency(role)
    stage.accessLogSettings = { destinationArn: accessLog(stack).logGroupArn, format: text }
  })
