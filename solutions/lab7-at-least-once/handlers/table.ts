import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

export const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
})

/** When something is to expire: time to live is a number of seconds since 1970. */
export const hoursAfter = (milliseconds: number, hours: number): number =>
  Math.floor(milliseconds / 1000) + hours * 60 * 60
