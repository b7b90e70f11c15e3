import type { Properties } from '../cloudformation/properties.ts'
import type { PropertyRule, ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import type { Database } from './database.ts'
import { tableRights } from './rights.ts'
import { createTable, deleteTable } from './table.ts'
import { changeTable } from './table-change.ts'
import { tableInput } from './table-properties.ts'
import { updateTimeToLive } from './time-to-live.ts'

/** AWS::DynamoDB::Table. Imports and Kinesis destinations are not here, so their properties are not either. */
export const tableResource = (database: Database): ResourceType =>
  resourceOf(database, 'AWS::DynamoDB::Table', rules, properties => properties)

/** A new attribute is added in place. One that gets another type takes a new table. */
export const replacedByAnotherType: PropertyRule = {
  replacesWhen(before, after) {
    const types = new Map<string, string>(listed(before).map(one => [one.AttributeName, one.AttributeType]))
    return listed(after).some(
      one => types.has(one.AttributeName) && types.get(one.AttributeName) !== one.AttributeType,
    )
  },
}

const rules: Readonly<Record<string, PropertyRule>> = {
  TableName: 'replace',
  KeySchema: 'replace',
  LocalSecondaryIndexes: 'replace',
  AttributeDefinitions: replacedByAnotherType,
  BillingMode: 'update',
  ProvisionedThroughput: 'update',
  GlobalSecondaryIndexes: 'update',
  TimeToLiveSpecification: 'update',
  DeletionProtectionEnabled: 'update',
  ResourcePolicy: 'update',
  Tags: 'update',
  TableClass: 'update',
  OnDemandThroughput: 'update',
  WarmThroughput: 'update',
  SSESpecification: 'update',
  StreamSpecification: 'update',
  PointInTimeRecoverySpecification: 'harmless',
  ContributorInsightsSpecification: 'harmless',
}

/** A resource type that is a table; `asTable` turns its properties into those of AWS::DynamoDB::Table. */
export function resourceOf(
  database: Database,
  type: string,
  properties: Readonly<Record<string, PropertyRule>>,
  asTable: (properties: Properties) => Properties,
): ResourceType {
  return {
    type,
    nameProperty: 'TableName',
    attributes: ['Arn', 'StreamArn'],
    rights: tableRights,
    properties,
    refuse: ({ StreamSpecification }) => [
      ...(StreamSpecification?.ResourcePolicy === undefined
        ? []
        : ['StreamSpecification: ResourcePolicy is not supported by the local cloud']),
    ],
    async create({ properties, inventName }) {
      const table = asTable(properties)
      const name = table.TableName ?? inventName(255)
      await createTable(database, tableInput(table, name))
      if (isOn(table.TimeToLiveSpecification)) {
        await changeTimeToLive(name, table.TimeToLiveSpecification.AttributeName)
      }
      return physical(name)
    },
    async update({ properties }, existing) {
      const [before, after] = [asTable(existing.properties), asTable(properties)]
      const name = existing.physicalId
      await changeTable(database, name, before, after)
      const attribute = (table: Properties) =>
        isOn(table.TimeToLiveSpecification) ? table.TimeToLiveSpecification.AttributeName : undefined
      if (attribute(before) !== attribute(after)) await changeTimeToLive(name, attribute(after))
      return physical(name)
    },
    async delete({ physicalId }) {
      try {
        await deleteTable(database, { TableName: physicalId })
      } catch (error) {
        // Somebody has deleted it already. Nobody is at fault.
        if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error
      }
    },
  }

  async function physical(name: string) {
    const stream = database.streams.latest(name)
    return {
      physicalId: name,
      attributes: {
        Arn: database.tables.arn(name),
        TableId: database.tables.facts.get(name)!.tableId,
        ...(stream && !stream.isClosed ? { StreamArn: stream.arn } : {}),
      },
    }
  }

  /** From whatever it is now: an update that failed half way may not have come to it. */
  async function changeTimeToLive(TableName: string, wanted: string | undefined) {
    const present = database.expiry.attributeOf(TableName)
    if (present === wanted) return
    for (const [AttributeName, Enabled] of [
      [present, false],
      [wanted, true],
    ] as const) {
      if (AttributeName === undefined) continue
      await updateTimeToLive(database, { TableName, TimeToLiveSpecification: { AttributeName, Enabled } })
    }
  }
}

const listed = (definitions: any): readonly any[] => (Array.isArray(definitions) ? definitions : [])

// Templates may write booleans as text.
const isOn = (specification: any) => String(specification?.Enabled) === 'true'
