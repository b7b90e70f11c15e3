import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { contains, overlap, readBlock } from './address-block.ts'
import { type Network, newId, subnetOf, type Vpc, vpcOf } from './network.ts'
import { ec2Rights } from './rights.ts'

/** A VPC, its subnets and its way to the internet. */
export const vpcResources = (network: Network): readonly ResourceType[] => [
  vpc(network),
  subnet(network),
  internetGateway(network),
  gatewayAttachment(network),
]

function vpc(network: Network): ResourceType {
  return {
    type: 'AWS::EC2::VPC',
    lacks: ['VpcEncryptionControl'],
    rights: ec2Rights.vpc,
    properties: {
      CidrBlock: 'replace',
      EnableDnsHostnames: 'update',
      EnableDnsSupport: 'update',
      // Back to `default` is done in place (CloudFormation's guide).
      InstanceTenancy: { replacesWhen: (_, after) => after !== undefined && after !== 'default' },
      Tags: 'harmless',
    },
    attributes: [
      'VpcId',
      'CidrBlock',
      'CidrBlockAssociations',
      'DefaultNetworkAcl',
      'DefaultSecurityGroup',
      'Ipv6CidrBlocks',
    ],
    create({ properties }) {
      const { size } = readBlock(properties.CidrBlock)
      if (size < 16 || size > 65_536)
        throw new AwsError('InvalidVpc.Range', `The CIDR '${properties.CidrBlock}' is invalid.`)
      const made = network.makeVpc(properties.CidrBlock)
      configure(made, properties)
      return shown(made, { acl: newId('acl'), association: newId('vpc-cidr-assoc') })
    },
    update({ properties }, { physicalId, attributes }) {
      configure(vpcOf(network, physicalId), properties)
      return { physicalId, attributes }
    },
    delete({ physicalId }) {
      const { mainRouteTableId, defaultGroupId } = vpcOf(network, physicalId)
      network.vpcs.delete(physicalId)
      network.routeTables.delete(mainRouteTableId)
      network.groups.delete(defaultGroupId)
    },
  }

  function configure(made: Vpc, properties: Readonly<Record<string, any>>) {
    made.dnsHostnames = String(properties.EnableDnsHostnames ?? false) === 'true'
    made.dnsSupport = String(properties.EnableDnsSupport ?? true) === 'true'
    network.changed()
  }
}

const shown = ({ id, cidr, defaultGroupId }: Vpc, ids: { acl: string; association: string }): Physical => ({
  physicalId: id,
  attributes: {
    VpcId: id,
    CidrBlock: cidr,
    CidrBlockAssociations: [ids.association],
    DefaultNetworkAcl: ids.acl,
    DefaultSecurityGroup: defaultGroupId,
    Ipv6CidrBlocks: [],
  },
})

function subnet(network: Network): ResourceType {
  return {
    type: 'AWS::EC2::Subnet',
    lacks: ['AvailabilityZoneId', 'BlockPublicAccessStates', 'OutpostArn'],
    rights: ec2Rights.subnet,
    properties: {
      AvailabilityZone: 'replace',
      CidrBlock: 'replace',
      VpcId: 'replace',
      // A function has no public address, whatever its subnet gives others.
      MapPublicIpOnLaunch: 'harmless',
      Tags: 'harmless',
    },
    attributes: [
      'SubnetId',
      'AvailabilityZone',
      'VpcId',
      'CidrBlock',
      'NetworkAclAssociationId',
      'Ipv6CidrBlocks',
    ],
    create({ properties }) {
      const { id: vpcId, cidr: vpcCidr } = vpcOf(network, properties.VpcId)
      const cidr = String(properties.CidrBlock)
      const block = readBlock(cidr)
      if (!contains(readBlock(vpcCidr), block))
        throw new AwsError('InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`)
      for (const other of network.subnets.values()) {
        if (other.vpcId === vpcId && overlap(readBlock(other.cidr), block)) {
          throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`)
        }
      }
      const id = newId('subnet')
      const zone = String(properties.AvailabilityZone ?? `${network.account.region}a`)
      network.subnets.set(id, { id, vpcId, cidr, zone, routeTableId: undefined })
      network.changed()
      return {
        physicalId: id,
        attributes: {
          SubnetId: id,
          AvailabilityZone: zone,
          VpcId: vpcId,
          CidrBlock: cidr,
          NetworkAclAssociationId: newId('aclassoc'),
          Ipv6CidrBlocks: [],
        },
      }
    },
    delete({ physicalId }) {
      network.subnets.delete(subnetOf(network, physicalId).id)
      network.changed()
    },
  }
}

function internetGateway(network: Network): ResourceType {
  return {
    type: 'AWS::EC2::InternetGateway',
    rights: ec2Rights.internetGateway,
    properties: { Tags: 'harmless' },
    attributes: ['InternetGatewayId'],
    create() {
      const id = newId('igw')
      network.gateways.add(id)
      return { physicalId: id, attributes: { InternetGatewayId: id } }
    },
    delete: ({ physicalId }) => void network.gateways.delete(physicalId),
  }
}

function gatewayAttachment(network: Network): ResourceType {
  return {
    type: 'AWS::EC2::VPCGatewayAttachment',
    rights: ec2Rights.attachment,
    properties: { InternetGatewayId: 'update', VpcId: 'replace' },
    attributes: ['AttachmentType'],
    create({ properties }) {
      const its = vpcOf(network, properties.VpcId)
      const id = gatewayId(properties)
      if (its.gatewayId !== undefined) {
        throw new AwsError(
          'InvalidParameterValue',
          `Network ${its.id} already has an internet gateway attached`,
        )
      }
      its.gatewayId = id
      network.changed()
      return { physicalId: `IGW|${its.id}`, attributes: { AttachmentType: 'IGW' } }
    },
    update({ properties }, existing) {
      vpcOf(network, properties.VpcId).gatewayId = gatewayId(properties)
      network.changed()
      return existing
    },
    delete({ properties }) {
      vpcOf(network, properties.VpcId).gatewayId = undefined
      network.changed()
    },
  }

  function gatewayId({ InternetGatewayId }: Properties): string {
    const id = String(InternetGatewayId)
    if (network.gateways.has(id)) return id
    throw new AwsError('InvalidInternetGatewayID.NotFound', `The internetGateway ID '${id}' does not exist`)
  }
}
