import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, GetCommand, PutCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Subprotocol } from './dialects.ts'
import { dynamodb, hoursAfter } from './table.ts'

/** A client that is connected. */
export interface Connection {
  readonly connectionId: string
  readonly subprotocol: Subprotocol
  /** Seconds since 1970. A connection lives for two hours at most, and its rows must not go before it. */
  readonly expiresAt: number
  /** From `connection_init` on. */
  readonly user?: User
}

export interface User {
  readonly id: string
  readonly displayName: string
}

const TableName = process.env.SUBSCRIPTIONS
/** A connection is one item, and each of its subscriptions is another. One query finds all of them. */
const part = 'connection'

export async function enter(connectionId: string, subprotocol: Subprotocol, connectedAt: number) {
  const Item = { connectionId, part, subprotocol, expiresAt: hoursAfter(connectedAt, 3) }
  await dynamodb.send(new PutCommand({ TableName, Item }))
}

export async function find(connectionId: string): Promise<Connection | undefined> {
  const { Item } = await dynamodb.send(
    new GetCommand({ TableName, Key: { connectionId, part }, ConsistentRead: true }),
  )
  return Item as Connection | undefined
}

/** Notes who the client is. Answers with false if that has been noted before. */
export async function introduce(connectionId: string, user: User): Promise<boolean> {
  try {
    await dynamodb.send(
      new UpdateCommand({
        TableName,
        Key: { connectionId, part },
        UpdateExpression: 'SET #user = :user',
        ConditionExpression: 'attribute_exists(connectionId) AND attribute_not_exists(#user)',
        ExpressionAttributeNames: { '#user': 'user' },
        ExpressionAttributeValues: { ':user': user },
      }),
    )
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}

/** Forgets a connection and its subscriptions. */
export async function forgetAll(connectionId: string) {
  const pages = paginateQuery(
    { client: dynamodb },
    {
      TableName,
      KeyConditionExpression: 'connectionId = :connectionId',
      ExpressionAttributeValues: { ':connectionId': connectionId },
      ProjectionExpression: 'connectionId, part',
      ConsistentRead: true,
    },
  )
  for await (const { Items = [] } of pages)
    await Promise.all(Items.map(Key => dynamodb.send(new DeleteCommand({ TableName, Key }))))
}
