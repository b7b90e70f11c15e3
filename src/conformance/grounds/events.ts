import { type CfnStage, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { ground } from '../ground.ts'
import { live, output, puppet } from './parts.ts'

/** A stage with variables. Outputs `Url` and `ConnectLogName`. */
export const withVariables = ground('with-variables', stack => {
  const api = new WebSocketApi(stack, 'Api', {
    connectRouteOptions: {
      integration: new WebSocketLambdaIntegration('Connect', puppet(stack, 'Connect')),
    },
  })
  api.addRoute('ask', {
    integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')),
    returnResponse: true,
  })
  const stage = live(api).node.defaultChild as CfnStage
  stage.stageVariables = { colour: 'blue' }
})

/** An API whose handshakes have to be signed. Outputs `Url`, `ApiId` and `ConnectLogName`. */
export const signedOnly = ground('signed-only', stack => {
  const api = new WebSocketApi(stack, 'Api', {
    connectRouteOptions: {
      integration: new WebSocketLambdaIntegration('Connect', puppet(stack, 'Connect')),
      authorizer: new WebSocketIamAuthorizer(),
    },
  })
  api.addRoute('ask', {
    integration: new WebSocketLambdaIntegration('Ask', puppet(stack, 'Ask')),
    returnResponse: true,
  })
  live(api)
  output(stack, 'ApiId', api.apiId)
})
