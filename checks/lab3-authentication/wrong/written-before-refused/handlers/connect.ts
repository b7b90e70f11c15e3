import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import type {
  APIGatewayEventWebsocketRequestContextV2,
  APIGatewayProxyResultV2,
  APIGatewayProxyWebsocketEventV2WithRequestContext,
  Handler,
} from 'aws-lambda'

type Came = APIGatewayProxyWebsocketEventV2WithRequestContext<APIGatewayEventWebsocketRequestContextV2>

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const verifier = CognitoJwtVerifier.create({
  userPoolId: process.env.USER_POOL_ID!,
  clientId: process.env.USER_POOL_CLIENT_ID!,
  tokenUse: 'id',
})

export const handler: Handler<Came, APIGatewayProxyResultV2> = async event => {
  const { connectionId } = event.requestContext
  const name = await nameIn(event.queryStringParameters?.token)
  await dynamodb.send(new PutCommand({ TableName: process.env.TABLE_NAME, Item: { connectionId, name } }))
  return { statusCode: name ? 200 : 401 }
}

async function nameIn(token = ''): Promise<string | undefined> {
  try {
    return (await verifier.verify(token))['cognito:username']
  } catch (error) {
    console.warn(`Not let in: ${error}`)
    return undefined
  }
}
