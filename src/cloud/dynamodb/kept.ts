import { AwsError } from '../error.ts'
import { type Keeper, type Kept, NotTaken } from '../kept.ts'
import type { Database } from './database.ts'
import { type Item, keysOf, type TableRecord } from './engine.ts'

/** The items of all tables. Time to live goes on with what is put back; streams and events are told nothing. */
export function tableKeeper({ engine, expiry, gate }: Database): Keeper<Kept['tables']> {
  return {
    save: () =>
      gate.alone(async () => {
        const tables: Record<string, readonly Item[]> = {}
        for (const name of await names()) tables[name] = await engine.everything(name)
        return tables
      }),
    load: kept =>
      gate.alone(async () => {
        for (const name of await names()) {
          const table = await engine.table(name)
          const items = (kept[name] ?? []).map((item, index) => taken(item, index, table))
          await engine.replaceAll(table, items)
          const attribute = expiry.attributeOf(name)
          if (attribute === undefined) continue
          expiry.enable(
            name,
            attribute,
            items.map(item => ({ tableName: name, keys: keysOf(item, table.KeySchema), item })),
          )
        }
      }),
  }

  /** The item as PutItem would take it. */
  function taken(item: Item, index: number, table: TableRecord): Item {
    const { TableName } = table
    try {
      const { Item: checked } = engine.check('PutItem', { TableName, Item: item })
      const flaw = engine.itemFlaw(checked, table)
      if (flaw === undefined) return checked
      throw new NotTaken(TableName, index, flaw)
    } catch (error) {
      if (error instanceof AwsError) throw new NotTaken(TableName, index, error.message)
      throw error
    }
  }

  async function names(): Promise<readonly string[]> {
    const all: string[] = []
    for (let last: string | undefined; ; ) {
      const page = await engine.call(
        'ListTables',
        last === undefined ? {} : { ExclusiveStartTableName: last },
      )
      all.push(...page.TableNames)
      last = page.LastEvaluatedTableName
      if (last === undefined) return all
    }
  }
}
