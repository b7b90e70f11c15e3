import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../cloudformation/resource.ts'
import { arnIn, type Rights } from '../cloudformation/rights.ts'
import { groupOf, type Network, subnetOf, vpcOf } from '../ec2/network.ts'
import { AwsError } from '../error.ts'
import { type Cache, type Caches, PORT, READER_PORT } from './caches.ts'
import { HOW_TO_GET_ONE, type ServerProgram } from './server-program.ts'

const rights: Rights = {
  service: 'ElastiCache',
  on: of =>
    arnIn(of.account, 'elasticache', `serverlesscache:${of.physicalId ?? of.properties.ServerlessCacheName}`),
  create: 'elasticache: CreateServerlessCache DescribeServerlessCaches',
  read: 'elasticache: DescribeServerlessCaches ListTagsForResource',
  update: 'elasticache: ModifyServerlessCache DescribeServerlessCaches',
  delete: 'elasticache: DeleteServerlessCache DescribeServerlessCaches',
  tag: 'elasticache: AddTagsToResource',
  untag: 'elasticache: RemoveTagsFromResource',
}

/** AWS::ElastiCache::ServerlessCache for Valkey or Redis, kept by a server of this machine. Users, snapshots to restore and Memcached are not supported here. */
export function cacheResource(
  caches: Caches,
  network: Network,
  program: () => ServerProgram | undefined,
): ResourceType {
  return {
    type: 'AWS::ElastiCache::ServerlessCache',
    nameProperty: 'ServerlessCacheName',
    rights,
    properties: {
      ServerlessCacheName: 'replace',
      SubnetIds: 'replace',
      SecurityGroupIds: 'update',
      Description: 'harmless',
      // The machine's server is of the kind and version that it is. Nothing is billed, encrypted or kept.
      Engine: 'harmless',
      MajorEngineVersion: 'harmless',
      CacheUsageLimits: 'harmless',
      DailySnapshotTime: 'harmless',
      FinalSnapshotName: 'harmless',
      KmsKeyId: 'replace',
      SnapshotRetentionLimit: 'harmless',
      Tags: 'harmless',
    },
    attributes: [
      'ARN',
      'CreateTime',
      'Endpoint.Address',
      'Endpoint.Port',
      'FullEngineVersion',
      'ReaderEndpoint.Address',
      'ReaderEndpoint.Port',
      'Status',
    ],
    refuse({ Engine, SubnetIds }) {
      const isServed = typeof Engine !== 'string' || ['valkey', 'redis'].includes(Engine.toLowerCase())
      return [
        ...(isServed ? [] : [`Engine ${Engine} is not run here: only valkey and redis are`]),
        ...(SubnetIds === undefined ? ['SubnetIds: there is no default VPC here, so it needs some'] : []),
        ...(isServed && !program()
          ? [`Engine ${Engine}: there is no Valkey or Redis server on this machine: ${HOW_TO_GET_ONE}`]
          : []),
      ]
    },
    async create({ properties }) {
      const name = String(properties.ServerlessCacheName ?? '').toLowerCase()
      if (!/^[a-z](?!.*--)[a-z0-9-]{0,38}[a-z0-9]$|^[a-z]$/.test(name)) {
        throw new AwsError(
          'InvalidParameterValue',
          'The parameter ServerlessCacheName must be provided and must not be blank; it begins with a letter, has at most 40 letters, digits and hyphens, and no hyphen at its end or beside another.',
        )
      }
      const vpcId = vpcIdOf(properties)
      const engine = String(properties.Engine).toLowerCase() === 'redis' ? 'redis' : 'valkey'
      const groupIds = groupsOf(properties, vpcId)
      const subnetCidr = subnetOf(network, properties.SubnetIds[0]).cidr
      return shown(await caches.create({ name, engine, vpcId, subnetCidr, groupIds }))
    },
    update({ properties }, { physicalId, attributes }) {
      caches.guard(physicalId, groupsOf(properties, vpcIdOf(properties)))
      return { physicalId, attributes }
    },
    delete: ({ physicalId }) => caches.delete(physicalId),
  }

  /** All subnets must be of one VPC. */
  function vpcIdOf({ SubnetIds = [] }: Properties): string {
    const [vpcId = '', ...others] = [
      ...new Set<string>(SubnetIds.map((id: string) => subnetOf(network, id).vpcId)),
    ]
    if (vpcId !== '' && others.length === 0) return vpcId
    throw new AwsError('InvalidParameterValue', 'All subnets must belong to the same VPC.')
  }

  function groupsOf({ SecurityGroupIds }: Properties, vpcId: string): readonly string[] {
    const groupIds: readonly string[] = SecurityGroupIds ?? [vpcOf(network, vpcId).defaultGroupId]
    return groupIds.map(id => groupOf(network, id).id)
  }
}

const shown = ({ name, arn, host, version, createdAt }: Cache): Physical => ({
  physicalId: name,
  attributes: {
    ARN: arn,
    CreateTime: new Date(createdAt).toISOString(),
    'Endpoint.Address': host,
    'Endpoint.Port': String(PORT),
    FullEngineVersion: version,
    'ReaderEndpoint.Address': host,
    'ReaderEndpoint.Port': String(READER_PORT),
    Status: 'available',
  },
})
