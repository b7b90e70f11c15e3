import type { Properties } from '../cloudformation/properties.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { customResourceRights } from '../lambda/rights.ts'
import { groupOf, type Network, newId, vpcOf } from './network.ts'
import { ec2Rights } from './rights.ts'
import { allow, type Rule, readRule, type SecurityGroup } from './security-group.ts'

/** Security groups and their rules, and CDK's custom resource that takes away those of a VPC's default group. */
export const groupResources = (network: Network): readonly ResourceType[] => [
  securityGroup(network),
  rule(network, 'ingress'),
  rule(network, 'egress'),
  restrictDefaultGroup(network),
]

function securityGroup(network: Network): ResourceType {
  return {
    type: 'AWS::EC2::SecurityGroup',
    nameProperty: 'GroupName',
    rights: ec2Rights.group,
    properties: {
      GroupDescription: 'replace',
      GroupName: 'replace',
      SecurityGroupEgress: 'update',
      SecurityGroupIngress: 'update',
      Tags: 'harmless',
      VpcId: 'replace',
    },
    attributes: ['GroupId', 'Id', 'VpcId'],
    create({ properties, inventName }) {
      const { id: vpcId } = vpcOf(network, properties.VpcId)
      const name: string = properties.GroupName ?? inventName(255)
      for (const other of network.groups.values()) {
        if (other.vpcId !== vpcId || other.name !== name) continue
        throw new AwsError(
          'InvalidGroup.Duplicate',
          `The security group '${name}' already exists for VPC '${vpcId}'`,
        )
      }
      const { id } = network.makeGroup(vpcId, name, ingressIn(properties), egressIn(properties))
      network.changed()
      return { physicalId: id, attributes: { GroupId: id, Id: id, VpcId: vpcId } }
    },
    update({ properties }, { physicalId, attributes, properties: before }) {
      const group = groupOf(network, physicalId)
      exchange(group.ingress, ingressIn(before), ingressIn(properties))
      exchange(group.egress, egressIn(before), egressIn(properties))
      network.changed()
      return { physicalId, attributes }
    },
    delete({ physicalId }) {
      network.groups.delete(physicalId)
      network.changed()
    },
  }
}

const ingressIn = ({ SecurityGroupIngress = [] }: Properties): readonly Rule[] =>
  SecurityGroupIngress.map(readRule)
/** Without any of its own everything may go out. */
const egressIn = ({ SecurityGroupEgress }: Properties): readonly Rule[] =>
  SecurityGroupEgress === undefined ? [allow.all] : SecurityGroupEgress.map(readRule)

/** Rules that are resources of their own stay. */
function exchange(rules: SecurityGroup['ingress'], old: readonly Rule[], next: readonly Rule[]): void {
  for (const gone of old.map(asText)) {
    const place = [...rules].find(([, one]) => asText(one) === gone)
    if (place) rules.delete(place[0])
  }
  for (const one of next) rules.set(newId('sgr'), one)
}

const asText = (one: Rule) => JSON.stringify(one)

function rule(network: Network, side: 'ingress' | 'egress'): ResourceType {
  const isIngress = side === 'ingress'
  return {
    type: isIngress ? 'AWS::EC2::SecurityGroupIngress' : 'AWS::EC2::SecurityGroupEgress',
    rights: isIngress ? ec2Rights.ingress : ec2Rights.egress,
    properties: {
      CidrIp: 'replace',
      CidrIpv6: 'replace',
      Description: 'harmless',
      FromPort: 'replace',
      GroupId: 'replace',
      IpProtocol: 'replace',
      [isIngress ? 'SourceSecurityGroupId' : 'DestinationSecurityGroupId']: 'replace',
      ...(isIngress ? { SourceSecurityGroupOwnerId: 'replace' as const } : {}),
      ToPort: 'replace',
    },
    attributes: ['Id'],
    create({ properties }) {
      const id = newId('sgr')
      groupOf(network, properties.GroupId)[side].set(id, readRule(properties))
      network.changed()
      return { physicalId: id, attributes: { Id: id } }
    },
    delete({ physicalId, properties }) {
      network.groups.get(properties.GroupId)?.[side].delete(physicalId)
      network.changed()
    },
  }
}

/** Custom::VpcRestrictDefaultSG, which CDK's function does through EC2's API: here it is done without the function. */
function restrictDefaultGroup(network: Network): ResourceType {
  return {
    type: 'Custom::VpcRestrictDefaultSG',
    rights: customResourceRights,
    properties: { ServiceToken: 'harmless', DefaultSecurityGroupId: 'replace', Account: 'harmless' },
    attributes: [],
    create({ properties }) {
      const { id, ingress, egress } = groupOf(network, properties.DefaultSecurityGroupId)
      ingress.clear()
      egress.clear()
      network.changed()
      return { physicalId: `${id}-default-sg`, attributes: {} }
    },
    delete({ properties }) {
      const group = network.groups.get(properties.DefaultSecurityGroupId)
      if (!group) return
      group.ingress.set(newId('sgr'), { ...allow.all, cidr: undefined, groupId: group.id })
      group.egress.set(newId('sgr'), allow.all)
      network.changed()
    },
  }
}
