import { ApiGatewayManagementApi, GoneException } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { CognitoJwtVerifier } from 'aws-jwt-verify'

const { TABLE_NAME: TableName, POOL: userPoolId = '', CLIENT: clientId = '' } = process.env
const dynamodb = new DynamoDB()
const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: 'id' })

export async function handler(event: any) {
  if (event.type === 'REQUEST') return letIn(event)
  const { connectionId, routeKey, authorizer, domainName, stage } = event.requestContext
  const Key = { id: { S: connectionId } }
  if (routeKey === '$connect')
    await dynamodb.putItem({ TableName, Item: { ...Key, who: { S: authorizer.member } } })
  else if (routeKey === '$disconnect') await dynamodb.deleteItem({ TableName, Key })
  else await say(`https://${domainName}/${stage}`, authorizer.member, JSON.parse(event.body).text)
  return { statusCode: 204 }
}

async function letIn({ queryStringParameters, methodArn: Resource }: any) {
  const claims = await verifier.verify(queryStringParameters.token).catch(() => undefined)
  const Effect = claims ? 'Allow' : 'Deny'
  return {
    principalId: claims?.sub ?? '-',
    policyDocument: { Version: '2012-10-17', Statement: { Action: 'execute-api:*', Effect, Resource } },
    context: { member: claims?.['cognito:username'] ?? '-', since: Date.now(), isGold: false },
  }
}

async function say(endpoint: string, from: string, text: string) {
  const management = new ApiGatewayManagementApi({ endpoint })
  const { Items = [] } = await dynamodb.scan({ TableName })
  const Data = JSON.stringify({ from, text })
  await Promise.all(
    Items.map(({ id }) => management.postToConnection({ ConnectionId: id?.S, Data }).catch(unlessGone)),
  )
}

function unlessGone(error: Error) {
  if (!(error instanceof GoneException)) throw error
}
