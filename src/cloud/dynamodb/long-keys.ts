// Keys of several attributes. A global index has had up to four partition and four sort attributes since November 2025 (AWS, "Multi-key
// support for Global Secondary Index in Amazon DynamoDB"). dynalite knows one of each, so it gets the rest from here.
// The rules and most sentences: Developer Guide, "Multi-attribute keys"; moto's tests that AWS has verified (getmoto/moto 9710);
// texts of refusals that others got from AWS (alchemy-run/alchemy 1216).
import { isLong, type KeyElement, longQuery } from './long-query.ts'

export interface EngineParts {
  action: (store: any, data: any, done: (error: any, output?: any) => void) => void
  types: any
  custom?: (data: any, store: any) => string | undefined
}

const MOST_OF_A_KIND = 4
const TWO_CONDITIONS = 'Conditions can be of length 1 or 2 only'

/** Teaches dynalite's CreateTable and Query keys of several attributes. */
export function allowLongKeys(
  { CreateTable, Query }: Record<'CreateTable' | 'Query', EngineParts>,
  database: any,
) {
  CreateTable.types = withAnyLength(CreateTable.types)
  const plainTable = CreateTable.custom!
  CreateTable.custom = (data, store) => {
    for (const { KeySchema } of data.GlobalSecondaryIndexes ?? []) {
      const flaw = flawOf(KeySchema, data.AttributeDefinitions)
      if (flaw) return flaw
    }
    return plainTable({ ...data, GlobalSecondaryIndexes: shortened(data.GlobalSecondaryIndexes) }, store)
  }

  const [plainConditions, plainQuery] = [Query.custom!, Query.action]
  Query.custom = (data, store) => {
    const flaw = plainConditions(data, store)
    // How many conditions there may be is known when the index is.
    return flaw === TWO_CONDITIONS && count(data.KeyConditions) > 0 ? undefined : flaw
  }
  Query.action = (store, data, done) => {
    const hasMany = count(data.KeyConditions) > 2
    if (data.IndexName === undefined && !hasMany) return plainQuery(store, data, done)
    store.getTable(data.TableName, (error: unknown, table: any) => {
      if (error) return done(error)
      const index = table.GlobalSecondaryIndexes?.find((one: any) => one.IndexName === data.IndexName)
      if (index && isLong(index.KeySchema)) return longQuery(database, store, table, index, data, done)
      if (hasMany) return done(database.validationError(TWO_CONDITIONS))
      plainQuery(store, data, done)
    })
  }
}

const count = (conditions: object | undefined): number => Object.keys(conditions ?? {}).length

function withAnyLength(types: any): any {
  const { GlobalSecondaryIndexes } = types
  const { lengthLessThanOrEqual: _, ...keySchema } = GlobalSecondaryIndexes.children.children.KeySchema
  const children = { ...GlobalSecondaryIndexes.children.children, KeySchema: keySchema }
  return {
    ...types,
    GlobalSecondaryIndexes: {
      ...GlobalSecondaryIndexes,
      children: { ...GlobalSecondaryIndexes.children, children },
    },
  }
}

/** Indexes whose long keys are cut to their first attribute: what else is wrong with them dynalite finds. */
const shortened = (indexes: readonly any[] | undefined) =>
  indexes?.map(index => (isLong(index.KeySchema) ? { ...index, KeySchema: [index.KeySchema[0]] } : index))

/** What is wrong with a long key. Of others dynalite knows it. */
function flawOf(keys: readonly KeyElement[], definitions: readonly any[] = []): string | undefined {
  if (!isLong(keys)) return undefined
  const names = keys.map(key => key.AttributeName)
  const defined = definitions.map(one => one.AttributeName)
  if (names.some(name => !defined.includes(name))) {
    return (
      'One or more parameter values were invalid: Some index key attributes are not defined in ' +
      `AttributeDefinitions. Keys: [${names.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`
    )
  }
  if (keys[0]!.KeyType !== 'HASH') {
    return 'Invalid KeySchema: The first KeySchemaElement is not a HASH key type'
  }
  if (new Set(names).size < names.length) {
    return 'The KeySchema contains multiple key attributes with the same name'
  }
  if (keys.some((key, at) => key.KeyType === 'HASH' && keys[at - 1]?.KeyType === 'RANGE')) {
    return 'One or more parameter values were invalid: All HASH key attributes must precede RANGE key attributes in the KeySchema'
  }
  for (const kind of ['HASH', 'RANGE']) {
    if (keys.filter(key => key.KeyType === kind).length > MOST_OF_A_KIND) {
      return `One or more parameter values were invalid: The KeySchema exceeds the maximum allowed number of ${kind} key attributes`
    }
  }
  return undefined
}
