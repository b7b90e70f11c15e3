import { randomUUID } from 'node:crypto'
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { Message } from './message.ts'
import { dynamodb, hoursAfter } from './table.ts'

const TableName = process.env.MESSAGES

/** Remembers a message for a day. A room is a partition, and its messages are ordered by their times. */
export async function add(message: Message) {
  // Two messages may be said in the same millisecond.
  const place = `${message.sentAt} ${randomUUID()}`
  const expiresAt = hoursAfter(Date.now(), 24)
  await dynamodb.send(new PutCommand({ TableName, Item: { ...message, place, expiresAt } }))
}

/** The last so many messages of a room, the latest at the end. */
export async function last(room: string, count: number): Promise<Message[]> {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'room = :room',
      ExpressionAttributeValues: { ':room': room },
      ScanIndexForward: false,
      Limit: count,
    }),
  )
  return Items.reverse() as Message[]
}
