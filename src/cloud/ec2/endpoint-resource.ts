import type { Properties } from '../cloudformation/properties.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { type Endpoint, groupOf, type Network, newId, routeTableOf, subnetOf, vpcOf } from './network.ts'
import { ec2Rights } from './rights.ts'

/** AWS::EC2::VPCEndpoint: a gateway or an interface to a service of AWS. Policies of endpoints, and endpoints of others' services, are not supported here. */
export function endpointResource(network: Network): ResourceType {
  const { account } = network
  return {
    type: 'AWS::EC2::VPCEndpoint',
    lacks: ['CreationTimestamp'],
    rights: ec2Rights.endpoint,
    properties: {
      PrivateDnsEnabled: 'update',
      RouteTableIds: 'update',
      SecurityGroupIds: 'update',
      ServiceName: 'replace',
      SubnetIds: 'update',
      Tags: 'harmless',
      VpcEndpointType: 'replace',
      VpcId: 'replace',
    },
    attributes: ['Id', 'DnsEntries', 'NetworkInterfaceIds'],
    refuse: ({ VpcEndpointType: type }) =>
      type === undefined || type === 'Gateway' || type === 'Interface' || typeof type !== 'string'
        ? []
        : [`VpcEndpointType ${type} is not run here: only Gateway and Interface are`],
    create({ properties }) {
      const id = newId('vpce')
      const made = read(id, properties)
      network.endpoints.set(id, made)
      network.changed()
      const host = `${id}-${id.slice(-8)}.${made.service}.${account.region}.vpce.${account.urlSuffix}`
      const isInterface = made.type === 'Interface'
      return {
        physicalId: id,
        attributes: {
          Id: id,
          DnsEntries: isInterface ? [`${newId('Z').slice(0, 14).toUpperCase()}:${host}`] : [],
          NetworkInterfaceIds: isInterface ? (properties.SubnetIds ?? []).map(() => newId('eni')) : [],
        },
      }
    },
    update({ properties }, { physicalId, attributes }) {
      network.endpoints.set(physicalId, read(physicalId, properties))
      network.changed()
      return { physicalId, attributes }
    },
    delete({ physicalId }) {
      network.endpoints.delete(physicalId)
      network.changed()
    },
  }

  function read(id: string, properties: Properties): Endpoint {
    const vpc = vpcOf(network, properties.VpcId)
    const { ServiceName = '', VpcEndpointType: type = 'Gateway', PrivateDnsEnabled = false } = properties
    const service = serviceIn(String(ServiceName))
    const isInterface = type === 'Interface'
    if (service === undefined || (!isInterface && service !== 'dynamodb' && service !== 's3')) {
      throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${ServiceName}' does not exist`)
    }
    const privateDns = isInterface && String(PrivateDnsEnabled) === 'true'
    if (privateDns && !(vpc.dnsHostnames && vpc.dnsSupport)) {
      throw new AwsError(
        'InvalidParameter',
        `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc.id}`,
      )
    }
    for (const one of properties.SubnetIds ?? []) subnetOf(network, one)
    const routeTableIds: readonly string[] = properties.RouteTableIds ?? []
    const groupIds: readonly string[] = properties.SecurityGroupIds ?? [vpc.defaultGroupId]
    return {
      id,
      vpcId: vpc.id,
      type: isInterface ? 'Interface' : 'Gateway',
      service,
      routeTableIds: routeTableIds.map(one => routeTableOf(network, one).id),
      privateDns,
      groupIds: isInterface ? groupIds.map(one => groupOf(network, one).id) : [],
    }
  }

  /** `com.amazonaws.us-east-1.execute-api` → `execute-api`. */
  function serviceIn(name: string): string | undefined {
    const [, region, service] = /^(?:com|aws)\.[\w.]*?amazonaws\.([\w-]+)\.([\w.-]+)$/.exec(name) ?? []
    return region === account.region ? service : undefined
  }
}
