export interface KeyElement {
  readonly AttributeName: string
  readonly KeyType: string
}

/** Whether a key has several partition or several sort attributes. */
export const isLong = (keys: readonly KeyElement[]): boolean =>
  partitionKeys(keys).length > 1 || sortKeys(keys).length > 1

export const partitionKeys = (keys: readonly KeyElement[]) => keys.filter(key => key.KeyType === 'HASH')
export const sortKeys = (keys: readonly KeyElement[]) => keys.filter(key => key.KeyType === 'RANGE')

type Done = (error: any, output?: any) => void
type Conditions = Readonly<Record<string, { ComparisonOperator: string; AttributeValueList: any[] }>>

/** dynalite's Query for an index whose key has several attributes: its checks, and where in the index it begins and ends. */
export function longQuery(database: any, store: any, table: any, index: any, data: any, done: Done): unknown {
  const keys: readonly KeyElement[] = index.KeySchema
  const startNames = [...new Set([...table.KeySchema, ...keys].map(key => key.AttributeName))]
  const flaw =
    (data.ConsistentRead ? 'Consistent reads are not supported on global secondary indexes' : undefined) ??
    conditionFlaw(table, keys, data.KeyConditions) ??
    startFlaw(database, table, keys, startNames, data) ??
    readFlaw(index, data)
  if (flaw !== undefined) return done(database.validationError(flaw))
  const nested = [data._projection, data._filter]
    .map(expression => database.validateKeyPaths(expression?.nestedPaths, table))
    .find(error => error)
  if (nested) return done(nested)
  const bounds = boundsOf(database, table, keys, data)
  return database.queryTable(store, table, data, bounds, false, false, startNames, done)
}

const NOT_INDEXABLE = ['NULL', 'NOT_NULL', 'NE', 'CONTAINS', 'NOT_CONTAINS', 'IN']
const typeOf = (table: any, name: string): string =>
  table.AttributeDefinitions.find((one: any) => one.AttributeName === name).AttributeType

/** Every partition attribute is equal to something; sort attributes come left to right, and only the last may be in a range. */
function conditionFlaw(table: any, keys: readonly KeyElement[], conditions: Conditions): string | undefined {
  const names = Object.keys(conditions)
  const missing = 'Query condition missed key schema element: '
  for (const { AttributeName: name } of partitionKeys(keys)) if (!conditions[name]) return missing + name
  const sorts = sortKeys(keys).map(key => key.AttributeName)
  const given = sorts.filter(name => conditions[name])
  const unknown = names.filter(name => !keys.some(key => key.AttributeName === name))
  const gap = sorts.find((name, at) => !conditions[name] && (at < given.length || unknown.length > 0))
  if (gap !== undefined) return missing + gap
  if (unknown.length > 0) return 'Query key condition not supported'
  for (const { AttributeName: name, KeyType } of keys.filter(key => conditions[key.AttributeName])) {
    const { ComparisonOperator, AttributeValueList } = conditions[name]!
    if (NOT_INDEXABLE.includes(ComparisonOperator)) {
      return 'Attempted conditional constraint is not an indexable operation'
    }
    const type = typeOf(table, name)
    if (AttributeValueList.some(value => value[type] == null)) {
      return 'One or more parameter values were invalid: Condition parameter type does not match schema type'
    }
    const mayBeRange = KeyType === 'RANGE' && name === given.at(-1)
    if (ComparisonOperator !== 'EQ' && !mayBeRange) return 'Query key condition not supported'
  }
  return undefined
}

/** The key to go on from has every attribute of both keys, and lies within what is asked for. */
function startFlaw(
  database: any,
  table: any,
  keys: readonly KeyElement[],
  names: readonly string[],
  { ExclusiveStartKey: start, KeyConditions: conditions }: any,
): string | undefined {
  if (!start) return undefined
  if (Object.keys(start).length !== names.length || names.some(name => !start[name])) {
    return 'The provided starting key is invalid'
  }
  const all = [...table.KeySchema, ...keys].map(key => key.AttributeName)
  if (all.some(name => start[name][typeOf(table, name)] == null)) {
    return 'The provided starting key is invalid: The provided key element does not match the schema'
  }
  for (const { AttributeName: name, KeyType } of keys) {
    const condition = conditions[name]
    if (!condition) continue
    if (database.compare(condition.ComparisonOperator, start[name], condition.AttributeValueList)) continue
    return KeyType === 'HASH'
      ? 'The provided starting key is outside query boundaries based on provided conditions'
      : 'The provided starting key does not match the range key predicate'
  }
  return undefined
}

function readFlaw(index: any, data: any): string | undefined {
  const heads = data.QueryFilter ?? data._filter?.pathHeads ?? {}
  const filtered = index.KeySchema.find((key: KeyElement) => heads[key.AttributeName])
  if (filtered) {
    return (
      `${data.QueryFilter ? 'QueryFilter' : 'Filter Expression'} can only contain non-primary key attributes: ` +
      `Primary key attribute: ${filtered.AttributeName}`
    )
  }
  if (data.Select === 'ALL_ATTRIBUTES' && index.Projection.ProjectionType !== 'ALL') {
    return (
      'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for ' +
      `global secondary index ${data.IndexName} because its projection type is not ALL`
    )
  }
  return undefined
}

/** dynalite keeps an index in the order of texts: a hash of the first attribute, then every attribute, each followed by a slash. */
function boundsOf(
  database: any,
  table: any,
  keys: readonly KeyElement[],
  data: any,
): Record<string, unknown> {
  const conditions: Conditions = data.KeyConditions
  const first = keys[0]!.AttributeName
  const type = typeOf(table, first)
  let prefix = `${database.hashPrefix(conditions[first]!.AttributeValueList[0][type], type)}/`
  let bounds: { readonly low: object; readonly high: object } | undefined
  for (const { AttributeName } of keys) {
    const condition = conditions[AttributeName]
    if (!condition) break
    const [value, last] = condition.AttributeValueList.map(one => database.toRangeStr(one) as string)
    if (condition.ComparisonOperator === 'EQ') prefix += `${value}/`
    else bounds = rangeOf(condition.ComparisonOperator, prefix, value!, last)
  }
  const { low, high } = bounds ?? { low: { gte: prefix }, high: { lt: `${prefix}~` } }
  const start = data.ExclusiveStartKey && database.createIndexKey(data.ExclusiveStartKey, table, keys)
  const backwards = data.ScanIndexForward === false
  return {
    reverse: backwards,
    limit: data.Limit ? data.Limit + 1 : -1,
    ...(start && !backwards ? { gt: start } : low),
    ...(start && backwards ? { lt: start } : high),
  }
}

function rangeOf(operator: string, prefix: string, value: string, last = value) {
  const [from, to] = [`${prefix}${value}/`, `${prefix}${last}/~`]
  const [beginning, end] = [{ gte: prefix }, { lt: `${prefix}~` }]
  switch (operator) {
    case 'LT':
      return { low: beginning, high: { lt: from } }
    case 'LE':
      return { low: beginning, high: { lte: to } }
    case 'GT':
      return { low: { gt: to }, high: end }
    case 'GE':
      return { low: { gte: from }, high: end }
    case 'BEGINS_WITH':
      return { low: { gte: prefix + value }, high: { lt: `${prefix}${value}~` } }
    default:
      return { low: { gte: from }, high: { lte: to } }
  }
}
