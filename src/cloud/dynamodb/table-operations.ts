import type { Access, Operation } from '../service.ts'
import { tableAccess } from './access.ts'
import { refuseWhileCreating } from './creating.ts'
import type { Database } from './database.ts'
import { invalid } from './errors.ts'
import { getResourcePolicy } from './resource-policy.ts'
import { createTable, deleteTable, describeTable } from './table.ts'
import { updateTable } from './table-update.ts'
import { describeTimeToLive, updateTimeToLive } from './time-to-live.ts'

/** Operations on tables as such: their making and changing, tags, time to live, policies. */
export const tableOperations = (database: Database): readonly Operation[] => [
  onTable(database, 'CreateTable', createForAWhile, input =>
    // Whoever gives tags must be allowed to tag.
    input.Tags?.length ? [tableAccess(database.tables, 'TagResource', input.TableName)] : [],
  ),
  onTable(database, 'DescribeTable', describeTable),
  onTable(database, 'UpdateTable', onceMade(updateTable)),
  onTable(database, 'DeleteTable', onceMade(deleteTable)),
  onTable(database, 'DescribeTimeToLive', describeTimeToLive),
  onTable(database, 'UpdateTimeToLive', updateTimeToLive),
  ...(['TagResource', 'UntagResource', 'ListTagsOfResource'] as const).map(name => onTags(database, name)),
  getResourcePolicy(database),
  {
    name: 'ListTables',
    access: () => [{ action: 'dynamodb:ListTables', resource: '*' }],
    run: input => database.engine.call('ListTables', input),
  },
]

const onceMade =
  (run: (database: Database, input: any) => Promise<unknown>) => async (database: Database, input: any) => {
    refuseWhileCreating(database, input.TableName)
    return run(database, input)
  }

/** Answers at once, and then takes a moment. */
async function createForAWhile(database: Database, input: any) {
  const created = await createTable(database, input)
  database.tables.facts.get(input.TableName)!.usableAt = performance.now() + database.creationMs
  return created
}

function onTable(
  database: Database,
  name: string,
  run: (database: Database, input: any) => Promise<unknown>,
  further: (input: any) => readonly Access[] = () => [],
): Operation {
  const { tables } = database
  return {
    name,
    access: input =>
      input.TableName === undefined
        ? [] // Refused for want of a table by the operation itself.
        : [tableAccess(tables, name, input.TableName), ...further(input)],
    run: input => run(database, { ...input, TableName: tables.nameOf(input.TableName) }),
  }
}

function onTags(
  { engine, tables, account }: Database,
  name: 'TagResource' | 'UntagResource' | 'ListTagsOfResource',
): Operation {
  return {
    name,
    access: input => (input.ResourceArn === undefined ? [] : [tableAccess(tables, name, input.ResourceArn)]),
    async run(input) {
      if (typeof input.ResourceArn === 'string' && !input.ResourceArn.startsWith('arn:')) {
        throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${input.ResourceArn}`)
      }
      const tableName = tables.nameOf(input.ResourceArn)
      const known = typeof tableName === 'string' && tableName !== input.ResourceArn
      const output = await engine.call(name, {
        ...input,
        // The engine knows the partition `aws` only.
        ...(known
          ? { ResourceArn: `arn:aws:dynamodb:${account.region}:${account.accountId}:table/${tableName}` }
          : {}),
      })
      return output || {}
    },
  }
}
