import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import { denialText } from '../iam/denial.ts'
import type { Keeper, Kept } from '../kept.ts'
import type { Service } from '../service.ts'
import type { Work } from '../work.ts'
import { onUsable } from './creating.ts'
import { openDatabase } from './database.ts'
import { globalTableResource } from './global-table-resource.ts'
import { itemOperations } from './item-operations.ts'
import { tableKeeper } from './kept.ts'
import { streamOperations } from './streams/operations.ts'
import type { Streams } from './streams/streams.ts'
import { tableOperations } from './table-operations.ts'
import { tableResource } from './table-resource.ts'
import { transactionOperations } from './transactions.ts'

/** DynamoDB, running. */
export interface DynamoDb {
  readonly service: Service
  /** DynamoDB Streams. */
  readonly streamService: Service
  /** The streams of tables, for event source mappings. */
  readonly streams: Streams
  /** `AWS::DynamoDB::Table` and `AWS::DynamoDB::GlobalTable` with one replica. */
  readonly resources: readonly ResourceType[]
  /** The items of all tables. */
  readonly kept: Keeper<Kept['tables']>
  /** Waits for what is under way and forgets everything. */
  stop(): Promise<void>
}

/**
 * Starts DynamoDB without a table: dynalite's engine in this process, and what it lacks. Each change of an item is told to
 * `events`; what it does of its own accord is counted in `work`.
 */
export function startDynamoDb(cloud: {
  account: Account
  clock: Clock
  events: Events
  work?: Work
  /** How long CreateTable takes, in milliseconds of real time: 0, unless given. */
  creationMs?: number
}): DynamoDb {
  const database = openDatabase(cloud)
  const service: Omit<Service, 'operations'> = {
    signingName: 'dynamodb',
    protocol: 'json-1.0',
    // facts: J1
    denied: (access, decision, call) =>
      new AwsError('AccessDeniedException', denialText(call.principal, access, decision), 400, {
        __type: 'com.amazon.coral.service#AccessDeniedException',
        messageKey: 'Message',
      }),
  }
  return {
    service: {
      ...service,
      targetPrefix: 'DynamoDB_20120810',
      operations: [
        ...[...itemOperations(database), ...transactionOperations(database)].map(one =>
          onUsable(database, one),
        ),
        ...tableOperations(database),
      ],
    },
    streamService: {
      ...service,
      targetPrefix: 'DynamoDBStreams_20120810',
      operations: streamOperations(database),
    },
    streams: database.streams,
    resources: [tableResource(database), globalTableResource(database)],
    kept: tableKeeper(database),
    stop: () => database.stop(),
  }
}
