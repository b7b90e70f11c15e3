import { AwsError } from '../error.ts'
import type { Operation } from '../service.ts'
import { itemAccess } from './access.ts'
import type { Database } from './database.ts'
import { type EngineOperation, keysOf } from './engine.ts'
import { invalid } from './errors.ts'

/** Operations on items of one table or, in batches, of several. Each may name a table by its ARN. */
export const itemOperations = (database: Database): readonly Operation[] => [
  ...(['GetItem', 'Query', 'Scan'] as const).map(name =>
    onItems(database, name, input => database.gate.together(() => call(database, name, input))),
  ),
  ...(['PutItem', 'UpdateItem', 'DeleteItem'] as const).map(name =>
    onItems(database, name, input => write(database, name, input)),
  ),
  ...(['BatchGetItem', 'BatchWriteItem'] as const).map(name =>
    onItems(database, name, input => database.gate.together(() => batch(database, name, input))),
  ),
]

const onItems = ({ tables }: Database, name: string, run: (input: any) => Promise<unknown>): Operation => ({
  name,
  access: input => itemAccess(tables, name, input),
  run,
})

const call = ({ engine, tables }: Database, name: EngineOperation, input: any, more?: object) =>
  engine.call(name, { ...input, TableName: tables.nameOf(input.TableName) }, more as never)

/** dynalite does not know this member; it stands with every condition. */
export const returnValuesOnConditionCheckFailure = {
  ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] },
}

function write(database: Database, name: 'PutItem' | 'UpdateItem' | 'DeleteItem', input: any) {
  const attempt = () => call(database, name, input, returnValuesOnConditionCheckFailure)
  if (input.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return database.gate.together(attempt)
  // Alone, so that the item shown is the item that failed the condition.
  return database.gate.alone(async () => {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'ConditionalCheckFailedException')) throw error
      const table = await database.engine.table(String(database.tables.nameOf(input.TableName)))
      const item = await database.engine.find(table, input.Key ?? keysOf(input.Item, table.KeySchema))
      throw item
        ? new AwsError(error.code, error.message, error.status, { ...error.members, Item: item })
        : error
    }
  })
}

async function batch(
  { engine, tables }: Database,
  name: 'BatchGetItem' | 'BatchWriteItem',
  input: any,
): Promise<unknown> {
  const asked = input.RequestItems
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) return engine.call(name, input)
  const givenNames = new Map(
    Object.keys(asked).map(given => [tables.nameOf(given), given] as [string, string]),
  )
  if (givenNames.size < Object.keys(asked).length) throw invalid('A table may be named only once in a batch')
  const output = await engine.call(name, { ...input, RequestItems: renamed(asked, tables.nameOf) })
  const given = (tableName: string) => givenNames.get(tableName) ?? tableName
  return Object.fromEntries(
    Object.entries<any>(output).map(([member, value]) => [
      member,
      member === 'ConsumedCapacity' ? value : renamed(value, given),
    ]),
  )
}

const renamed = (byTable: object, name: (tableName: string) => string) =>
  Object.fromEntries(Object.entries(byTable).map(([tableName, value]) => [name(tableName), value]))
