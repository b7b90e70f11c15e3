import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type {
  APIGatewayEventWebsocketRequestContextV2,
  APIGatewayProxyResultV2,
  APIGatewayProxyWebsocketEventV2WithRequestContext,
  Handler,
} from 'aws-lambda'

type Came = APIGatewayProxyWebsocketEventV2WithRequestContext<
  APIGatewayEventWebsocketRequestContextV2 & { authorizer: { principalId: string } }
>

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Somebody came: writes them on the list. */
export const handler: Handler<Came, APIGatewayProxyResultV2> = async event => {
  const { connectionId, authorizer } = event.requestContext

  const Item = { connectionId, name: authorizer.principalId }
  await dynamodb.send(new PutCommand({ TableName: process.env.TABLE_NAME, Item }))

  return { statusCode: 200 }
}
