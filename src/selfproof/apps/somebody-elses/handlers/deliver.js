const {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} = require('@aws-sdk/client-apigatewaymanagementapi')

const api = new ApiGatewayManagementApiClient({ endpoint: process.env.ENDPOINT })

exports.handler = async ({ Records }) => {
  for (const { body } of Records) {
    const { connectionId, text } = JSON.parse(body)
    await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: text }))
  }
}
