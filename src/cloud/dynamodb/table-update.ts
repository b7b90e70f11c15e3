import type { Database } from './database.ts'
import type { TableRecord } from './engine.ts'
import { invalid, refusal } from './errors.ts'
import { checkSwitch, switchStream } from './streams/specification.ts'
import { describe, refuseMembers, settings, settled, shownOf } from './table.ts'
import { indexHashKeys } from './tables.ts'

/** Changes a table: throughput and billing by the engine, indexes made and dropped and the newer settings here. */
export function updateTable(database: Database, input: any): Promise<{ TableDescription: unknown }> {
  const { engine, tables, gate } = database
  return gate.alone(async () => {
    refuseMembers(input, [
      'ReplicaUpdates',
      'MultiRegionConsistency',
      'GlobalTableWitnessUpdates',
      'GlobalTableSettingsReplicationMode',
      'DisassociationProtectionEnabled',
      'VectorIndexUpdates',
    ])
    const given = engine.checkShape(settings, input)
    const updates: readonly any[] = Array.isArray(input.GlobalSecondaryIndexUpdates)
      ? input.GlobalSecondaryIndexUpdates
      : []
    const structural = updates.filter(update => update?.Create || update?.Delete)
    if (structural.length > 1) {
      throw refusal(
        'LimitExceededException',
        'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
      )
    }
    const forEngine = {
      ...input,
      GlobalSecondaryIndexUpdates: updates.filter(update => !structural.includes(update)),
    }
    const nothingElse =
      !input.ProvisionedThroughput && !input.BillingMode && forEngine.GlobalSecondaryIndexUpdates.length === 0
    checkSwitch(database, input.TableName, given.StreamSpecification)
    if (!nothingElse || (structural.length === 0 && Object.keys(given).length === 0)) {
      await engine.call('UpdateTable', forEngine)
      await settled(database, input.TableName)
    }
    const { TableName: name } = engine.check('DescribeTable', input)
    for (const { Create, Delete } of structural) {
      const table = await engine.table(name, { named: true })
      if (Delete) await dropIndex(database, table, Delete.IndexName)
      else await makeIndex(database, table, Create, input.AttributeDefinitions)
    }
    const table = await engine.table(name, { named: true })
    switchStream(database, table, given.StreamSpecification)
    const facts = tables.facts.get(name)!
    facts.indexHashKeys = indexHashKeys(table)
    facts.deletionProtected = given.DeletionProtectionEnabled ?? facts.deletionProtected
    facts.shown = { ...facts.shown, ...shownOf(given) }
    return { TableDescription: describe(database, table) }
  })
}

async function makeIndex(
  { engine, tables }: Database,
  table: TableRecord,
  index: any,
  moreDefinitions: readonly any[] = [],
) {
  const existing: readonly any[] = table.GlobalSecondaryIndexes ?? []
  if (existing.some(({ IndexName }) => IndexName === index.IndexName)) {
    throw invalid(`Attempting to create an index which already exists`)
  }
  const names = new Set(table.AttributeDefinitions.map((one: any) => one.AttributeName))
  const definitions = [
    ...table.AttributeDefinitions,
    ...moreDefinitions.filter(one => !names.has(one.AttributeName)),
  ]
  const onDemand = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST'
  // The same rules hold for an index that comes later as for one that comes with its table.
  const {
    GlobalSecondaryIndexes: [checked],
  } = engine.check('CreateTable', {
    TableName: table.TableName,
    KeySchema: table.KeySchema,
    AttributeDefinitions: definitions,
    GlobalSecondaryIndexes: [index],
    ...(onDemand
      ? { BillingMode: 'PAY_PER_REQUEST' }
      : { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }),
  })
  const made = {
    ...checked,
    IndexArn: `${tables.arn(table.TableName)}/index/${index.IndexName}`,
    IndexStatus: 'ACTIVE',
    IndexSizeBytes: 0,
    ItemCount: 0,
    ProvisionedThroughput: {
      ...(checked.ProvisionedThroughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 }),
      NumberOfDecreasesToday: 0,
    },
  }
  const changed = {
    ...table,
    AttributeDefinitions: definitions,
    GlobalSecondaryIndexes: [...existing, made],
  }
  for (const item of await engine.everything(table.TableName)) {
    // An item whose attribute has another type than the index key stays out of the index, as on AWS.
    if (fits(item, made, definitions)) await engine.enterIndex(changed, made, item)
  }
  await engine.putTable(changed)
}

async function dropIndex({ engine }: Database, table: TableRecord, indexName: string) {
  const existing: readonly any[] = table.GlobalSecondaryIndexes ?? []
  if (!existing.some(({ IndexName }) => IndexName === indexName)) {
    throw refusal('ResourceNotFoundException', 'Requested resource not found')
  }
  const left = existing.filter(({ IndexName }) => IndexName !== indexName)
  const { GlobalSecondaryIndexes: _, ...rest } = table
  await engine.putTable(left.length > 0 ? { ...rest, GlobalSecondaryIndexes: left } : (rest as TableRecord))
  await engine.dropIndex(table.TableName, indexName)
}

const fits = (item: any, index: any, definitions: readonly any[]) =>
  index.KeySchema.every(({ AttributeName }: any) => {
    const { AttributeType } = definitions.find(one => one.AttributeName === AttributeName)
    return item[AttributeName] === undefined || item[AttributeName][AttributeType] !== undefined
  })
