import type { Database } from './database.ts'
import { keysOf, type Shape } from './engine.ts'
import { invalid } from './errors.ts'

/** Switches time to live on or off for a table. On AWS it may take an hour to take effect, here it has at once. */
export async function updateTimeToLive(database: Database, input: any): Promise<unknown> {
  const { engine, expiry, gate } = database
  return gate.alone(async () => {
    const { TableName, TimeToLiveSpecification } = engine.checkShape(shape, input)
    const table = await engine.table(TableName, { named: true })
    const { AttributeName, Enabled } = TimeToLiveSpecification
    const current = expiry.attributeOf(TableName)
    if (Enabled && current === AttributeName) throw invalid('TimeToLive is already enabled')
    if (Enabled && current !== undefined) {
      throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`)
    }
    if (!Enabled && current === undefined) throw invalid('TimeToLive is already disabled')
    if (Enabled) {
      const items = await engine.everything(TableName)
      expiry.enable(
        TableName,
        AttributeName,
        items.map(item => ({ tableName: TableName, keys: keysOf(item, table.KeySchema), item })),
      )
    } else {
      expiry.disable(TableName)
    }
    return { TimeToLiveSpecification }
  })
}

/** Says whether and by which attribute items of a table expire. */
export async function describeTimeToLive({ engine, expiry }: Database, input: any): Promise<unknown> {
  const disabled = await engine.call('DescribeTimeToLive', input)
  const AttributeName = expiry.attributeOf(input.TableName)
  return AttributeName === undefined
    ? disabled
    : { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName } }
}

const shape: Shape = {
  TableName: { type: 'String', required: true, tableName: true, regex: '[a-zA-Z0-9_.-]+' },
  TimeToLiveSpecification: {
    type: 'FieldStruct<TimeToLiveSpecification>',
    notNull: true,
    children: {
      AttributeName: {
        type: 'String',
        notNull: true,
        lengthGreaterThanOrEqual: 1,
        lengthLessThanOrEqual: 255,
      },
      Enabled: { type: 'Boolean', notNull: true },
    },
  },
}
