import { isDeepStrictEqual } from 'node:util'
import type { Properties } from '../cloudformation/properties.ts'
import type { Database } from './database.ts'
import { invalid } from './errors.ts'
import { indexInput, policyText, settingsInput, streamInput, throughput } from './table-properties.ts'
import { updateTable } from './table-update.ts'

/** Changes a table from one set of AWS::DynamoDB::Table properties to another, in the steps CloudFormation takes. */
export async function changeTable(
  database: Database,
  TableName: string,
  before: Properties,
  after: Properties,
) {
  // What the table has, not what the template before said: an update that was refused half way has not made them all.
  const table = await database.engine.table(TableName, { named: true })
  const indexes = changedIndexes(table.GlobalSecondaryIndexes, after.GlobalSecondaryIndexes)
  const change = (input: object) => updateTable(database, { TableName, ...input })

  const settings = settingsInput(after)
  if (!isDeepStrictEqual(settings, settingsInput(before))) {
    await change({ DeletionProtectionEnabled: false, ...settings })
  }
  const billing = billingChange(table, before, after)
  if (billing || indexes.throughput.length > 0) {
    await change({ ...billing, GlobalSecondaryIndexUpdates: indexes.throughput })
  }
  for (const IndexName of indexes.dropped) {
    await change({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] })
  }
  for (const index of indexes.made) {
    await change({
      AttributeDefinitions: after.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create: indexInput(index) }],
    })
  }
  await changeStream(database, TableName, before, after)
  changePolicy(database, TableName, after)
  await changeTags(database, TableName, before.Tags ?? [], after.Tags ?? [])
}

async function changeStream(
  database: Database,
  TableName: string,
  before: Properties,
  after: Properties,
): Promise<void> {
  const [was, wanted] = [before, after].map(({ StreamSpecification }) => StreamSpecification?.StreamViewType)
  const current = database.streams.latest(TableName)
  const present = current?.isClosed ? undefined : current?.viewType
  // After an update that failed the table has what it is to be rolled back to.
  if (was === wanted || present === wanted) return
  const StreamSpecification = streamInput(after.StreamSpecification) ?? { StreamEnabled: false }
  await updateTable(database, { TableName, StreamSpecification })
}

function billingChange(table: Properties, before: Properties, after: Properties) {
  const mode = (table: Properties) => table.BillingMode ?? 'PROVISIONED'
  const [was, is] = [throughput(before.ProvisionedThroughput), throughput(after.ProvisionedThroughput)]
  if (mode(before) === mode(after) && isDeepStrictEqual(was, is)) return undefined
  const present = table.BillingModeSummary?.BillingMode ?? 'PROVISIONED'
  const isThereAlready =
    mode(after) === present &&
    (present === 'PAY_PER_REQUEST' || isDeepStrictEqual(throughput(table.ProvisionedThroughput), is))
  if (isThereAlready) return undefined
  return { BillingMode: mode(after), ...(is ? { ProvisionedThroughput: is } : {}) }
}

function changedIndexes(present: readonly any[] | undefined, wanted: readonly any[] | undefined) {
  const old = byName(present)
  const now = byName(wanted)
  const made = [...now.values()].filter(({ IndexName }) => !old.has(IndexName))
  const dropped = [...old.keys()].filter(name => !now.has(name))
  const kept = [...now.values()].filter(({ IndexName }) => old.has(IndexName))
  for (const index of kept) {
    const { KeySchema, Projection } = old.get(index.IndexName)!
    if (!isDeepStrictEqual(shape(KeySchema, Projection), shape(index.KeySchema, index.Projection))) {
      throw invalid(
        "Cannot update GSI's properties other than Provisioned Throughput and Contributor Insights Specification. " +
          'You can create a new GSI with a different name.',
      )
    }
  }
  if (made.length + dropped.length > 1) {
    throw invalid('Cannot perform more than one GSI creation or deletion in a single update')
  }
  const changed = kept.filter(({ IndexName, ProvisionedThroughput }) => {
    const was = throughput(old.get(IndexName)!.ProvisionedThroughput)
    return ProvisionedThroughput && !isDeepStrictEqual(was, throughput(ProvisionedThroughput))
  })
  return {
    made,
    dropped,
    throughput: changed.map(({ IndexName, ProvisionedThroughput }) => ({
      Update: { IndexName, ProvisionedThroughput: throughput(ProvisionedThroughput) },
    })),
  }
}

/** What an index is made of, in whatever order it is written. */
const shape = (keys: readonly any[], { ProjectionType, NonKeyAttributes = [] }: any) => [
  keys.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`),
  ProjectionType,
  [...NonKeyAttributes].sort(),
]

const byName = (indexes: readonly any[] = []) =>
  new Map<string, any>(indexes.map(index => [index.IndexName, index]))

function changePolicy({ tables }: Database, tableName: string, { ResourcePolicy }: Properties) {
  const facts = tables.facts.get(tableName)!
  const text = policyText(ResourcePolicy)
  if (text === undefined) delete facts.resourcePolicy
  else facts.resourcePolicy = JSON.parse(text)
}

async function changeTags(
  { engine, account }: Database,
  tableName: string,
  before: readonly any[],
  after: readonly any[],
) {
  const ResourceArn = `arn:aws:dynamodb:${account.region}:${account.accountId}:table/${tableName}`
  const TagKeys = before.map(({ Key }) => Key).filter(key => !after.some(({ Key }) => Key === key))
  if (TagKeys.length > 0) await engine.call('UntagResource', { ResourceArn, TagKeys })
  if (after.length > 0) await engine.call('TagResource', { ResourceArn, Tags: after })
}
