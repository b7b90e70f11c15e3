const AWS = require('aws-sdk')
const { politely } = require('manners')

const sayings = new AWS.DynamoDB.DocumentClient()

exports.handler = async ({ body, requestContext }) => {
  const { connectionId, domainName, stage, authorizer } = requestContext
  const { text } = JSON.parse(body)
  const api = new AWS.ApiGatewayManagementApi({ endpoint: `${domainName}/${stage}` })
  const TableName = process.env.SAYINGS
  const { Item } = await sayings.get({ TableName, Key: { connectionId } }).promise()
  await sayings.put({ TableName, Item: { connectionId, text } }).promise()
  const Data = politely(process.env.WORD, authorizer.who, `${text}, and not ${Item?.text ?? 'a word'} before`)
  await api.postToConnection({ ConnectionId: connectionId, Data }).promise()
  return { statusCode: 200 }
}
