import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import type { Core } from '../core.ts'
import { regionalHostedZone } from '../regional-hosted-zones.ts'
import { bad } from './found.ts'
import { domainNameRights } from './rights.ts'

/** Members of a configuration. Behind all of them there is one port here, with TLS 1.2 and 1.3. */
const CONFIGURATION = new Set([
  'CertificateArn',
  'CertificateName',
  'EndpointType',
  'IpAddressType',
  'OwnershipVerificationCertificateArn',
  'SecurityPolicy',
])

/** AWS::ApiGatewayV2::DomainName: a custom domain, Regional and with TLS 1.2 as WebSocket APIs want it (facts: H17). Mutual TLS is not for them (facts: F26). */
export function domainNameResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::DomainName',
    nameProperty: 'DomainName',
    rights: domainNameRights,
    properties: {
      DomainName: 'replace',
      DomainNameConfigurations: 'update',
      // Anything but the default needs routing rules, which a `refuse` below is about.
      RoutingMode: 'harmless',
      Tags: 'harmless',
    },
    attributes: ['DomainNameArn', 'RegionalDomainName', 'RegionalHostedZoneId'],
    // Mutual TLS is for REST and HTTP APIs (facts: F26).
    invalid: ({ MutualTlsAuthentication }) =>
      MutualTlsAuthentication === undefined ? [] : ['MutualTlsAuthentication'],
    refuse: ({ DomainName, DomainNameConfigurations, RoutingMode = 'API_MAPPING_ONLY' }) => [
      ...(typeof DomainName === 'string' && DomainName.startsWith('*.')
        ? [`DomainName ${DomainName}: wildcard domain names are not run here`]
        : []),
      ...(Array.isArray(DomainNameConfigurations) ? DomainNameConfigurations : []).flatMap(one =>
        Object.keys(one ?? {})
          .filter(name => !CONFIGURATION.has(name))
          .map(name => `DomainNameConfigurations.${name}`),
      ),
      ...(typeof RoutingMode === 'string' && RoutingMode !== 'API_MAPPING_ONLY'
        ? [`RoutingMode ${RoutingMode} is not run here: only API_MAPPING_ONLY`]
        : []),
    ],
    create({ properties }) {
      const domainName = String(properties.DomainName ?? '')
      checkName(domainName)
      checkConfiguration(core, properties)
      if (core.domains.has(domainName)) bad('The domain name you provided already exists.')
      core.domains.set(domainName, { domainName, mappings: new Map() })
      tell()
      return {
        physicalId: domainName,
        attributes: {
          DomainNameArn: `arn:${core.account.partition}:apigateway:${core.account.region}::/domainnames/${domainName}`,
          RegionalDomainName: `d-${core.ids.api()}.execute-api.${core.account.region}.${core.account.urlSuffix}`,
          RegionalHostedZoneId: regionalHostedZone(core.account.region),
        },
      }
    },
    update({ properties }, existing) {
      checkConfiguration(core, properties)
      return existing
    },
    // Its mappings go with it. Clients that came by it stay connected, for a connection is its stage's (both assumed); only those at
    // its local port are gone with the port.
    delete({ physicalId }) {
      if (core.domains.delete(physicalId)) tell()
    },
  }

  function tell() {
    core.onDomains?.([...core.domains.keys()])
  }
}

/** Throws `BadRequestException`; its words are assumed. */
function checkName(domainName: string) {
  if (/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(domainName)) return
  bad(`Invalid domain name specified: ${domainName}`)
}

/** Throws `BadRequestException`. Of these words only those about a missing certificate are assumed. */
function checkConfiguration(core: Core, { DomainName, DomainNameConfigurations }: Properties) {
  if (!Array.isArray(DomainNameConfigurations) || DomainNameConfigurations.length !== 1) {
    bad('Invalid input. Expected one domain name configuration')
  }
  const { CertificateArn, EndpointType, SecurityPolicy = 'TLS_1_2' } = DomainNameConfigurations[0]
  // Measured on AWS: any other type than this one gives a REGIONAL domain.
  if (EndpointType === 'EDGE') bad('EDGE endpoint type is not supported for APIGatewayV2 domainName')
  if (SecurityPolicy !== 'TLS_1_2') bad(`${SecurityPolicy} is not supported for APIGatewayV2 domainName.`)
  if (!CertificateArn) bad('A certificate was not provided for the endpoint type REGIONAL.')
  // An imported certificate's names are not known here, nor is its account the one in which this cloud plays.
  const names = core.certificateNames?.(String(CertificateArn))
  if (names && !names.some(name => covers(name, String(DomainName)))) {
    bad('The domain name to be created is not covered by the provided certificate.')
  }
}

/** `*.example.com` is good for one label in place of the star. */
const covers = (name: string, domainName: string) =>
  name === domainName ||
  (name.startsWith('*.') && name.slice(1) === domainName.slice(domainName.indexOf('.')))
