/** Functions as learners write them, with a mistake each; CommonJS, as inline code is. */

const sdk = `const {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} = require('@aws-sdk/client-apigatewaymanagementapi')
`

/** Posts a welcome to the one who is asking, at an endpoint. */
export const posts = (endpoint = '`https://${domainName}/${stage}`'): string => `${sdk}
exports.handler = async event => {
  const { domainName, stage, connectionId } = event.requestContext
  const client = new ApiGatewayManagementApiClient({ endpoint: ${endpoint}, maxAttempts: 1 })
  await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'welcome' }))
  return { statusCode: 200 }
}`

/** Hangs up on the one who is asking. */
export const hangsUp = `${sdk}
exports.handler = async event => {
  const { domainName, stage, connectionId } = event.requestContext
  const client = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` })
  await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))
  return { statusCode: 200 }
}`

/** Posts to everybody that the message names, one after the other. */
export const broadcasts = `${sdk}
exports.handler = async event => {
  const { domainName, stage } = event.requestContext
  const client = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` })
  for (const ConnectionId of JSON.parse(event.body).to) {
    await client.send(new PostToConnectionCommand({ ConnectionId, Data: 'to all' }))
  }
  return { statusCode: 200 }
}`

/** Posts to the one who is asking after a look at the connection, and waits for neither. */
export const doesNotWait = `${sdk}
exports.handler = async event => {
  const { domainName, stage, connectionId } = event.requestContext
  const client = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` })
  const answer = { ConnectionId: connectionId, Data: JSON.parse(event.body).text }
  client
    .send(new GetConnectionCommand({ ConnectionId: connectionId }))
    .then(() => client.send(new PostToConnectionCommand(answer)))
  return { statusCode: 200 }
}`

/** Answers in the return value, as one does behind a REST API. */
export const returns = `exports.handler = async event => ({ statusCode: 200, body: 'here you are' })`

/** Answers with an object for a body. */
export const returnsAnObject = `exports.handler = async event => ({ statusCode: 200, body: { here: 'you are' } })`

/** Reads the query string of a message. */
export const readsTheQuery = `exports.handler = async event => ({ statusCode: 200, body: event.queryStringParameters.token })`

/** Lets in without a word, whatever subprotocol was offered. */
export const forgetsTheSubprotocol = `exports.handler = async event => {
  console.log('somebody came')
  return { statusCode: 200 }
}`

/** An authorizer in the words of HTTP APIs. */
export const simpleAuthorizer = `exports.handler = async event => {
  console.log('I was asked')
  return { isAuthorized: true }
}`

/** Writes a new connection into a table under a key; a failure is answered with 500, or not caught at all. */
export const remembers = ({
  key,
  isCaught,
}: {
  readonly key: string
  readonly isCaught: boolean
}): string => `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb')
const dynamodb = new DynamoDBClient()
exports.handler = async event => {
  const put = new PutItemCommand({
    TableName: process.env.TABLE,
    Item: { ${key}: { S: event.requestContext.connectionId } },
  })
  ${
    isCaught
      ? `try {
    await dynamodb.send(put)
  } catch (error) {
    console.error(error)
    return { statusCode: 500 }
  }`
      : 'await dynamodb.send(put)'
  }
  return { statusCode: 200 }
}`

/** Takes who has left out of the table again. */
export const forgets = `
const { DynamoDBClient, DeleteItemCommand } = require('@aws-sdk/client-dynamodb')
const dynamodb = new DynamoDBClient()
exports.handler = async event => {
  const Key = { connectionId: { S: event.requestContext.connectionId } }
  await dynamodb.send(new DeleteItemCommand({ TableName: process.env.TABLE, Key }))
  return { statusCode: 200 }
}`
