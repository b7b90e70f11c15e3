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
  const indexes = changedIndexes(before, after)
  const change = (input: object) => updateTable(database, { TableName, ...input })

  const settings = settingsInput(after)
  if (!isDeepStrictEqual(settings, settingsInput(before))) {
    await change({ DeletionProtectionEnabled: false, ...settings })
  }
  const billing = billingChange(before, after)
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

function billingChange(before: Properties, after: Properties) {
  const mode = (table: Properties) => table.BillingMode ?? 'PROVISIONED'
  const [was, is] = [throughput(before.ProvisionedThroughput), throughput(after.ProvisionedThroughput)]
  if (mode(before) === mode(after) && isDeepStrictEqual(was, is)) return undefined
  return { BillingMode: mode(after), ...(is ? { ProvisionedThroughput: is } : {}) }
}

function changedIndexes(before: Properties, after: Properties) {
  const old = byName(before.GlobalSecondaryIndexes)
  const now = byName(after.GlobalSecondaryIndexes)
  const made = [...now.values()].filter(({ IndexName }) => !old.has(IndexName))
  const dropped = [...old.keys()].filter(name => !now.has(name))
  const kept = [...now.values()].filter(({ IndexName }) => old.has(IndexName))
  for (const index of kept) {
    const { KeySchema, Projection } = old.get(index.IndexName)!
    if (!isDeepStrictEqual([KeySchema, Projection], [index.KeySchema, index.Projection])) {
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
