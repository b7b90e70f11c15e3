const { ApiGatewayManagementApi } = require('@aws-sdk/client-apigatewaymanagementapi')
const { loud } = require('megaphone')

/** Says it back, louder. `megaphone` comes from a layer, the SDK from the runtime. */
exports.handler = async ({ body, requestContext: { domainName, stage, connectionId } }) => {
  const api = new ApiGatewayManagementApi({ endpoint: `https://${domainName}/${stage}` })
  await api.postToConnection({ ConnectionId: connectionId, Data: loud(JSON.parse(body).text) })
  return { statusCode: 200 }
}
