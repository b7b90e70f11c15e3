import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { type Ground, ground } from '../ground.ts'
import { output } from './parts.ts'

/**
 * Two APIs whose `$connect` is an HTTP backend's: one hands everything on (output `Passing`), the other says that the
 * WebSocket version is 0 (output `Cured`).
 */
export const backedByHttp = (backend: string): Ground =>
  ground('backed-by-http', stack => {
    const versions = { Passing: {}, Cured: { 'integration.request.header.Sec-WebSocket-Version': "'0'" } }
    for (const [id, requestParameters] of Object.entries(versions)) {
      const api = new CfnApi(stack, `${id}Api`, {
        name: `${stack.stackName}-${id}`,
        protocolType: 'WEBSOCKET',
        routeSelectionExpression: '$request.body.action',
      })
      const integration = new CfnIntegration(stack, `${id}Integration`, {
        apiId: api.ref,
        integrationType: 'HTTP_PROXY',
        integrationMethod: 'GET',
        integrationUri: `${backend}/connect`,
        requestParameters,
      })
      new CfnRoute(stack, `${id}Route`, {
        apiId: api.ref,
        routeKey: '$connect',
        target: `integrations/${integration.ref}`,
      })
      new CfnStage(stack, `${id}Stage`, { apiId: api.ref, stageName: 'live', autoDeploy: true })
      output(stack, id, `${api.attrApiEndpoint}/live`)
    }
  })
