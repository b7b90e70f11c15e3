import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type {
  APIGatewayEventWebsocketRequestContextV2,
  APIGatewayProxyResultV2,
  APIGatewayProxyWebsocketEventV2WithRequestContext,
  Handler,
} from 'aws-lambda'

type Came = APIGatewayProxyWebsocketEventV2WithRequestContext<APIGatewayEventWebsocketRequestContextV2> & {
  headers?: Record<string, string>
}

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Somebody came: writes them on the list. */
export const handler: Handler<Came, APIGatewayProxyResultV2> = async event => {
  const { connectionId } = event.requestContext

  await dynamodb.send(new PutCommand({ TableName: process.env.TABLE_NAME, Item: { connectionId } }))

  // `chat, eyJra…`: the one that is no secret goes back.
  const [protocol] = event.headers?.['Sec-WebSocket-Protocol']?.split(',') ?? []
  return { statusCode: 200, ...(protocol && { headers: { 'Sec-WebSocket-Protocol': protocol } }) }
}
