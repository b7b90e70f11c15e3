import type { Access } from '../service.ts'
import { attributesIn, fixedValue } from './expression.ts'
import type { TableFacts, Tables } from './tables.ts'

/** What IAM is asked before an operation on items: the action on each table or index named (facts: J3). */
export function itemAccess(tables: Tables, operation: string, input: any): readonly Access[] {
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return entries(input?.RequestItems).map(([tableName, requests]) =>
        tableAccess(tables, operation, tableName, facts =>
          operation === 'BatchGetItem'
            ? batchGetContext(facts, requests)
            : batchWriteContext(facts, requests),
        ),
      )
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return list(input?.TransactItems).flatMap(item =>
        entries(item).map(([kind, action]) =>
          tableAccess(tables, transactActions[kind] ?? kind, action?.TableName, facts => ({
            ...singleContext(facts, action),
            'dynamodb:EnclosingOperation': operation,
          })),
        ),
      )
    default:
      return input?.TableName === undefined
        ? [] // Without a table there is nothing to ask about, and nothing that could be done.
        : [
            tableAccess(
              tables,
              operation,
              input.TableName,
              facts => singleContext(facts, input),
              input.IndexName,
            ),
          ]
  }
}

/** The items of a transaction are checked as if each had been asked for by itself. */
const transactActions: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
}

type Context = Readonly<Record<string, string | readonly string[]>>

/** One question about a table, given by name or ARN, or about one of its indexes. */
export function tableAccess(
  tables: Tables,
  operation: string,
  tableName: unknown,
  context?: (facts: TableFacts | undefined) => Context,
  indexName?: unknown,
): Access {
  const name = String(tableName)
  const table = name.startsWith('arn:') ? name : tables.arn(name)
  const facts = tables.facts.get(name.startsWith('arn:') ? name.slice(name.lastIndexOf('/') + 1) : name)
  const own = facts?.arn === table ? facts : undefined
  return {
    action: `dynamodb:${operation}`,
    resource: indexName === undefined ? table : `${table}/index/${indexName}`,
    ...(context ? { context: context(own) } : {}),
    ...(own?.resourcePolicy ? { resourcePolicy: own.resourcePolicy } : {}),
  }
}

/** Context of an operation on one table: `dynamodb:LeadingKeys`, `Attributes`, `Select`, `ReturnValues`, `ReturnConsumedCapacity`. */
function singleContext(facts: TableFacts | undefined, input: any): Context {
  const hashKey =
    input?.IndexName === undefined ? facts?.hashKey : facts?.indexHashKeys[String(input.IndexName)]
  const leading =
    hashKey === undefined
      ? undefined
      : ((input?.Item ?? input?.Key)?.[hashKey] ?? fixedValue(input ?? {}, hashKey))
  return {
    ...leadingKeys([leading]),
    ...attributes([
      ...Object.keys(input?.Item ?? {}),
      ...Object.keys(input?.Key ?? {}),
      ...Object.keys(input?.AttributeUpdates ?? {}),
      ...Object.keys(input?.Expected ?? {}),
      ...Object.keys(input?.KeyConditions ?? {}),
      ...Object.keys(input?.QueryFilter ?? {}),
      ...Object.keys(input?.ScanFilter ?? {}),
      ...projected(input),
      ...[
        input?.UpdateExpression,
        input?.ConditionExpression,
        input?.KeyConditionExpression,
        input?.FilterExpression,
      ].flatMap(expression => attributesIn(expression, input?.ExpressionAttributeNames)),
    ]),
    ...asGiven('Select', input?.Select),
    ...asGiven('ReturnValues', input?.ReturnValues),
    ...asGiven('ReturnConsumedCapacity', input?.ReturnConsumedCapacity),
  }
}

const batchGetContext = (facts: TableFacts | undefined, request: any): Context => ({
  ...(facts ? leadingKeys(list(request?.Keys).map(key => key?.[facts.hashKey])) : {}),
  ...attributes([...list(request?.Keys).flatMap(key => Object.keys(key ?? {})), ...projected(request)]),
})

function batchWriteContext(facts: TableFacts | undefined, requests: any): Context {
  const items = list(requests).map(request => request?.PutRequest?.Item ?? request?.DeleteRequest?.Key)
  return {
    ...(facts ? leadingKeys(items.map(item => item?.[facts.hashKey])) : {}),
    ...attributes(items.flatMap(item => Object.keys(item ?? {}))),
  }
}

const projected = (input: any): readonly string[] => [
  ...list(input?.AttributesToGet).map(String),
  ...attributesIn(input?.ProjectionExpression, input?.ExpressionAttributeNames),
]

function leadingKeys(values: readonly any[]): Context {
  const keys = values.flatMap(value => value?.S ?? value?.N ?? value?.B ?? []).map(String)
  return keys.length > 0 ? { 'dynamodb:LeadingKeys': [...new Set(keys)] } : {}
}

const attributes = (names: readonly string[]): Context =>
  names.length > 0 ? { 'dynamodb:Attributes': [...new Set(names)] } : {}

const asGiven = (key: string, value: unknown): Context =>
  typeof value === 'string' ? { [`dynamodb:${key}`]: value } : {}

// An input is whatever somebody sent: these take anything, and the operation will refuse it by its own checks.
const list = (value: unknown): readonly any[] => (Array.isArray(value) ? value : [])
const entries = (value: unknown): readonly [string, any][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []
