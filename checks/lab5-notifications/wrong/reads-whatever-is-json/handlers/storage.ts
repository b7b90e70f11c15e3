import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb'
import type { Envelope } from './envelope.ts'

/** A connection, and what it waits for. */
export interface Waiter {
  readonly topic: string
  readonly connectionId: string
  /** In seconds since 1970. */
  readonly expiresAt: number
}

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const TableName = process.env.TABLE_NAME

/** In seconds. No connection lives longer than two hours; an hour more, so that no row goes before its connection. */
const EXPIRES_AFTER = 3 * 60 * 60

/** What is waited for. As JSON, because whatever sign joined the two could also be part of one of them. */
const topicOf = ({ merchant_id, ref }: Envelope) => JSON.stringify([merchant_id, ref])

/** Writes down that a connection waits. Once more does not make it two. */
export async function create(envelope: Envelope, connectionId: string): Promise<void> {
  const expiresAt = Math.floor(Date.now() / 1000) + EXPIRES_AFTER
  await put({ topic: topicOf(envelope), connectionId, expiresAt })
}

/** Everybody who waits for what an envelope is about, those included who came a moment ago. */
export async function* find(envelope: Envelope): AsyncGenerator<Waiter> {
  const pages = paginateQuery(
    { client: dynamodb },
    {
      TableName,
      KeyConditionExpression: 'topic = :topic',
      ExpressionAttributeValues: { ':topic': topicOf(envelope) },
      ConsistentRead: true,
    },
  )
  for await (const { Items = [] } of pages) yield* Items as Waiter[]
}

/** Takes a waiter off the list. Of all who try at the same time exactly one is told that it was them. */
export async function take({ topic, connectionId }: Waiter): Promise<boolean> {
  try {
    await dynamodb.send(
      new DeleteCommand({
        TableName,
        Key: { topic, connectionId },
        ConditionExpression: 'attribute_exists(topic)',
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
