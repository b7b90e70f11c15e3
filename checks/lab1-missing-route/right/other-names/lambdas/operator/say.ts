import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi'

const { WEBSOCKET_ENDPOINT: endpoint = '' } = process.env
const management = new ApiGatewayManagementApi({ endpoint })

export const say = (ConnectionId: string, what: object) =>
  management.postToConnection({ ConnectionId, Data: new TextEncoder().encode(JSON.stringify(what)) })
