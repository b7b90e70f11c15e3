import { contains, readBlock } from './address-block.ts'

/** Who may speak to whom: a group has rules for what comes in and what goes out, and whatever no rule lets through hangs. */
export interface SecurityGroup {
  readonly id: string
  readonly vpcId: string
  readonly name: string
  readonly ingress: Map<string, Rule>
  readonly egress: Map<string, Rule>
}

/** Ports of a protocol, from or to addresses or another group. */
export interface Rule {
  /** `tcp`, `udp`, `icmp`; `-1` is all. */
  readonly protocol: string
  readonly from: number
  readonly to: number
  readonly cidr: string | undefined
  readonly groupId: string | undefined
}

/** The other end of a connection. */
export interface Peer {
  /** Where it is, a block at least of which one address is its. */
  readonly cidrs: readonly string[]
  readonly groupIds: readonly string[]
}

/** The whole internet. */
export const everywhere: Peer = { cidrs: ['0.0.0.0/0'], groupIds: [] }

const all: Rule = { protocol: '-1', from: 0, to: 65_535, cidr: '0.0.0.0/0', groupId: undefined }
export const allow = { all }

/** Reads a rule as templates have it. Rules for IPv6 let nothing through here; prefix lists stand for what gateway endpoints lead to. */
export function readRule(given: Readonly<Record<string, any>>): Rule {
  const protocol = String(given.IpProtocol)
  const isForAll = protocol === '-1' || (protocol !== 'tcp' && protocol !== '6')
  return {
    protocol: protocol === '6' ? 'tcp' : protocol,
    from: isForAll ? 0 : Number(given.FromPort ?? 0),
    to: isForAll ? 65_535 : Number(given.ToPort ?? given.FromPort ?? 65_535),
    cidr: given.CidrIp,
    groupId: given.SourceSecurityGroupId ?? given.DestinationSecurityGroupId ?? given.SourceSecurityGroupName,
  }
}

/** The ranges of TCP ports that rules open to or from a peer. */
export const openPorts = (rules: Iterable<Rule>, peer: Peer): readonly (readonly [number, number])[] =>
  [...rules].flatMap(rule => (isTcp(rule) && isAbout(rule, peer) ? [[rule.from, rule.to] as const] : []))

export const isOpen = (ranges: readonly (readonly [number, number])[], port: number): boolean =>
  ranges.some(([from, to]) => from <= port && port <= to)

const isTcp = ({ protocol }: Rule) => protocol === '-1' || protocol === 'tcp'

const isAbout = ({ cidr, groupId }: Rule, peer: Peer): boolean =>
  groupId !== undefined
    ? peer.groupIds.includes(groupId)
    : cidr !== undefined && peer.cidrs.every(one => contains(readBlock(cidr), readBlock(one)))
