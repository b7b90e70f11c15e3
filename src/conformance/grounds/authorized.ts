import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { ground } from '../ground.ts'
import type { Order } from '../puppet.ts'
import { live, output, puppet } from './parts.ts'

/**
 * An API whose `$connect` has an authorizer: a puppet that does what the query parameter `auth`, its identity source,
 * orders. Outputs `Url`, `ApiId`, and `AuthorizerLogName`, `ConnectLogName`, `MessageLogName`, `DisconnectLogName`.
 */
export const authorized = ground('authorized', stack => {
  const message = new WebSocketLambdaIntegration('Message', puppet(stack, 'Message'))
  const api = new WebSocketApi(stack, 'Api', {
    connectRouteOptions: {
      integration: new WebSocketLambdaIntegration('Connect', puppet(stack, 'Connect')),
      authorizer: new WebSocketLambdaAuthorizer('Asked', puppet(stack, 'Authorizer'), {
        identitySource: ['route.request.querystring.auth'],
      }),
    },
    disconnectRouteOptions: {
      integration: new WebSocketLambdaIntegration('Disconnect', puppet(stack, 'Disconnect')),
    },
    defaultRouteOptions: { integration: message },
  })
  api.addRoute('ask', { integration: message, returnResponse: true })
  live(api)
  output(stack, 'ApiId', api.apiId)
})

/** What an authorizer returns to let somebody in, or not. `Resource` may hold `$methodArn`. */
export const policy = (
  Effect: 'Allow' | 'Deny',
  { context, Resource = '$methodArn' }: { context?: Record<string, unknown>; Resource?: string } = {},
): Order => ({
  return: {
    principalId: 'ana',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }],
    },
    ...(context && { context }),
  },
})
