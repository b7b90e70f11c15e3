const client = `
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb')
const { DynamoDBDocument } = require('@aws-sdk/lib-dynamodb')
const { ApiGatewayManagementApi } = require('@aws-sdk/client-apigatewaymanagementapi')
const db = DynamoDBDocument.from(new DynamoDBClient())
const { CONNECTIONS, MESSAGES, ENDPOINT } = process.env
const tellAll = async said => {
  const api = new ApiGatewayManagementApi({ endpoint: ENDPOINT })
  const { Items } = await db.scan({ TableName: CONNECTIONS })
  const tell = async ({ id }) => {
    try {
      await api.postToConnection({ ConnectionId: id, Data: JSON.stringify(said) })
    } catch (error) {
      if (error.name !== 'GoneException') throw error
    }
  }
  await Promise.all(Items.map(tell))
}`

/** $connect: writes the connection, for as long as the query says. */
const enter = `${client}
exports.handler = async ({ requestContext, queryStringParameters: query }) => {
  const until = query?.seconds && Math.floor(Date.now() / 1000) + Number(query.seconds)
  const Item = { id: requestContext.connectionId, name: query?.name, ...(until ? { until } : {}) }
  await db.put({ TableName: CONNECTIONS, Item })
  return { statusCode: 200 }
}`

/** $disconnect. */
const leave = `${client}
exports.handler = async ({ requestContext }) => {
  await db.delete({ TableName: CONNECTIONS, Key: { id: requestContext.connectionId } })
  return { statusCode: 200 }
}`

/** Writes what is said, and tells nobody. */
const say = `${client}
exports.handler = async ({ body, requestContext }) => {
  const Item = { room: 'lobby', id: requestContext.requestId, text: JSON.parse(body).text }
  await db.put({ TableName: MESSAGES, Item })
  return { statusCode: 200 }
}`

/** Tells everybody what the stream says was written. */
const tell = `${client}
exports.handler = async ({ Records }) => {
  for (const { dynamodb, eventName } of Records) {
    const text = dynamodb.NewImage.text.S
    if (text === 'poison') throw new Error('it hurts')
    await tellAll({ eventName, text })
  }
}`

/** Tells everybody who is left whose time was over. */
const farewell = `${client}
exports.handler = async ({ Records }) => {
  for (const { dynamodb, userIdentity } of Records) {
    await tellAll({ gone: dynamodb.OldImage.name.S, by: userIdentity.principalId })
  }
}`

/** The functions' code, as it is deployed. */
export const code = { enter, leave, say, tell, farewell }
