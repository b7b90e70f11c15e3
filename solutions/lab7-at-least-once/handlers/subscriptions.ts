import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb'
import type { Subprotocol } from './dialects.ts'
import { dynamodb } from './table.ts'

/** A client asked this once, and wants an answer whenever something is said in the room. */
export interface Subscription {
  readonly connectionId: string
  /** The client chose it. It is unique on its connection only. */
  readonly id: string
  readonly subprotocol: Subprotocol
  readonly room: string
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  readonly operationName?: string | undefined
  readonly expiresAt: number
}

const TableName = process.env.SUBSCRIPTIONS
const partOf = (id: string) => `subscription ${id}`

/** Keeps a subscription. Answers with false if the connection has one by that id. */
export async function keep(subscription: Subscription): Promise<boolean> {
  try {
    await dynamodb.send(
      new PutCommand({
        TableName,
        Item: { ...subscription, part: partOf(subscription.id) },
        ConditionExpression: 'attribute_not_exists(connectionId)',
      }),
    )
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}

export async function forget(connectionId: string, id: string) {
  await dynamodb.send(new DeleteCommand({ TableName, Key: { connectionId, part: partOf(id) } }))
}

/** Every subscription to a room, page after page. */
export async function* subscriptionsTo(room: string): AsyncGenerator<Subscription> {
  const pages = paginateQuery(
    { client: dynamodb },
    {
      TableName,
      IndexName: 'byRoom',
      KeyConditionExpression: 'room = :room',
      ExpressionAttributeValues: { ':room': room },
    },
  )
  for await (const { Items = [] } of pages) yield* Items as Subscription[]
}
