import { createRequire } from 'node:module'
import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import { allowLongKeys, type EngineParts } from './long-keys.ts'
import { inAwsWords } from './syntax-error.ts'

// dynalite is CommonJS without types; everything that is known about its insides is known in this file alone.
const require = createRequire(import.meta.url)
const database = require('dynalite/db')
const validations = require('dynalite/validations')

/** An item, or a key, as the wire has it: `{ "id": { "S": "a" } }`. */
export type Item = Record<string, AttributeValue>
export type AttributeValue = Readonly<Record<string, any>>

/** A table as the engine keeps it: the members of DescribeTable. */
export type TableRecord = Record<string, any> & {
  readonly TableName: string
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[]
}

/** How one item changed. `item` is the item as it now is, `before` as it was; after a REMOVE there is no `item`. */
export interface Change {
  readonly tableName: string
  readonly change: 'INSERT' | 'MODIFY' | 'REMOVE'
  readonly keys: Item
  readonly item?: Item
  readonly before?: Item
}

/** A shape in dynalite's notation of types and constraints. */
export type Shape = Readonly<Record<string, unknown>>

/** dynalite's engine: AWS's checks of inputs, tables, items and indexes, in memory, without a server. */
export interface Engine {
  /** Runs one of dynalite's operations after its checks; `more` names members that AWS has meanwhile added to the input. Throws `AwsError`. */
  call(operation: EngineOperation, input: any, more?: Shape): Promise<any>
  /** Checks and converts an input by a shape, as AWS does. Throws `AwsError`. */
  checkShape(shape: Shape, input: any): any
  /** Checks an input as the operation would and answers with the checked copy. Throws `AwsError`. */
  check(operation: EngineOperation, input: any, more?: Shape): any
  /** Throws `ResourceNotFoundException`; the table's name is in its message when `named`. */
  table(name: string, options?: { readonly named: boolean }): Promise<TableRecord>
  /** The table in whatever state, or undefined. */
  peek(name: string): Promise<TableRecord | undefined>
  putTable(table: TableRecord): Promise<void>
  /** The key's flaw in AWS's words. */
  keyFlaw(key: Item, table: TableRecord): string | undefined
  /** The flaw of an item's key and index attributes in AWS's words. */
  itemFlaw(item: Item, table: TableRecord): string | undefined
  /** Whether an existing item (or none) meets the condition of a checked input. */
  meetsCondition(checked: any, item: Item | undefined): boolean
  /** Item by key, or undefined. */
  find(table: TableRecord, key: Item): Promise<Item | undefined>
  /** The whole table, unordered. */
  everything(tableName: string): Promise<readonly Item[]>
  /** Makes these the items of a table. Nobody hears of it. */
  replaceAll(table: TableRecord, items: readonly Item[]): Promise<void>
  /** Enters an item into one index of a table. */
  enterIndex(table: TableRecord, index: unknown, item: Item): Promise<void>
  dropIndex(tableName: string, indexName: string): Promise<void>
  /** Bytes, by AWS's rules. */
  sizeOf(item: Item): number
  stop(): Promise<void>
}

const operations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const

export type EngineOperation = (typeof operations)[number]

const modules = Object.fromEntries(
  operations.map(name => {
    const file = validations.toLowerFirst(name)
    const { types, custom } = require(`dynalite/validations/${file}`)
    return [name, { action: require(`dynalite/actions/${file}`), types, custom }]
  }),
) as Record<EngineOperation, EngineParts>

refuseEmptyIndexKeys()
allowLongKeys(modules, database)

/** Opens an empty engine for an account; `changed` hears of every item written or removed, after it has happened. */
export function openEngine(account: Account, changed: (change: Change) => void): Engine {
  const store = database.create({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 })
  // dynalite reads these from the environment, once; they go into every ARN it makes.
  store.tableDb.awsAccountId = account.accountId
  store.tableDb.awsRegion = account.region
  const quietly = tellOfWrites(store, changed)

  return {
    async call(operation, input, more) {
      const checked = check(operation, input, more)
      return answered(done => modules[operation].action(store, checked, done))
    },
    checkShape: (shape, input) =>
      translated(() => {
        const checked = validations.checkTypes({ ...input }, shape)
        validations.checkValidations(checked, shape, undefined, store)
        return checked
      }),
    check,
    table: (name, options) => answered(done => store.getTable(name, !options?.named, done)),
    peek: name => answered(done => store.tableDb.get(name, done)),
    putTable: table => answered(done => store.tableDb.put(table.TableName, table, done)),
    keyFlaw: (key, table) => database.validateKey(key, table)?.message,
    itemFlaw: (item, table) => database.validateItem(item, table)?.message,
    meetsCondition: (checked, item) => !database.checkConditional(checked, item),
    find: (table, key) =>
      answered(done => store.getItemDb(table.TableName).get(database.createKey(key, table), done)),
    async everything(tableName) {
      const items: Item[] = []
      let from: Item | undefined
      do {
        const page = await this.call('Scan', {
          TableName: tableName,
          ...(from ? { ExclusiveStartKey: from } : {}),
        })
        items.push(...page.Items)
        from = page.LastEvaluatedKey
      } while (from)
      return items
    },
    async replaceAll(table, items) {
      const stored = store.getItemDb(table.TableName)
      const replace = (key: string, was: Item | undefined, is: Item | undefined) =>
        quietly(table.TableName, key, async () => {
          await answered(done => (is ? stored.put(key, is, done) : stored.del(key, done)))
          await answered(done => database.updateIndexes(store, table, was, is, done))
        })
      const keyOf = (item: Item): string => database.createKey(item, table)
      const wanted = new Map(items.map(item => [keyOf(item), item]))
      const there = new Map((await this.everything(table.TableName)).map(item => [keyOf(item), item]))
      for (const [key, item] of wanted) await replace(key, there.get(key), item)
      for (const [key, item] of there) if (!wanted.has(key)) await replace(key, item, undefined)
    },
    enterIndex: (table, index, item) =>
      answered(done =>
        database.updateIndexes(
          store,
          { ...table, LocalSecondaryIndexes: [], GlobalSecondaryIndexes: [index] },
          undefined,
          item,
          done,
        ),
      ),
    dropIndex: (tableName, indexName) =>
      answered(done => store.deleteIndexDb('Global', tableName, indexName, done)),
    sizeOf: item => database.itemSize(item),
    stop: () => store.lifecycleManager.gracefulClose(),
  }

  function check(operation: EngineOperation, input: any, more?: Shape) {
    const { types, custom } = modules[operation]
    const shape = more ? { ...types, ...more } : types
    try {
      return translated(() => {
        const checked = validations.checkTypes({ ...input }, shape)
        validations.checkValidations(checked, shape, custom, store)
        return checked
      })
    } catch (error) {
      throw inAwsWords(error, input)
    }
  }
}

