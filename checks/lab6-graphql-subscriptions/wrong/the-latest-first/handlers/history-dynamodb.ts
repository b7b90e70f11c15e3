import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { around, type History } from './history.ts'
import type { Message } from './message.ts'
import { dynamodb, hoursAfter } from './table.ts'

const TableName = process.env.MESSAGES

/** A room is a partition, in it the messages lie in the order of their times. */
const history: History = {
  async add(message) {
    // The id is in it for those that were said in the same millisecond.
    const place = `${message.sentAt} ${message.id}`
    const expiresAt = hoursAfter(Date.now(), 24)
    await dynamodb.send(new PutCommand({ TableName, Item: { ...message, place, expiresAt } }))
  },

  async last(room, count) {
    const { Items = [] } = await dynamodb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'room = :room',
        ExpressionAttributeValues: { ':room': room },
        ScanIndexForward: false,
        Limit: count,
      }),
    )
    return Items as Message[]
  },
}

export const handler = around(history)
