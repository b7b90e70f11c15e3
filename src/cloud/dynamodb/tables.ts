import type { Account } from '../account.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import type { TableRecord } from './engine.ts'
import { refusal } from './errors.ts'

/** What is known of a table beyond the engine's record of it, at hand without waiting: authorization asks for it. */
export interface TableFacts {
  readonly arn: string
  /** Seconds since the epoch by the cloud's clock. */
  readonly createdAt: number
  readonly hashKey: string
  readonly tableId: string
  /** When CreateTable is through, by `performance.now()`: until then it is CREATING. */
  usableAt?: number
  /** By index name. */
  indexHashKeys: Readonly<Record<string, string>>
  keySchema: TableRecord['KeySchema']
  deletionProtected: boolean
  resourcePolicy?: PolicyDocument
  /** Settings that change nothing here but are shown by DescribeTable: `TableClassSummary`, `SSEDescription` … */
  shown: Readonly<Record<string, unknown>>
}

/** The tables that exist, by name, and what they are called. */
export interface Tables {
  readonly facts: Map<string, TableFacts>
  arn(tableName: string): string
  /** The name in a `TableName` member, which may hold an ARN. Throws `ResourceNotFoundException` for another account's or region's. */
  nameOf<T>(tableName: T): T | string
}

/** An account without tables. */
export function noTables(account: Account): Tables {
  const home = `arn:${account.partition}:dynamodb:${account.region}:${account.accountId}:table/`
  return {
    facts: new Map(),
    arn: tableName => home + tableName,
    nameOf(tableName) {
      if (typeof tableName !== 'string' || !tableName.startsWith('arn:')) return tableName
      if (!tableName.startsWith(home)) {
        throw refusal('ResourceNotFoundException', 'Requested resource not found')
      }
      return tableName.slice(home.length)
    },
  }
}

/** The partition key of each index. */
export const indexHashKeys = (table: TableRecord): Record<string, string> =>
  Object.fromEntries(
    [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].map((index: any) => [
      index.IndexName,
      index.KeySchema[0].AttributeName,
    ]),
  )
