import { CfnApiMapping, CfnDomainName, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager'
import { ground } from '../ground.ts'
import { live, output, puppet } from './parts.ts'

/**
 * An API at a custom domain: its stage `live` has the domain to itself (output `Custom`). The default host goes on
 * (output `Url`). A second domain has no mapping (output `Unmapped`).
 */
export const onCustomDomain = ground(
  'custom-domain',
  stack => {
    const api = new WebSocketApi(stack, 'Api')
    const ask = puppet(stack, 'Ask')
    api.addRoute('ask', { integration: new WebSocketLambdaIntegration('Ask', ask), returnResponse: true })
    api.grantManageConnections(ask)
    const stage = live(api)
    for (const [name, domainName] of Object.entries({
      Custom: 'ws.conformance.example',
      Unmapped: 'nobody.conformance.example',
    })) {
      const certificate = new CfnCertificate(stack, `${name}Certificate`, {
        domainName,
        validationMethod: 'DNS',
      })
      const domain = new CfnDomainName(stack, `${name}Domain`, {
        domainName,
        domainNameConfigurations: [{ certificateArn: certificate.ref, endpointType: 'REGIONAL' }],
      })
      if (name === 'Custom') {
        const mapping = new CfnApiMapping(stack, 'Mapping', {
          apiId: api.apiId,
          domainName: domain.ref,
          stage: stage.stageName,
        })
        mapping.node.addDependency(stage)
      }
      output(stack, name, `wss://${domainName}`)
    }
  },
  'it takes a domain of one’s own',
)
