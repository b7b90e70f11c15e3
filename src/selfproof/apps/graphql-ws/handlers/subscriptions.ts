import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'

/** A subscription, as it is kept between two invocations. `id` is the client's own, and unique on its connection only. */
export interface Subscription {
  readonly connectionId: string
  readonly id: string
  readonly room: string
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
}

const table = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
})
const TableName = process.env.TABLE

export const keep = (subscription: Subscription) =>
  table.send(new PutCommand({ TableName, Item: subscription }))

export const forget = (connectionId: string, id: string) =>
  table.send(new DeleteCommand({ TableName, Key: { connectionId, id } }))

export async function forgetAll(connectionId: string): Promise<void> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'connectionId = :connectionId',
      ExpressionAttributeValues: { ':connectionId': connectionId },
    }),
  )
  await Promise.all(Items.map(({ id }) => forget(connectionId, id)))
}

export async function subscribersOf(room: string): Promise<readonly Subscription[]> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName,
      IndexName: 'byRoom',
      KeyConditionExpression: 'room = :room',
      ExpressionAttributeValues: { ':room': room },
    }),
  )
  return Items as Subscription[]
}
