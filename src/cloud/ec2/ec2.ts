import type { Account } from '../account.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { endpointResource } from './endpoint-resource.ts'
import { groupResources } from './group-resources.ts'
import { groupOf, type Network, openNetwork, subnetOf } from './network.ts'
import { type Outlook, outlookFrom, type Placement } from './outlook.ts'
import { routingResources } from './routing-resources.ts'
import { vpcResources } from './vpc-resources.ts'

/** The networks of Amazon EC2, as far as functions are in them. There is no EC2 API here. */
export interface Ec2 {
  readonly network: Network
  readonly resources: readonly ResourceType[]
  /** Whether what is placed there may be: answers with the VPC's id. Throws what EC2 says of a subnet or a group that is not there. */
  check(placement: Placement): string
  outlook(placement: Placement): Outlook
  /** Calls `listener` whenever an outlook may be different. */
  onChange(listener: () => void): void
}

/** Starts without a network. */
export function startEc2(account: Account): Ec2 {
  const network = openNetwork(account)
  return {
    network,
    resources: [
      ...vpcResources(network),
      ...routingResources(network),
      ...groupResources(network),
      endpointResource(network),
    ],
    check({ subnetIds, groupIds }) {
      const [vpcId = ''] = subnetIds.map(id => subnetOf(network, id).vpcId)
      for (const id of groupIds) groupOf(network, id)
      return vpcId
    },
    outlook: placement => outlookFrom(network, placement),
    onChange: network.onChange,
  }
}
