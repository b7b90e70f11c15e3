import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { PolicyDocument } from '../iam/policy.ts'
import { isCreating } from './creating.ts'
import type { Database } from './database.ts'
import type { Shape, TableRecord } from './engine.ts'
import { invalid, notHere, refusal } from './errors.ts'
import { checkSpecification, describeStream, streamShape, switchStream } from './streams/specification.ts'
import { indexHashKeys } from './tables.ts'

/** Members of CreateTable and UpdateTable that came after dynalite. Those with an effect are honoured, the others are shown by DescribeTable. */
export const settings: Shape = {
  DeletionProtectionEnabled: 'Boolean',
  TableClass: { type: 'String', enum: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'] },
  SSESpecification: {
    type: 'FieldStruct<SSESpecification>',
    children: { Enabled: 'Boolean', SSEType: 'String', KMSMasterKeyId: 'String' },
  },
  OnDemandThroughput: {
    type: 'FieldStruct<OnDemandThroughput>',
    children: { MaxReadRequestUnits: 'Long', MaxWriteRequestUnits: 'Long' },
  },
  WarmThroughput: {
    type: 'FieldStruct<WarmThroughput>',
    children: { ReadUnitsPerSecond: 'Long', WriteUnitsPerSecond: 'Long' },
  },
  ResourcePolicy: 'String',
  ...streamShape,
}

/** Throws when a member is given that would need what is not here. */
export function refuseMembers(input: any, members: readonly string[]) {
  for (const member of members.filter(member => input[member] !== undefined)) throw notHere(member)
}

/** Makes a table and answers, as AWS does, while it is CREATING; by then it can be used. */
export async function createTable(database: Database, input: any): Promise<{ TableDescription: unknown }> {
  const { engine, tables, clock, account } = database
  refuseMembers(input, ['GlobalTableSourceArn', 'GlobalTableSettingsReplicationMode', 'VectorIndexes'])
  const given = engine.checkShape(settings, input)
  checkSpecification(given.StreamSpecification)
  const resourcePolicy = given.ResourcePolicy === undefined ? undefined : policyOf(given.ResourcePolicy)
  refuseUnusedAttributes(engine.check('CreateTable', input))
  if (tables.facts.has(input.TableName)) {
    throw refusal('ResourceInUseException', `Table already exists: ${input.TableName}`)
  }
  const { TableDescription } = await engine.call('CreateTable', input)
  const table: TableRecord = TableDescription
  const name = table.TableName
  tables.facts.set(name, {
    arn: tables.arn(name),
    createdAt: clock.now() / 1000,
    hashKey: table.KeySchema[0]!.AttributeName,
    tableId: randomUUID(),
    indexHashKeys: indexHashKeys(table),
    keySchema: table.KeySchema,
    deletionProtected: given.DeletionProtectionEnabled ?? false,
    shown: shownOf(given),
    ...(resourcePolicy ? { resourcePolicy } : {}),
  })
  if (given.StreamSpecification?.StreamEnabled) switchStream(database, table, given.StreamSpecification)
  const description = describe(database, table)
  await settled(database, name)
  if (input.Tags?.length) {
    await engine.call('TagResource', {
      ResourceArn: `arn:aws:dynamodb:${account.region}:${account.accountId}:table/${name}`,
      Tags: input.Tags,
    })
  }
  return { TableDescription: description }
}

/** Describes a table. Throws `ResourceNotFoundException`. */
export async function describeTable(database: Database, input: any): Promise<{ Table: unknown }> {
  const { Table } = await database.engine.call('DescribeTable', input)
  return { Table: describe(database, Table) }
}

/** Deletes a table and all that is in it. Throws `ValidationException` while deletion protection is on. */
export async function deleteTable(database: Database, input: any): Promise<{ TableDescription: unknown }> {
  const { engine, tables, expiry, streams, gate } = database
  return gate.alone(async () => {
    const { TableName: name } = engine.check('DeleteTable', input)
    const facts = tables.facts.get(name)
    if (facts?.deletionProtected) {
      throw invalid(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      )
    }
    const { TableDescription } = await engine.call('DeleteTable', input)
    // AWS no longer tells what the table was made of.
    const { AttributeDefinitions, KeySchema, CreationDateTime, ...description } = describe(
      database,
      TableDescription,
    )
    expiry.disable(name)
    streams.leave(name)
    tables.facts.delete(name)
    await settled(database, name)
    return { TableDescription: description }
  })
}

/** The engine's record as DescribeTable shows it: a copy, for the record goes on changing. */
export function describe(database: Database, record: TableRecord): Record<string, unknown> {
  const { tables } = database
  const facts = tables.facts.get(record.TableName)
  const { BillingMode: _, TableThroughputModeSummary: __, ...members } = record
  const status = isCreating(database, record.TableName) ? 'CREATING' : record.TableStatus
  const arn = facts?.arn ?? tables.arn(record.TableName)
  const indexes = (list: readonly any[] | undefined) =>
    list?.map(index => ({ ...index, IndexArn: `${arn}/index/${index.IndexName}` }))
  const isActive = status === 'ACTIVE'
  return {
    ...members,
    TableStatus: status,
    TableArn: arn,
    ...(facts ? { CreationDateTime: facts.createdAt, TableId: facts.tableId } : {}),
    ...(isActive ? warmThroughputOf(record, record) : {}),
    // Only a table that is there says since when it is on demand.
    ...(members.BillingModeSummary && !isActive
      ? { BillingModeSummary: { BillingMode: members.BillingModeSummary.BillingMode } }
      : {}),
    DeletionProtectionEnabled: facts?.deletionProtected ?? false,
    ...(members.LocalSecondaryIndexes
      ? { LocalSecondaryIndexes: indexes(members.LocalSecondaryIndexes) }
      : {}),
    ...(members.GlobalSecondaryIndexes
      ? {
          GlobalSecondaryIndexes: indexes(members.GlobalSecondaryIndexes)?.map(index => ({
            ...index,
            ...(isActive ? warmThroughputOf(record, index) : { IndexStatus: status }),
          })),
        }
      : {}),
    ...describeStream(database, record.TableName),
    ...facts?.shown,
  }
}

/** What a table or an index can do from the start: its own throughput, or what AWS gives on demand (Developer Guide, "Warm throughput"). */
function warmThroughputOf(table: TableRecord, { ProvisionedThroughput }: Record<string, any>) {
  const onDemand = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST'
  return {
    WarmThroughput: {
      ReadUnitsPerSecond: onDemand ? 12_000 : ProvisionedThroughput?.ReadCapacityUnits,
      WriteUnitsPerSecond: onDemand ? 4000 : ProvisionedThroughput?.WriteCapacityUnits,
      Status: 'ACTIVE',
    },
  }
}

/** DescribeTable's names for the settings that change nothing here. */
export const shownOf = (given: any): Readonly<Record<string, unknown>> => ({
  ...(given.TableClass ? { TableClassSummary: { TableClass: given.TableClass } } : {}),
  ...(given.SSESpecification?.Enabled
    ? { SSEDescription: { Status: 'ENABLED', SSEType: given.SSESpecification.SSEType ?? 'KMS' } }
    : {}),
  ...(given.OnDemandThroughput ? { OnDemandThroughput: given.OnDemandThroughput } : {}),
  ...(given.WarmThroughput ? { WarmThroughput: { ...given.WarmThroughput, Status: 'ACTIVE' } } : {}),
})

/** Waits until the engine has finished with a table: it ends what it began with timers of its own. */
export async function settled({ engine }: Database, name: string) {
  for (;;) {
    // As long as the engine's timers and set after them, so they are due after them.
    await setTimeout(1)
    const table = await engine.peek(name)
    const parts = [table, ...(table?.GlobalSecondaryIndexes ?? [])]
    if (!table || parts.every(part => (part.TableStatus ?? part.IndexStatus) === 'ACTIVE')) return
  }
}

function policyOf(text: string): PolicyDocument {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // The sentence is assumed.
    throw invalid('The policy is not valid JSON')
  }
}

function refuseUnusedAttributes(table: any) {
  const keys = [
    table,
    ...(table.GlobalSecondaryIndexes ?? []),
    ...(table.LocalSecondaryIndexes ?? []),
  ].flatMap(({ KeySchema }) => KeySchema.map((key: any) => key.AttributeName as string))
  const defined: string[] = table.AttributeDefinitions.map((attribute: any) => attribute.AttributeName)
  if (defined.some(name => !keys.includes(name))) {
    throw invalid(
      'One or more parameter values were invalid: Some AttributeDefinitions are not used. ' +
        `AttributeDefinitions: [${defined.join(', ')}], keys used: [${[...new Set(keys)].join(', ')}]`,
    )
  }
}
