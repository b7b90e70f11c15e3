import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb'
import type { Envelope } from './envelope.ts'

/** A connection, and what it waits for. */
export interface Waiter {
  readonly id: string
  readonly connectionId: string
  readonly merchantId: string
  readonly ref: string
  /** In seconds since 1970. */
  readonly expiresAt: number
}

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const TableName = process.env.TABLE_NAME

/** In seconds. No connection lives longer than two hours; an hour more, so that no row goes before its connection. */
const EXPIRES_AFTER = 3 * 60 * 60

/** Writes down that a connection waits. Once more does not make it two. */
export async function create(envelope: Envelope, connectionId: string): Promise<void> {
  const expiresAt = Math.floor(Date.now() / 1000) + EXPIRES_AFTER
  const { merchant_id: merchantId, ref } = envelope
  const id = JSON.stringify([connectionId, merchantId, ref])
  await put({ id, connectionId, merchantId, ref, expiresAt })
}

/** Everybody who waits for what an envelope is about, those included who came a moment ago. */
export async function* find(envelope: Envelope): AsyncGenerator<Waiter> {
  const pages = paginateQuery(
    { client: dynamodb },
    {
      TableName,
      IndexName: 'byMerchantAndRef',
      KeyConditionExpression: 'merchantId = :merchantId AND #ref = :ref',
      ExpressionAttributeNames: { '#ref': 'ref' },
      ExpressionAttributeValues: { ':merchantId': envelope.merchant_id, ':ref': envelope.ref },
    },
  )
  for await (const { Items = [] } of pages) yield* Items as Waiter[]
}

/** Takes a waiter off the list. Of all who try at the same time exactly one is told that it was them. */
export async function take({ id }: Waiter): Promise<boolean> {
  try {
    await dynamodb.send(
      new DeleteCommand({
        TableName,
        Key: { id },
        ConditionExpression: 'attribute_exists(id)',
      }),
    )
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}

/** Puts a waiter on the list, as it is. */
export async function put(waiter: Waiter): Promise<void> {
  await dynamodb.send(new PutCommand({ TableName, Item: waiter }))
}

/** Takes everything off the list that a connection waited for. */
export async function forget(connectionId: string): Promise<void> {
  const pages = paginateQuery(
    { client: dynamodb },
    {
      TableName,
      IndexName: 'byConnection',
      KeyConditionExpression: 'connectionId = :connectionId',
      ExpressionAttributeValues: { ':connectionId': connectionId },
    },
  )
  for await (const { Items = [] } of pages) await Promise.all((Items as Waiter[]).map(take))
}
