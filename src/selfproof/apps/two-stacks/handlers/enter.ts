import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketEventV2WithRequestContext } from 'aws-lambda'

const table = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Lets somebody in under a name. A name that is taken is a conflict. */
export const handler = async (event: ConnectEvent) => {
  const { connectionId } = event.requestContext
  const Item = { room: 'hall', name: event.queryStringParameters?.name ?? 'nobody', connectionId }
  try {
    const ConditionExpression = 'attribute_not_exists(#name)'
    const ExpressionAttributeNames = { '#name': 'name' }
    await table.send(
      new PutCommand({ TableName: process.env.TABLE, Item, ConditionExpression, ExpressionAttributeNames }),
    )
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { statusCode: 409, body: 'taken' }
    throw error
  }
  return { statusCode: 200 }
}

type ConnectEvent = APIGatewayProxyWebsocketEventV2WithRequestContext<{ connectionId: string }> & {
  queryStringParameters?: Record<string, string>
}
