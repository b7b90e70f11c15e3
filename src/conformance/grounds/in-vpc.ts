import { Duration } from 'aws-cdk-lib'
import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { InterfaceVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2'
import { ground } from '../ground.ts'
import { live, output, puppet } from './parts.ts'

/**
 * One API (output `Url`) with a puppet in each of three networks, behind two-way routes: `open` has a NAT gateway, `shut` has no way out, `shadowed` an
 * endpoint for execute-api with private DNS. All may manage connections. The API waits a second for `shut`, which has two.
 */
export const inVpc = ground('in-vpc', stack => {
  const api = new WebSocketApi(stack, 'Api')
  const stage = live(api)
  const network = (id: string, natGateways: number, subnetType: SubnetType) => ({
    vpc: new Vpc(stack, `${id}Network`, {
      maxAzs: 1,
      natGateways,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC },
        { name: 'Private', subnetType },
      ],
    }),
    subnetType,
  })
  const networks = {
    open: network('open', 1, SubnetType.PRIVATE_WITH_EGRESS),
    shut: network('shut', 0, SubnetType.PRIVATE_ISOLATED),
    shadowed: network('shadowed', 0, SubnetType.PRIVATE_ISOLATED),
  }
  networks.shadowed.vpc.addInterfaceEndpoint('Endpoint', {
    service: InterfaceVpcEndpointAwsService.APIGATEWAY,
  })
  for (const [routeKey, vpc] of Object.entries(networks)) {
    const isShut = routeKey === 'shut'
    const fn = puppet(stack, routeKey, { vpc, ...(isShut && { timeout: 2 }) })
    stage.grantManagementApiAccess(fn)
    const integration = new WebSocketLambdaIntegration(routeKey, fn, {
      ...(isShut && { timeout: Duration.seconds(1) }),
    })
    api.addRoute(routeKey, { integration, returnResponse: true })
  }
  output(stack, 'ApiId', api.apiId)
})
