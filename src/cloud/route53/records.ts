import { randomInt } from 'node:crypto'
import type { ResourceType } from '../cloudformation/resource.ts'
import { asking, type Rights, type Subject } from '../cloudformation/rights.ts'

const zoneArn = ({ account }: Subject, id: unknown): string =>
  `arn:${account.partition}:route53:::hostedzone/${id ?? '*'}`

/** What CloudFormation's handlers ask. */
const hostedZoneRights: Rights = {
  service: 'Route53',
  on: of => zoneArn(of, of.physicalId),
  create: 'route53: GetHostedZone',
  read: 'route53: GetHostedZone ListTagsForResource',
  update: 'route53: GetHostedZone UpdateHostedZoneComment',
  delete: 'route53: GetHostedZone DeleteHostedZone',
  tag: 'route53: ChangeTagsForResource',
  untag: 'route53: ChangeTagsForResource',
  also: (_, verb) => (verb === 'create' ? asking('route53: CreateHostedZone', '*') : []),
}

const recordSetRights: Rights = {
  service: 'Route53',
  on: of => zoneArn(of, of.properties.HostedZoneId),
  create: 'route53: ChangeResourceRecordSets',
  read: 'route53: ListResourceRecordSets',
  update: 'route53: ChangeResourceRecordSets',
  delete: 'route53: ChangeResourceRecordSets',
}

/**
 * Route 53's zones and records. They are taken as they are and change nothing: no name is ever looked up here, for a custom domain is
 * reached at a local port, and by functions through their redirect.
 */
export const route53Resources: readonly ResourceType[] = [
  {
    type: 'AWS::Route53::HostedZone',
    rights: hostedZoneRights,
    properties: {
      Name: 'replace',
      DelegationSetId: 'replace',
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
    rights: recordSetRights,
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
