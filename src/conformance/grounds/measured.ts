import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { ground } from '../ground.ts'
import { output, puppet, withoutLeave } from './parts.ts'

/**
 * An API whose stage `live` counts each route: a puppet behind `$connect` and the two-way route `ask`, and behind `closed`, where nobody lets the API call it.
 * Outputs `Url` and `ApiId`.
 */
export const measured = ground('measured', stack => {
  const integration = (id: string) => new WebSocketLambdaIntegration(id, puppet(stack, id))
  const api = new WebSocketApi(stack, 'Api', {
    connectRouteOptions: { integration: integration('Connect') },
  })
  api.addRoute('ask', { integration: integration('Ask'), returnResponse: true })
  const closed = api.addRoute('closed', { integration: integration('Closed'), returnResponse: true })
  withoutLeave(closed)
  const stage = new WebSocketStage(stack, 'Stage', {
    webSocketApi: api,
    stageName: 'live',
    autoDeploy: true,
    detailedMetricsEnabled: true,
  })
  output(stack, 'Url', stage.url)
  output(stack, 'ApiId', api.apiId)
})
