import { createHash } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { Operation } from '../service.ts'
import { itemAccess } from './access.ts'
import type { Database } from './database.ts'
import { type Item, keysOf, type TableRecord } from './engine.ts'
import { invalid, refusal } from './errors.ts'
import { returnValuesOnConditionCheckFailure } from './item-operations.ts'
import { readShape, writeShape } from './transaction-shapes.ts'

/** How long a ClientRequestToken holds, in milliseconds. */
const TOKEN_LIFETIME_MS = 10 * 60 * 1000

/** TransactWriteItems and TransactGetItems: all or nothing, with nobody else inside. */
export function transactionOperations(database: Database): readonly Operation[] {
  const { tables } = database
  const tokens = new Map<string, { readonly fingerprint: string; readonly until: number }>()
  return [
    {
      name: 'TransactWriteItems',
      access: input => itemAccess(tables, 'TransactWriteItems', input),
      run: input => database.transaction(() => once(input, () => writeAll(database, input))),
    },
    {
      name: 'TransactGetItems',
      access: input => itemAccess(tables, 'TransactGetItems', input),
      run: input => database.gate.alone(() => readAll(database, input)),
    },
  ]

  /** A token seen before stands for work done before: it is not done again, and must be the same work. */
  async function once(input: any, work: () => Promise<unknown>): Promise<unknown> {
    const token: unknown = input.ClientRequestToken
    if (typeof token !== 'string') return work()
    const now = database.clock.now()
    for (const [old, { until }] of tokens) {
      if (until > now) break
      tokens.delete(old)
    }
    const fingerprint = createHash('sha256').update(JSON.stringify(input.TransactItems)).digest('base64')
    const before = tokens.get(token)
    if (before?.fingerprint === fingerprint) return {}
    if (before) {
      throw refusal(
        'IdempotentParameterMismatchException',
        'Request parameters do not match with those of previous request with the same client request token',
        { messageKey: 'Message' },
      )
    }
    const output = await work()
    tokens.set(token, { fingerprint, until: now + TOKEN_LIFETIME_MS })
    return output
  }
}

const engineOperations = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const

interface Step {
  readonly kind: keyof typeof engineOperations
  readonly input: any
  readonly table: TableRecord
  readonly key: Item
  readonly before: Item | undefined
  readonly reason: Reason
}

interface Reason {
  readonly Code: string
  readonly Message?: string
  readonly Item?: Item
}

const fine: Reason = { Code: 'None' }

async function writeAll(database: Database, input: any): Promise<unknown> {
  const { engine } = database
  const { TransactItems, ReturnConsumedCapacity } = engine.checkShape(writeShape, input)
  const steps: Step[] = []
  for (const item of TransactItems) steps.push(await prepare(database, item))
  refuseTwiceTheSame(steps)
  cancelUnlessFine(steps.map(step => step.reason))

  const done: Step[] = []
  const capacities: any[] = []
  for (const step of steps) {
    try {
      capacities.push(await apply(database, step, ReturnConsumedCapacity))
      done.push(step)
    } catch (error) {
      // Some flaws show only in the doing, such as adding a number to a text. What was done is undone.
      for (const one of done.reverse()) await undo(database, one)
      if (!(error instanceof AwsError && error.code === 'ValidationException') || isEmptyKey(error.message)) {
        throw error
      }
      const flaw = { Code: 'ValidationError', Message: error.message }
      throw cancelled(steps.map(one => (one === step ? flaw : fine)))
    }
  }
  return consumed(ReturnConsumedCapacity, capacities)
}

/** An empty key refuses the whole call, where other flaws are reasons to cancel it. */
const isEmptyKey = (flaw: string) => flaw.includes('cannot contain an empty')

