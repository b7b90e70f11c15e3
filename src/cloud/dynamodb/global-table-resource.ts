import type { Properties } from '../cloudformation/properties.ts'
import type { PropertyRule, ResourceType } from '../cloudformation/resource.ts'
import type { Database } from './database.ts'
import { invalid } from './errors.ts'
import { globalTableRights } from './rights.ts'
import { replacedByAnotherType, resourceOf } from './table-resource.ts'

/** AWS::DynamoDB::GlobalTable with one replica, in this region: what CDK's TableV2 makes. */
export function globalTableResource(database: Database): ResourceType {
  const { region } = database.account
  return {
    ...resourceOf(database, 'AWS::DynamoDB::GlobalTable', rules, properties => {
      // Once more, now that every intrinsic has been worked out.
      for (const what of refusedReplicas(properties.Replicas, region)) throw invalid(what)
      return asTable(properties)
    }),
    rights: globalTableRights,
    attributes: ['Arn', 'StreamArn', 'TableId'],
    refuse: properties => [...refusedReplicas(properties.Replicas, region)],
  }
}

const rules: Readonly<Record<string, PropertyRule>> = {
  TableName: 'replace',
  KeySchema: 'replace',
  LocalSecondaryIndexes: 'replace',
  AttributeDefinitions: replacedByAnotherType,
  BillingMode: 'update',
  GlobalSecondaryIndexes: 'update',
  TimeToLiveSpecification: 'update',
  WriteProvisionedThroughputSettings: 'update',
  WriteOnDemandThroughputSettings: 'harmless',
  WarmThroughput: 'update',
  SSESpecification: 'update',
  StreamSpecification: 'update',
  Replicas: 'update',
}

const replicaMembers = new Set([
  'Region',
  'DeletionProtectionEnabled',
  'TableClass',
  'Tags',
  'ResourcePolicy',
  'GlobalSecondaryIndexes',
  'ReadProvisionedThroughputSettings',
  'ReadOnDemandThroughputSettings',
  'PointInTimeRecoverySpecification',
  'ContributorInsightsSpecification',
  'SSESpecification',
])

function* refusedReplicas(replicas: unknown, region: string): Iterable<string> {
  if (!Array.isArray(replicas)) return
  if (replicas.length > 1) {
    yield `Replicas: ${replicas.length} replicas; the local cloud has one region, so a table has one replica`
  }
  for (const replica of replicas) {
    if (typeof replica?.Region === 'string' && replica.Region !== region) {
      yield `Replicas: a replica in ${replica.Region}; the local cloud is ${region}`
    }
    for (const member of Object.keys(replica ?? {})) {
      const intrinsic = member === 'Ref' || member.startsWith('Fn::')
      if (!intrinsic && !replicaMembers.has(member))
        yield `Replicas: ${member} is not supported by the local cloud`
    }
  }
}

/** The AWS::DynamoDB::Table that a global table with one replica is. */
function asTable(properties: Properties): Properties {
  const {
    Replicas,
    WriteProvisionedThroughputSettings,
    WriteOnDemandThroughputSettings: _,
    ...table
  } = properties
  const [replica = {}] = Replicas ?? []
  const readOfIndex = (IndexName: string) =>
    replica.GlobalSecondaryIndexes?.find((index: any) => index.IndexName === IndexName)
      ?.ReadProvisionedThroughputSettings
  const provisioned = (write: any, read: any) =>
    table.BillingMode === 'PAY_PER_REQUEST'
      ? {}
      : { ProvisionedThroughput: { ReadCapacityUnits: reads(read), WriteCapacityUnits: writes(write) } }
  return {
    ...table,
    ...provisioned(WriteProvisionedThroughputSettings, replica.ReadProvisionedThroughputSettings),
    ...(table.GlobalSecondaryIndexes
      ? {
          GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map((index: any) => ({
            ...index,
            ...provisioned(index.WriteProvisionedThroughputSettings, readOfIndex(index.IndexName)),
          })),
        }
      : {}),
    DeletionProtectionEnabled: replica.DeletionProtectionEnabled,
    TableClass: replica.TableClass,
    Tags: replica.Tags,
    ResourcePolicy: replica.ResourcePolicy,
  }
}

// Nothing scales here: an auto-scaled table has the least that it would ever have.
const reads = (settings: any) =>
  settings?.ReadCapacityUnits ?? settings?.ReadCapacityAutoScalingSettings?.MinCapacity
const writes = (settings: any) =>
  settings?.WriteCapacityUnits ?? settings?.WriteCapacityAutoScalingSettings?.MinCapacity