/** dynalite takes an empty text or binary as the key of an index, which AWS refuses: an update in other words than an item. */
function refuseEmptyIndexKeys() {
  const { validateItem, validateUpdates, traverseIndexes, validationError } = database
  const refusal = (what: string, value: AttributeValue, where: string) => {
    const kind = value.S === '' ? 'string' : value.B === '' ? 'binary' : undefined
    return kind === undefined
      ? undefined
      : validationError(
          `One or more parameter values are not valid. ${what} The AttributeValue for a key attribute cannot contain an empty ${kind} value.${where}`,
        )
  }
  database.validateItem = (item: Item, table: TableRecord) =>
    validateItem(item, table) ||
    traverseIndexes(table, (name: string, _: string, { IndexName }: { IndexName: string }) =>
      refusal(
        'A value specified for a secondary index key is not supported.',
        item[name] ?? {},
        ` IndexName: ${IndexName}, IndexKey: ${name}`,
      ),
    )
  database.validateUpdates = (attributes: any, expression: any, table: TableRecord) =>
    validateUpdates(attributes, expression, table) ||
    traverseIndexes(table, (name: string) => {
      const set = expression?.sections.find(
        ({ type, path }: any) => type === 'set' && path.length === 1 && path[0] === name,
      )
      return refusal(
        'The update expression attempted to update a secondary index key to a value that is not supported.',
        set?.val ?? attributes?.[name]?.Value ?? {},
        '',
      )
    })
}

/**
 * Hears of writes at the storage, the one place that every operation passes, and remembers which items there are. The answer runs a task
 * whose writes of one key are not told.
 */
function tellOfWrites(store: any, changed: (change: Change) => void) {
  const quiet = new Set<string>()
  const stored = new WeakMap<object, Map<string, { readonly keys: Item; readonly item: Item }>>()
  const { getItemDb } = store

  store.getItemDb = (tableName: string) => {
    const items = getItemDb(tableName)
    if (stored.has(items)) return items
    const present = new Map<string, { readonly keys: Item; readonly item: Item }>()
    stored.set(items, present)
    const { put, del } = items
    let keySchema: TableRecord['KeySchema'] | undefined

    items.put = (key: string, item: Item, done: (error: unknown) => void) => {
      const write = () =>
        put(key, item, (error: unknown) => {
          if (!error) {
            const before = present.get(key)?.item
            const keys = keysOf(item, keySchema!)
            present.set(key, { keys, item })
            if (quiet.has(`${tableName} ${key}`)) return done(error)
            if (before) changed({ tableName, change: 'MODIFY', keys, item, before })
            else changed({ tableName, change: 'INSERT', keys, item })
          }
          done(error)
        })
      if (keySchema) return write()
      store.getTable(tableName, false, (error: unknown, table: TableRecord) => {
        if (error) return done(error)
        keySchema = table.KeySchema
        write()
      })
    }
    items.del = (key: string, done: (error: unknown) => void) =>
      del(key, (error: unknown) => {
        const was = present.get(key)
        if (!error && was) {
          present.delete(key)
          if (!quiet.has(`${tableName} ${key}`))
            changed({ tableName, change: 'REMOVE', keys: was.keys, before: was.item })
        }
        done(error)
      })
    return items
  }

  return async (tableName: string, key: string, task: () => Promise<void>): Promise<void> => {
    const name = `${tableName} ${key}`
    quiet.add(name)
    try {
      await task()
    } finally {
      quiet.delete(name)
    }
  }
}

/** The key of an item. */
export const keysOf = (item: Item, keySchema: TableRecord['KeySchema']): Item =>
  Object.fromEntries(keySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]!]))

const answered = <T>(ask: (done: (error: any, answer?: any) => void) => void) =>
  new Promise<T>((resolve, reject) =>
    ask((error, answer) => (error ? reject(asAwsError(error)) : resolve(answer))),
  )

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    // dynalite's checks trip over a null inside a list or map, which AWS does not take either.
    throw error instanceof TypeError ? serializationError : asAwsError(error)
  }
}

const serializationError = new AwsError('SerializationException', '', 400, {
  __type: 'com.amazon.coral.service#SerializationException',
})

function asAwsError(error: any): unknown {
  if (!error?.body) return error
  const { __type, message, Message, ...members } = error.body
  return new AwsError(__type.split('#')[1], message ?? Message ?? '', error.statusCode, {
    __type,
    ...(Message === undefined ? {} : { messageKey: 'Message' }),
    ...members,
  })
}
