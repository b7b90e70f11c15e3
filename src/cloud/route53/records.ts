import { randomInt } from 'node:crypto'
import type { ResourceType } from '../cloudformation/resource.ts'

/**
 * Route 53's zones and records. They are taken as they are and change nothing: no name is ever looked up here, for a custom domain is
 * reached at a local port, and by functions through their redirect.
 */
export const route53Resources: readonly ResourceType[] = [
  {
    type: 'AWS::Route53::HostedZone',
    properties: {
      Name: 'replace',
      DelegationSetId: 'harmless',
      HostedZoneConfig: 'harmless',
      HostedZoneFeatures: 'harmless',
      HostedZoneTags: 'harmless',
      QueryLoggingConfig: 'harmless',
      VPCs: 'harmless',
    },
    attributes: ['Id', 'NameServers'],
    create() {
      const id = `Z${Array.from({ length: 20 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`
      // Four of AWS's two thousand, as in its documentation.
      const NameServers = [
        'ns-2048.awsdns-64.com',
        'ns-2049.awsdns-65.net',
        'ns-2050.awsdns-66.org',
        'ns-2051.awsdns-67.co.uk',
      ]
      return { physicalId: id, attributes: { Id: id, NameServers } }
    },
  },
  {
    type: 'AWS::Route53::RecordSet',
    properties: {
      Name: 'replace',
      HostedZoneId: 'replace',
      HostedZoneName: 'replace',
      AliasTarget: 'harmless',
      CidrRoutingConfig: 'harmless',
      Comment: 'harmless',
      Failover: 'harmless',
      GeoLocation: 'harmless',
      GeoProximityLocation: 'harmless',
      HealthCheckId: 'harmless',
      MultiValueAnswer: 'harmless',
      Region: 'harmless',
      ResourceRecords: 'harmless',
      SetIdentifier: 'harmless',
      TTL: 'harmless',
      Type: 'harmless',
      Weight: 'harmless',
    },
    attributes: [],
    create: ({ properties }) => ({ physicalId: String(properties.Name), attributes: {} }),
  },
]

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
