import type { Stack } from 'aws-cdk-lib'
import {
  CfnApiMapping,
  type CfnApiMappingProps,
  CfnDomainName,
  type CfnDomainNameProps,
  WebSocketApi,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager'
import { type Ground, ground } from '../ground.ts'
import { functionlessApi } from './limits.ts'
import { live, output, puppet } from './parts.ts'

const notOnAws = 'it takes a domain of one’s own'

/** The domain that the stage of `onCustomDomain` has to itself. */
export const ON_DOMAIN = 'ws.conformance.example'

/** A Regional domain with a certificate of its own. */
function domainNamed(
  stack: Stack,
  id: string,
  domainName: string,
  { endpointType = 'REGIONAL', ...more }: { endpointType?: string } & Partial<CfnDomainNameProps> = {},
): CfnDomainName {
  const certificate = new CfnCertificate(stack, `${id}Certificate`, { domainName, validationMethod: 'DNS' })
  return new CfnDomainName(stack, `${id}Domain`, {
    domainName,
    domainNameConfigurations: [{ certificateArn: certificate.ref, endpointType }],
    ...more,
  })
}

/**
 * An API at custom domains: its stage `live` has one to itself (output `Custom`), and stands behind the key `chat` of
 * another (output `Keyed`). The default host goes on (output `Url`). A third domain has no mapping (output `Unmapped`).
 */
export const onCustomDomain = ground(
  'custom-domain',
  stack => {
    const api = new WebSocketApi(stack, 'Api')
    const ask = puppet(stack, 'Ask')
    api.addRoute('ask', { integration: new WebSocketLambdaIntegration('Ask', ask), returnResponse: true })
    api.grantManageConnections(ask)
    const stage = live(api)
    const domains: Readonly<Record<string, readonly [domainName: string, key?: string]>> = {
      Custom: [ON_DOMAIN, ''],
      Keyed: ['keyed.conformance.example', 'chat'],
      Unmapped: ['nobody.conformance.example'],
    }
    for (const [name, [domainName, key]] of Object.entries(domains)) {
      const domain = domainNamed(stack, name, domainName)
      if (key !== undefined) {
        new CfnApiMapping(stack, `${name}Mapping`, {
          apiId: api.apiId,
          domainName: domain.ref,
          stage: stage.stageName,
          ...(key && { apiMappingKey: key }),
        }).node.addDependency(stage)
      }
      output(stack, name, `wss://${domainName}${key ? `/${key}` : ''}`)
    }
  },
  notOnAws,
)

/** A WebSocket API mapped to a domain, with something that is not for WebSocket APIs. */
export const impossibleDomain = (
  given: { endpointType?: string } & Partial<CfnDomainNameProps> & Pick<CfnApiMappingProps, 'apiMappingKey'>,
): Ground =>
  ground(
    'impossible-domain',
    stack => {
      const { apiMappingKey, ...domain } = given
      const { api, stage } = functionlessApi(stack)
      new CfnApiMapping(stack, 'Mapping', {
        apiId: api.ref,
        domainName: domainNamed(stack, 'Impossible', 'impossible.conformance.example', domain).ref,
        stage: stage.stageName,
        ...(apiMappingKey && { apiMappingKey }),
      }).node.addDependency(stage)
    },
    notOnAws,
  )