async function prepare({ engine, tables }: Database, item: any): Promise<Step> {
  const kinds = Object.keys(item ?? {})
  const kind = kinds[0] as Step['kind']
  if (kinds.length !== 1) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete')
  }
  const input = { ...item[kind], TableName: tables.nameOf(item[kind].TableName) }
  const checked = engine.check(engineOperations[kind], input, returnValuesOnConditionCheckFailure)
  const table = await engine.table(checked.TableName)
  const flaw = kind === 'Put' ? engine.itemFlaw(checked.Item, table) : engine.keyFlaw(checked.Key, table)
  if (flaw !== undefined) {
    if (isEmptyKey(flaw)) throw invalid(flaw)
    const reason = { Code: 'ValidationError', Message: flaw }
    return { kind, input, table, key: {}, before: undefined, reason }
  }
  const key = kind === 'Put' ? keysOf(checked.Item, table.KeySchema) : checked.Key
  const before = await engine.find(table, key)
  if (engine.meetsCondition(checked, before)) return { kind, input, table, key, before, reason: fine }
  const shown = before && input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? { Item: before } : {}
  const reason = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...shown }
  return { kind, input, table, key, before, reason }
}

async function apply({ engine }: Database, { kind, input, before }: Step, ReturnConsumedCapacity: unknown) {
  const { ReturnValuesOnConditionCheckFailure: _, ...rest } = input
  if (kind !== 'ConditionCheck') {
    return (await engine.call(engineOperations[kind], { ...rest, ReturnConsumedCapacity })).ConsumedCapacity
  }
  const units = Math.max(1, Math.ceil((before ? engine.sizeOf(before) : 0) / 1024))
  return { TableName: input.TableName, CapacityUnits: units }
}

async function undo({ engine }: Database, { kind, table, key, before }: Step) {
  const { TableName } = table
  if (kind === 'ConditionCheck') return
  if (before) await engine.call('PutItem', { TableName, Item: before })
  else await engine.call('DeleteItem', { TableName, Key: key })
}

async function readAll({ engine, tables }: Database, input: any): Promise<unknown> {
  const { TransactItems, ReturnConsumedCapacity } = engine.checkShape(readShape, input)
  const asked: { readonly input: any; readonly table: TableRecord; readonly key: Item }[] = []
  for (const item of TransactItems) {
    const { Get } = item ?? {}
    if (!Get) throw invalid('TransactItems can only contain Get')
    const one = { ...Get, TableName: tables.nameOf(Get.TableName), ReturnConsumedCapacity }
    const checked = engine.check('GetItem', one)
    asked.push({ input: one, table: await engine.table(checked.TableName), key: checked.Key })
  }
  cancelUnlessFine(
    asked.map(({ key, table }) => {
      const Message = engine.keyFlaw(key, table)
      return Message === undefined ? fine : { Code: 'ValidationError', Message }
    }),
  )
  refuseTwiceTheSame(asked)
  const outputs: any[] = []
  for (const one of asked) outputs.push(await engine.call('GetItem', { ...one.input, ConsistentRead: true }))
  return {
    Responses: outputs.map(({ Item }) => (Item ? { Item } : {})),
    ...consumed(
      ReturnConsumedCapacity,
      outputs.map(output => output.ConsumedCapacity),
    ),
  }
}

function refuseTwiceTheSame(steps: readonly { readonly table: TableRecord; readonly key: Item }[]) {
  const keys = steps
    .filter(({ key }) => Object.keys(key).length > 0)
    .map(({ table, key }) => JSON.stringify([table.TableName, keysOf(key, table.KeySchema)]))
  if (new Set(keys).size < keys.length) {
    throw invalid('Transaction request cannot include multiple operations on one item')
  }
}

function cancelUnlessFine(reasons: readonly Reason[]) {
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons)
}

const cancelled = (reasons: readonly Reason[]) =>
  refusal(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    { messageKey: 'Message', CancellationReasons: reasons },
  )

/** Transactions cost twice: once to prepare, once to commit. */
function consumed(wanted: unknown, capacities: readonly any[]) {
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return {}
  const byTable = new Map<string, number>()
  for (const { TableName, CapacityUnits } of capacities) {
    byTable.set(TableName, (byTable.get(TableName) ?? 0) + 2 * CapacityUnits)
  }
  return {
    ConsumedCapacity: [...byTable].map(([TableName, CapacityUnits]) => ({
      TableName,
      CapacityUnits,
      ...(wanted === 'INDEXES' ? { Table: { CapacityUnits } } : {}),
    })),
  }
}
