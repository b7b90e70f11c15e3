import type {
  APIGatewayEventIdentity,
  APIGatewayEventWebsocketRequestContextV2,
  APIGatewayProxyResultV2,
  APIGatewayProxyWebsocketEventV2WithRequestContext,
  Handler,
} from 'aws-lambda'

/** The event of somebody whose signature API Gateway has verified: their name is in it. */
type Signed = APIGatewayProxyWebsocketEventV2WithRequestContext<
  APIGatewayEventWebsocketRequestContextV2 & { identity: Pick<APIGatewayEventIdentity, 'userArn'> }
>

/** A backend came, and IAM has let it in: notes who it was. */
export const handler: Handler<Signed, APIGatewayProxyResultV2> = async event => {
  const { connectionId, identity } = event.requestContext
  console.log(JSON.stringify({ connectionId, backend: identity.userArn }))
  return { statusCode: 200 }
}
