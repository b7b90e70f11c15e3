import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { ground } from '../ground.ts'
import { live, output, puppet } from './parts.ts'

/**
 * The ordinary API: a puppet behind every lifecycle route, behind the one-way route `do` and the two-way route `ask`; it
 * may manage connections. Outputs `Url`, `ApiId` and, for the log group of each puppet, `ConnectLogName`,
 * `MessageLogName` and `DisconnectLogName`.
 */
export const plain = ground('plain', stack => {
  const message = new WebSocketLambdaIntegration('Message', puppet(stack, 'Message'))
  const api = new WebSocketApi(stack, 'Api', {
    connectRouteOptions: {
      integration: new WebSocketLambdaIntegration('Connect', puppet(stack, 'Connect')),
    },
    disconnectRouteOptions: {
      integration: new WebSocketLambdaIntegration('Disconnect', puppet(stack, 'Disconnect')),
    },
    defaultRouteOptions: { integration: message },
  })
  api.addRoute('do', { integration: message })
  api.addRoute('ask', { integration: message, returnResponse: true })
  for (const id of ['Message', 'Connect', 'Disconnect']) {
    api.grantManageConnections(stack.node.findChild(id) as ReturnType<typeof puppet>)
  }
  live(api)
  output(stack, 'ApiId', api.apiId)
})

/** An API without `$connect`, `$disconnect` and `$default`: only the two-way route `ask`. Outputs `Url` and `ApiId`. */
export const bare = ground('bare', stack => {
  const api = new WebSocketApi(stack, 'Api')
  api.addRoute('ask', {
    integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')),
    returnResponse: true,
  })
  live(api)
  output(stack, 'ApiId', api.apiId)
})
