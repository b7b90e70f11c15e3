import type { Operation } from '../service.ts'
import type { Database } from './database.ts'
import { refusal } from './errors.ts'

/** Until the moment that CreateTable gave it, a table is CREATING. */
export const isCreating = ({ tables }: Pick<Database, 'tables'>, name: string): boolean =>
  (tables.facts.get(name)?.usableAt ?? 0) > performance.now()

/** An operation on items, which does not find a table that is still being made. */
export const onUsable = (database: Database, operation: Operation): Operation => ({
  ...operation,
  run(input, call) {
    const early = tableNamesIn(input)
      .map(database.tables.nameOf)
      .find(name => isCreating(database, name))
    if (early !== undefined) throw refusal('ResourceNotFoundException', 'Requested resource not found')
    return operation.run(input, call)
  },
})

/** Throws DynamoDB's refusal of a change of a table that is still being made. */
export function refuseWhileCreating(database: Database, name: unknown): void {
  if (typeof name !== 'string' || !isCreating(database, name)) return
  throw refusal(
    'ResourceInUseException',
    `Attempt to change a resource which is still in use: Table is being created: ${name}`,
  )
}

/** Every table that an operation on items names. */
function tableNamesIn({ TableName, RequestItems, TransactItems }: any): readonly string[] {
  const inTransaction = Array.isArray(TransactItems)
    ? TransactItems.flatMap(one => Object.values<any>(one ?? {}).map(part => part?.TableName))
    : []
  const inBatch = typeof RequestItems === 'object' && RequestItems !== null ? Object.keys(RequestItems) : []
  return [TableName, ...inBatch, ...inTransaction].filter(name => typeof name === 'string')
}
