import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { type Ground, ground } from '../ground.ts'
import { route } from './integrations.ts'
import { handmade, liveByHand } from './limits.ts'
import { output } from './parts.ts'

/**
 * APIs whose `$connect` is an HTTP backend's: one hands everything on (output `Passing`), one says that the WebSocket
 * version is 0 (output `Cured`), one maps a header and a parameter of the handshake (output `Mapped`).
 */
export const backedByHttp = (backend: string): Ground =>
  ground('backed-by-http', stack => {
    const mapped = {
      'integration.request.header.mine': 'route.request.header.X-Mine',
      'integration.request.header.token': 'route.request.querystring.token',
      'integration.request.header.tokens': 'route.request.multivaluequerystring.token',
    }
    const parameters = {
      Passing: {},
      Cured: { 'integration.request.header.Sec-WebSocket-Version': "'0'" },
      Mapped: mapped,
    }
    for (const [id, requestParameters] of Object.entries(parameters)) {
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
        ...(id === 'Mapped' && {
          requestParameters: Object.fromEntries(
            Object.values(mapped).map(source => [source, { Required: false }]),
          ),
        }),
      })
      new CfnStage(stack, `${id}Stage`, { apiId: api.ref, stageName: 'live', autoDeploy: true })
      output(stack, id, `${api.attrApiEndpoint}/live`)
    }
  })

/** A two-way route `unreachable` to a backend that is not there. Output `Url`. */
export const unreachable = (backend: string): Ground =>
  ground('unreachable', stack => {
    const api = handmade(stack)
    route(stack, api, 'unreachable', {
      integration: { integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: backend },
      twoWay: true,
    })
    liveByHand(stack, api)
  })
