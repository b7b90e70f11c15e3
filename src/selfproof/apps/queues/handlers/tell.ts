import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { SNSEvent, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'

const room = DynamoDBDocumentClient.from(new DynamoDBClient())
const callback = new ApiGatewayManagementApiClient({ endpoint: process.env.CALLBACK_URL! })

/** Tells everybody in the room what a queue or a topic brings. Says of a queue's messages which it cannot read. */
export const handler = async ({ Records }: SQSEvent | SNSEvent): Promise<SQSBatchResponse> => {
  const failed: string[] = []
  for (const record of Records) {
    if ('Sns' in record) await tellAll({ by: 'topic', text: record.Sns.Message })
    else if (/poison/.test(record.body)) failed.push(record.messageId)
    else await tellAll({ by: 'queue', of: Records.length, ...read(record) })
  }
  return { batchItemFailures: failed.map(itemIdentifier => ({ itemIdentifier })) }
}

/** SNS wraps a message unless it is delivered raw. */
function read({ body, attributes: { MessageGroupId } }: SQSRecord) {
  const group = MessageGroupId === undefined ? {} : { group: MessageGroupId }
  return body.startsWith('{') ? { text: JSON.parse(body).Message, ...group } : { text: body, ...group }
}

async function tellAll(message: object) {
  const { Items: people = [] } = await room.send(new ScanCommand({ TableName: process.env.ROOM }))
  await Promise.all(people.map(({ connectionId }) => tell(connectionId, message)))
}

async function tell(ConnectionId: string, message: object) {
  try {
    await callback.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(message) }))
  } catch (error) {
    // They left before we could tell them. Nobody is at fault.
    if (!(error instanceof GoneException)) throw error
  }
}
