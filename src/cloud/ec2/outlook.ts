import type { Network, Subnet } from './network.ts'
import { everywhere, isOpen, openPorts, type Rule } from './security-group.ts'

/** Where a function is put. */
export interface Placement {
  readonly subnetIds: readonly string[]
  readonly groupIds: readonly string[]
}

/** What can be reached from a place in a VPC. Everything else hangs. */
export interface Outlook {
  /** TCP ports of the internet, AWS's public endpoints among it. */
  readonly internet: readonly (readonly [number, number])[]
  /**
   * AWS services that an endpoint of the VPC leads to, under their ordinary names, which then lead nowhere else. `closed`: a security group is in the way.
   * `shadowed`: an endpoint for execute-api with private DNS takes all APIs' names, and knows no public API (facts: E20).
   */
  readonly services: Readonly<Record<string, Leads>>
  /** Names in the VPC. */
  readonly hosts: Readonly<Record<string, Neighbour>>
}

/** Something with a name in the same VPC. */
export interface Neighbour {
  readonly address: string
  /** The ports that are let through, and which ports of this machine those are. */
  readonly ports: Readonly<Record<string, number>>
}

export type Leads = 'open' | 'closed' | 'shadowed'

const HTTPS = 443

/**
 * Looks around from a place. Of several subnets an instance is in one or another: only what all of them reach counts, for the rest works now and then.
 */
export function outlookFrom(network: Network, { subnetIds, groupIds }: Placement): Outlook {
  const subnets = subnetIds.flatMap(id => network.subnets.get(id) ?? [])
  const vpcId = subnets[0]?.vpcId
  const egress = groupIds.flatMap(id => [...(network.groups.get(id)?.egress.values() ?? [])])
  const self = { cidrs: subnets.map(({ cidr }) => cidr), groupIds }
  const outside = openPorts(egress, everywhere)
  const isOut = subnets.length > 0 && subnets.every(subnet => hasWayOut(network, subnet))

  const services: Record<string, Leads> = {}
  for (const endpoint of network.endpoints.values()) {
    if (endpoint.vpcId !== vpcId) continue
    const { type, service, groupIds: its, routeTableIds, privateDns } = endpoint
    if (type === 'Gateway') {
      const isRouted = subnets.every(subnet => routeTableIds.includes(routeTableIdOf(network, subnet)))
      if (isRouted && isOpen(outside, HTTPS)) services[service] = 'open'
    } else if (privateDns) {
      const isPublicOnly = service === 'execute-api'
      services[service] = !isOpen(between(its), HTTPS) ? 'closed' : isPublicOnly ? 'shadowed' : 'open'
    }
  }
  const hosts = [...network.hosts.values()]
    .filter(one => one.vpcId === vpcId)
    .map(({ host, address, groupIds: its, ports }): [string, Neighbour] => {
      const open = between(its)
      const through = Object.entries(ports).filter(([port]) => isOpen(open, Number(port)))
      return [host, { address, ports: Object.fromEntries(through) }]
    })
  return { internet: isOut ? outside : [], services, hosts: Object.fromEntries(hosts) }

  /** Ports that both sides let through: our groups out, theirs in. */
  function between(theirs: readonly string[]): readonly (readonly [number, number])[] {
    const cidr = network.vpcs.get(vpcId ?? '')?.cidr
    const peer = { cidrs: cidr ? [cidr] : [], groupIds: theirs }
    const ingress: Rule[] = theirs.flatMap(id => [...(network.groups.get(id)?.ingress.values() ?? [])])
    const out = openPorts(egress, peer)
    return openPorts(ingress, self).flatMap(([from, to]) =>
      out.flatMap(([start, end]): (readonly [number, number])[] =>
        Math.max(from, start) <= Math.min(to, end) ? [[Math.max(from, start), Math.min(to, end)]] : [],
      ),
    )
  }
}

/**
 * A function has no public address, so that an internet gateway takes nothing of its: only a NAT gateway does, one with an address of its own in
 * a subnet that has a way to an internet gateway itself.
 */
function hasWayOut(network: Network, subnet: Subnet): boolean {
  const nat = network.natGateways.get(defaultRoute(network, subnet) ?? '')
  const its = nat && network.subnets.get(nat.subnetId)
  if (!nat?.isPublic || !its) return false
  const gatewayId = network.vpcs.get(its.vpcId)?.gatewayId
  return gatewayId !== undefined && defaultRoute(network, its) === gatewayId
}

const defaultRoute = (network: Network, subnet: Subnet): string | undefined =>
  network.routeTables.get(routeTableIdOf(network, subnet))?.routes.get('0.0.0.0/0')

const routeTableIdOf = (network: Network, { routeTableId, vpcId }: Subnet): string =>
  routeTableId ?? network.vpcs.get(vpcId)?.mainRouteTableId ?? ''
