import { type ApiGatewayV2Client, GetApisCommand, GetAuthorizersCommand } from '@aws-sdk/client-apigatewayv2'
import type { Cloud } from '../../cloud/cloud.ts'
import type { StageState, TokenPlace } from '../model/stage.ts'
import { framesFor, tokenPlaceOf } from '../model/stage.ts'

/** Reads what a client has to know of each stage that is up: what it may send, and how it gets in. */
export async function stagesOf(cloud: Cloud, gateway: ApiGatewayV2Client): Promise<readonly StageState[]> {
  const { region } = cloud.account
  const { Items: apis = [] } = await gateway.send(new GetApisCommand({}))
  const places = new Map<string, TokenPlace | undefined>()
  for (const { ApiId } of apis) {
    const { Items: authorizers = [] } = await gateway.send(new GetAuthorizersCommand({ ApiId }))
    places.set(ApiId!, tokenPlaceOf(authorizers.flatMap(one => one.IdentitySource ?? [])))
  }
  return cloud.served().flatMap(({ apiId, stageName, routes }) => {
    const api = apis.find(one => one.ApiId === apiId)
    if (!api) return []
    const url = cloud.toLocal(`wss://${apiId}.execute-api.${region}.amazonaws.com/${stageName}`)
    const connect = routes.find(one => one.routeKey === '$connect')
    const token = connect?.authorizationType === 'CUSTOM' ? places.get(apiId) : undefined
    return {
      url,
      api: api.Name ?? apiId,
      frames: framesFor(
        api.RouteSelectionExpression ?? '',
        routes.map(one => one.routeKey),
      ),
      isSigned: connect?.authorizationType === 'AWS_IAM',
      ...(token && { token }),
    }
  })
}
