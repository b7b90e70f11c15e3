import { randomBytes } from 'node:crypto'
import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import { allow, type Rule, type SecurityGroup } from './security-group.ts'

/** A network of the account's own. */
export interface Vpc {
  readonly id: string
  readonly cidr: string
  dnsHostnames: boolean
  dnsSupport: boolean
  readonly mainRouteTableId: string
  readonly defaultGroupId: string
  /** The internet gateway that is attached to it. */
  gatewayId: string | undefined
}

export interface Subnet {
  readonly id: string
  readonly vpcId: string
  readonly cidr: string
  readonly zone: string
  /** The route table it is associated with; the VPC's main one decides otherwise. */
  routeTableId: string | undefined
}

/** Where what is meant for a destination goes: `igw-…`, `nat-…`. */
export interface RouteTable {
  readonly id: string
  readonly vpcId: string
  readonly routes: Map<string, string>
}

export interface NatGateway {
  readonly id: string
  readonly subnetId: string
  /** Whether it has an address that the internet knows. */
  readonly isPublic: boolean
}

/** How a VPC reaches a service without leaving. */
export interface Endpoint {
  readonly id: string
  readonly vpcId: string
  readonly type: 'Gateway' | 'Interface'
  /** `dynamodb`, `execute-api`. */
  readonly service: string
  /** Gateway endpoints. */
  readonly routeTableIds: readonly string[]
  /** Interface endpoints: whether the service's ordinary name leads to it. */
  readonly privateDns: boolean
  readonly groupIds: readonly string[]
}

/** Something in the VPC that has a name: a cache. */
export interface PrivateHost {
  readonly host: string
  /** Its address in the VPC. */
  readonly address: string
  readonly vpcId: string
  readonly groupIds: readonly string[]
  /** Ports in the VPC → ports of this machine. */
  readonly ports: Readonly<Record<number, number>>
}

/** All networks of the account. */
export interface Network {
  readonly account: Account
  readonly vpcs: Map<string, Vpc>
  readonly subnets: Map<string, Subnet>
  readonly routeTables: Map<string, RouteTable>
  readonly natGateways: Map<string, NatGateway>
  readonly gateways: Set<string>
  /** Elastic IP addresses by allocation id. */
  readonly addresses: Map<string, string>
  readonly endpoints: Map<string, Endpoint>
  readonly groups: Map<string, SecurityGroup>
  readonly hosts: Map<string, PrivateHost>
  makeVpc(cidr: string): Vpc
  makeGroup(vpcId: string, name: string, ingress: readonly Rule[], egress: readonly Rule[]): SecurityGroup
  /** Says that something is different now. */
  changed(): void
  onChange(listener: () => void): void
}

/** Starts with the default VPC of a new account, which has no subnets here: nobody is put there unasked. */
export function openNetwork(account: Account): Network {
  const listeners = new Set<() => void>()
  const network: Network = {
    account,
    vpcs: new Map(),
    subnets: new Map(),
    routeTables: new Map(),
    natGateways: new Map(),
    gateways: new Set(),
    addresses: new Map(),
    endpoints: new Map(),
    groups: new Map(),
    hosts: new Map(),
    makeVpc(cidr) {
      const id = newId('vpc')
      const mainRouteTableId = newId('rtb')
      network.routeTables.set(mainRouteTableId, { id: mainRouteTableId, vpcId: id, routes: new Map() })
      const group = network.makeGroup(id, 'default', [], [allow.all])
      // Members of the group may speak to each other.
      group.ingress.set('default', { ...allow.all, cidr: undefined, groupId: group.id })
      const vpc: Vpc = {
        id,
        cidr,
        dnsHostnames: false,
        dnsSupport: true,
        mainRouteTableId,
        defaultGroupId: group.id,
        gatewayId: undefined,
      }
      network.vpcs.set(id, vpc)
      return vpc
    },
    makeGroup(vpcId, name, ingress, egress) {
      const id = newId('sg')
      const group: SecurityGroup = { id, vpcId, name, ingress: numbered(ingress), egress: numbered(egress) }
      network.groups.set(id, group)
      return group
    },
    changed() {
      for (const listener of listeners) listener()
    },
    onChange: listener => void listeners.add(listener),
  }
  return network
}

const numbered = (rules: readonly Rule[]) => new Map(rules.map(rule => [newId('sgr'), rule]))

/** `vpc-0` and sixteen more hexadecimal digits. */
export const newId = (prefix: string): string => `${prefix}-0${randomBytes(8).toString('hex')}`

/** The one of that id. Throws EC2's refusal: `The subnet ID 'subnet-0' does not exist`. */
export function found<T>(things: ReadonlyMap<string, T>, id: unknown, code: string, what: string): T {
  const thing = things.get(String(id))
  if (thing) return thing
  throw new AwsError(code, `The ${what} '${id}' does not exist`)
}

export const subnetOf = (network: Network, id: unknown): Subnet =>
  found(network.subnets, id, 'InvalidSubnetID.NotFound', 'subnet ID')
export const groupOf = (network: Network, id: unknown): SecurityGroup =>
  found(network.groups, id, 'InvalidGroup.NotFound', 'security group')
export const vpcOf = (network: Network, id: unknown): Vpc =>
  found(network.vpcs, id, 'InvalidVpcID.NotFound', 'vpc ID')
export const routeTableOf = (network: Network, id: unknown): RouteTable =>
  found(network.routeTables, id, 'InvalidRouteTableID.NotFound', 'routeTable ID')
