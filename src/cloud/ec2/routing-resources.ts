import { randomInt } from 'node:crypto'
import type { Properties } from '../cloudformation/properties.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { readBlock } from './address-block.ts'
import { type Network, newId, routeTableOf, subnetOf, vpcOf } from './network.ts'
import { ec2Rights } from './rights.ts'

/** Which way packets go: route tables, and the NAT gateways that they lead to. */
export const routingResources = (network: Network): readonly ResourceType[] => [
  routeTable(network),
  route(network),
  association(network),
  elasticAddress(network),
  natGateway(network),
]

function routeTable(network: Network): ResourceType {
  return {
    type: 'AWS::EC2::RouteTable',
    rights: ec2Rights.routeTable,
    properties: { VpcId: 'replace', Tags: 'harmless' },
    attributes: ['RouteTableId'],
    create({ properties }) {
      const id = newId('rtb')
      network.routeTables.set(id, { id, vpcId: vpcOf(network, properties.VpcId).id, routes: new Map() })
      return { physicalId: id, attributes: { RouteTableId: id } }
    },
    delete: ({ physicalId }) => void network.routeTables.delete(physicalId),
  }
}

/** A route by IPv4, to an internet gateway or a NAT gateway. */
function route(network: Network): ResourceType {
  return {
    type: 'AWS::EC2::Route',
    rights: {
      ...ec2Rights.route,
      on: of => ec2Rights.routeTable.on({ ...of, physicalId: of.properties.RouteTableId }),
    },
    properties: {
      RouteTableId: 'replace',
      DestinationCidrBlock: 'replace',
      GatewayId: 'update',
      NatGatewayId: 'update',
    },
    attributes: ['CidrBlock'],
    create({ properties }) {
      const { id, routes } = routeTableOf(network, properties.RouteTableId)
      const destination = String(properties.DestinationCidrBlock)
      readBlock(destination)
      if (routes.has(destination)) {
        throw new AwsError('RouteAlreadyExists', `The route identified by ${destination} already exists.`)
      }
      return lead(id, destination, properties)
    },
    update: ({ properties }) =>
      lead(properties.RouteTableId, String(properties.DestinationCidrBlock), properties),
    delete({ properties }) {
      network.routeTables.get(properties.RouteTableId)?.routes.delete(properties.DestinationCidrBlock)
      network.changed()
    },
  }

  function lead(tableId: string, destination: string, { GatewayId, NatGatewayId }: Properties) {
    routeTableOf(network, tableId).routes.set(destination, targetOf(network, GatewayId, NatGatewayId))
    network.changed()
    return { physicalId: `${tableId}|${destination}`, attributes: { CidrBlock: destination } }
  }
}

/** A gateway's id. Throws when there is none of that id, or none was given. */
function targetOf(network: Network, gatewayId: unknown, natGatewayId: unknown): string {
  if (gatewayId !== undefined) {
    const id = String(gatewayId)
    if (network.gateways.has(id)) return id
    throw new AwsError('InvalidGatewayID.NotFound', `The gateway ID '${id}' does not exist`)
  }
  const nat = network.natGateways.get(String(natGatewayId))
  if (nat) return nat.id
  if (natGatewayId === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain exactly one of: gatewayId, natGatewayId')
  }
  throw new AwsError('InvalidNatGatewayID.NotFound', `The natGateway ID '${natGatewayId}' does not exist`)
}

function association(network: Network): ResourceType {
  return {
    type: 'AWS::EC2::SubnetRouteTableAssociation',
    rights: ec2Rights.association,
    properties: { RouteTableId: 'replace', SubnetId: 'replace' },
    attributes: ['Id'],
    create({ properties }) {
      const subnet = subnetOf(network, properties.SubnetId)
      subnet.routeTableId = routeTableOf(network, properties.RouteTableId).id
      network.changed()
      const id = newId('rtbassoc')
      return { physicalId: id, attributes: { Id: id } }
    },
    delete({ properties }) {
      const subnet = network.subnets.get(properties.SubnetId)
      // Replaced: the new association is there already.
      if (subnet?.routeTableId === properties.RouteTableId) subnet!.routeTableId = undefined
      network.changed()
    },
  }
}

function elasticAddress(network: Network): ResourceType {
  return {
    type: 'AWS::EC2::EIP',
    rights: ec2Rights.address,
    properties: { Domain: 'replace', Tags: 'harmless' },
    attributes: ['AllocationId', 'PublicIp'],
    create() {
      const id = newId('eipalloc')
      // TEST-NET-3: nobody's address.
      const ip = `203.0.113.${randomInt(1, 255)}`
      network.addresses.set(id, ip)
      return { physicalId: ip, attributes: { AllocationId: id, PublicIp: ip } }
    },
    delete: ({ attributes }) => void network.addresses.delete(String(attributes.AllocationId)),
  }
}

function natGateway(network: Network): ResourceType {
  return {
    type: 'AWS::EC2::NatGateway',
    lacks: ['AutoProvisionZones', 'AutoScalingIps', 'EniId', 'RouteTableId'],
    rights: ec2Rights.natGateway,
    properties: {
      AllocationId: 'replace',
      ConnectivityType: 'replace',
      SubnetId: 'replace',
      Tags: 'harmless',
    },
    attributes: ['NatGatewayId'],
    create({ properties }) {
      const { SubnetId, AllocationId, ConnectivityType = 'public' } = properties
      const isPublic = ConnectivityType === 'public'
      if (isPublic && AllocationId === undefined) {
        throw new AwsError('MissingParameter', 'The request must contain the parameter AllocationId')
      }
      if (isPublic && !network.addresses.has(AllocationId)) {
        throw new AwsError(
          'InvalidAllocationID.NotFound',
          `The allocation ID '${AllocationId}' does not exist`,
        )
      }
      const id = newId('nat')
      network.natGateways.set(id, { id, subnetId: subnetOf(network, SubnetId).id, isPublic })
      network.changed()
      return { physicalId: id, attributes: { NatGatewayId: id } }
    },
    delete({ physicalId }) {
      network.natGateways.delete(physicalId)
      network.changed()
    },
  }
}
