import { DynamoDBClient, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb'
import { assert } from '../assert.ts'
import { authorized, policy } from '../grounds/authorized.ts'
import { callers } from '../grounds/authorizers.ts'
import { denied } from '../grounds/denied.ts'
import { signedOnly } from '../grounds/events.ts'
import type { CallEnded, SdkCall } from '../puppet.ts'
import { fact, notModelled, type Row } from '../row.ts'
import type { Standing } from '../standing.ts'
import { knockAs, takeOn } from './f-authorization.ts'

/** What a puppet on a route of `denied` is told when it makes a call. */
async function refusalOf(
  up: Standing,
  call: SdkCall,
  action = 'ask',
): Promise<NonNullable<CallEnded['error']>> {
  const socket = await up.connect()
  socket.send({ action, do: { call: [{ config: { maxAttempts: 1 }, ...call }] } })
  const [{ error }] = await socket.hearsJson()
  assert.ok(error, 'it was not refused')
  return error
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The beginning of every refusal, with the function's session as the principal (facts: J11). */
const who = (up: Standing) =>
  `User: arn:aws:sts::${up.accountId}:assumed-role/${up.output('AskRole')}/${up.output('AskName')} is not authorized to perform: `

const putItem = (TableName: string): SdkCall => ({
  client: 'dynamodb',
  command: 'PutItem',
  input: { TableName, Item: { id: { S: 'a' } } },
})

const tableArn = (up: Standing, name = up.output('TableName')) =>
  `arn:aws:dynamodb:${up.region}:${up.accountId}:table/${name}`

const noPolicy = (action: string) => ` because no identity-based policy allows the ${action} action`

/** Section J: what IAM says when it says no. */
export const denials: readonly Row[] = [
  fact('J1', 'H', 'DynamoDB: 400 `AccessDeniedException`', async world => {
    const up = await world.on(denied)
    const error = await refusalOf(up, putItem(up.output('TableName')))
    assert.equal(error.name, 'AccessDeniedException')
    assert.equal(error.type, 'DynamoDBServiceException')
    assert.equal(error.status, 400)
    assert.equal(
      error.message,
      `${who(up)}dynamodb:PutItem on resource: ${tableArn(up)}${noPolicy('dynamodb:PutItem')}`,
    )
  }),
  fact('J2', 'H', 'DynamoDB says no before it looks whether there is such a table', async world => {
    const up = await world.on(denied)
    const error = await refusalOf(up, putItem('no-such-table'))
    assert.equal(
      error.message,
      `${who(up)}dynamodb:PutItem on resource: ${tableArn(up, 'no-such-table')}${noPolicy('dynamodb:PutItem')}`,
    )
  }),
  fact(
    'J3',
    'L-M',
    "A query of an index names the index; batches are the batch action's, transactions those of their items",
    async world => {
      const up = await world.on(denied)
      const TableName = up.output('TableName')
      const query = await refusalOf(up, {
        client: 'dynamodb',
        command: 'Query',
        input: {
          TableName,
          IndexName: 'byRoom',
          KeyConditionExpression: 'room = :room',
          ExpressionAttributeValues: { ':room': { S: 'blue' } },
        },
      })
      assert.ok(query.message.includes(`dynamodb:Query on resource: ${tableArn(up)}/index/byRoom`))
      const batch = await refusalOf(up, {
        client: 'dynamodb',
        command: 'BatchGetItem',
        input: { RequestItems: { [TableName]: { Keys: [{ id: { S: 'a' } }] } } },
      })
      assert.ok(batch.message.includes(`dynamodb:BatchGetItem on resource: ${tableArn(up)}`))
      const transaction = await refusalOf(up, {
        client: 'dynamodb',
        command: 'TransactWriteItems',
        input: { TransactItems: [{ Put: { TableName, Item: { id: { S: 'a' } } } }] },
      })
      assert.ok(transaction.message.includes(`dynamodb:PutItem on resource: ${tableArn(up)}`))
    },
  ),
  fact('J4', 'M-H', 'SQS: 403 `AccessDenied`, the action in lower case', async world => {
    const up = await world.on(denied)
    const error = await refusalOf(up, {
      client: 'sqs',
      command: 'SendMessage',
      input: { QueueUrl: awsQueueUrl(up), MessageBody: 'hello' },
    })
    assert.deepEqual([error.name, error.code], ['AccessDenied', 'AccessDenied'])
    assert.equal(error.status, 403)
    const text = `${who(up)}sqs:sendmessage on resource: ${up.output('QueueArn')}${noPolicy('sqs:sendmessage')}`
    assert.equal(error.message, text)
  }),
  fact('J5', 'H', 'SNS: 403 `AuthorizationError`, the service in upper case', async world => {
    const up = await world.on(denied)
    const TopicArn = up.output('TopicArn')
    const error = await refusalOf(up, {
      client: 'sns',
      command: 'Publish',
      input: { TopicArn, Message: 'hello' },
    })
    assert.equal(error.type, 'AuthorizationErrorException')
    assert.equal(error.code, 'AuthorizationError')
    assert.equal(error.status, 403)
    assert.equal(error.message, `${who(up)}SNS:Publish on resource: ${TopicArn}${noPolicy('SNS:Publish')}`)
  }),
  fact('J6', 'H', 'Lambda: 403 `AccessDeniedException`', async world => {
    const up = await world.on(denied)
    const FunctionName = up.output('FunctionArn')
    const error = await refusalOf(up, { client: 'lambda', command: 'Invoke', input: { FunctionName } })
    assert.equal(error.name, 'AccessDeniedException')
    assert.equal(error.status, 403)
    assert.equal(
      error.message,
      `${who(up)}lambda:InvokeFunction on resource: ${FunctionName}${noPolicy('lambda:InvokeFunction')}`,
    )
  }),
  fact(
    'J7',
    'H',
    '@connections: 403 `AccessDeniedException`, account masked, `{connectionId}` literal',
    async world => {
      const up = await world.on(denied)
      const error = await refusalOf(up, {
        client: 'apigatewaymanagementapi',
        command: 'PostToConnection',
        config: { endpoint: 'https://$domainName/$stage', maxAttempts: 1 },
        input: { ConnectionId: '$connectionId', Data: 'hello' },
      })
      assert.equal(error.name, 'AccessDeniedException')
      const resource = `arn:aws:execute-api:${up.region}:********${up.accountId.slice(-4)}:[a-z0-9]+/live/POST/@connections/{connectionId}`
      const pattern = escaped(`${who(up)}execute-api:ManageConnections on resource: ${resource}`)
      assert.match(error.message, new RegExp(`^${pattern.replace('\\[a-z0-9\\]\\+', '[a-z0-9]+')}`))
    },
  ),
  fact(
    'J8',
    'M',
    'A handshake that IAM does not allow: 403',
    async world => {
      const up = await world.on(signedOnly)
      assert.equal((await up.knock()).status, 403)
      const roles = await world.own(callers(up.output('ApiId')))
      assert.equal(await knockAs(up, roles.output('Nobody')), 403)
    },
    'The words were measured on REST APIs; a WebSocket client sees the status only',
  ),
  fact(
    'J9',
    'M',
    'An authorizer that denies: 403',
    async world => {
      const up = await world.on(authorized)
      assert.equal((await up.knock('Url', { query: { auth: policy('Deny') } })).status, 403)
    },
    'The words were measured on REST APIs; a WebSocket client sees the status only',
  ),
  fact(
    'J10',
    'H',
    'How it ends: `because no … allows the … action`, or `with an explicit deny in a(n) …`, and of which kind the policy was: identity-based, resource-based, session, permissions boundary',
    async world => {
      const up = await world.on(denied)
      const put = putItem(up.output('TableName'))
      const ends = async (action: string) => (await refusalOf(up, put, action)).message.split(tableArn(up))[1]
      assert.equal(await ends('ask'), noPolicy('dynamodb:PutItem'))
      assert.equal(await ends('denied'), ' with an explicit deny in an identity-based policy')
      assert.equal(
        await ends('bounded'),
        ' because no permissions boundary allows the dynamodb:PutItem action',
      )
      assert.equal(await ends('forbidden'), ' with an explicit deny in a permissions boundary')

      const send = {
        client: 'sqs',
        command: 'SendMessage',
        input: { QueueUrl: awsQueueUrl(up, 'ClosedQueueArn'), MessageBody: 'hello' },
      }
      const { message } = await refusalOf(up, send)
      const closed = ' with an explicit deny in a resource-based policy'
      assert.equal(message.split(up.output('ClosedQueueArn'))[1], closed)

      const inSession = async (Effect: 'Allow' | 'Deny') =>
        (await refusedInSession(up, Effect)).split(tableArn(up))[1]
      const noSessionPolicy = ' because no session policy allows the dynamodb:PutItem action'
      assert.equal(await inSession('Allow'), noSessionPolicy)
      assert.equal(await inSession('Deny'), ' with an explicit deny in a session policy')
    },
    'Service control policies and those of VPC endpoints are not here',
  ),
  fact(
    'J11',
    'H',
    'Who: `assumed-role/<roleName>/<functionName>`, without the role’s path',
    async world => {
      const up = await world.on(denied)
      const { message } = await refusalOf(up, putItem(up.output('TableName')))
      assert.ok(message.startsWith(who(up)), message)
      // The role's path, `/conformance/`, is not in it.
      const role = up.output('SomebodyRole')
      assert.ok(role.includes(':role/conformance/'))
      const name = role.split('/').at(-1)
      const start = `User: arn:aws:sts::${up.accountId}:assumed-role/${name}/row is not authorized to perform: `
      const said = await refusedInSession(up, 'Deny')
      assert.ok(said.startsWith(start), said)
    },
    'A user’s name is not tried: rows have nobody’s keys but their own',
  ),
  notModelled('J12', '–', 'What S3 and others say', 'other services'),
]

/**
 * What is said of a write to the table in a session of a role that may do it, but with a session policy: one that denies it, or
 * one that allows something else only.
 */
async function refusedInSession(up: Standing, Effect: 'Allow' | 'Deny'): Promise<string> {
  const statement = (effect: string, Action: string) => ({ Effect: effect, Action, Resource: '*' })
  const credentials = await takeOn(up, up.output('SomebodyRole'), {
    Version: '2012-10-17',
    Statement:
      Effect === 'Deny'
        ? [statement('Allow', '*'), statement('Deny', 'dynamodb:PutItem')]
        : [statement('Allow', 'dynamodb:GetItem')],
  })
  const { input } = putItem(up.output('TableName'))
  return up
    .aws(DynamoDBClient, { credentials })
    .send(new PutItemCommand(input as unknown as PutItemCommandInput))
    .then(
      () => assert.fail('it was not refused'),
      (error: Error) => error.message,
    )
}

/** A queue's URL as functions know it, by the output that holds its ARN. */
function awsQueueUrl(up: Standing, output = 'QueueArn'): string {
  const name = up.output(output).split(':').at(-1)
  return `https://sqs.${up.region}.amazonaws.com/${up.accountId}/${name}`
}
