import { lab5 } from '../../labs/lab5-notifications/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const SERVICE = 'notifications.ts'
const STORAGE = 'handlers/storage.ts'
const PUBLISH = 'handlers/publish.ts'
const REGISTER = 'handlers/register.ts'
const IN_REGISTER = "const register = this.handler('register')"
const IN_PUBLISH = "const publish = this.handler('publish'"
const IN_FORGET = "const forget = this.handler('forget')"

const TOPIC = 'JSON.stringify([merchant_id, ref])'
const TAKE = '      if (!(await storage.take(waiter))) return\n'
const TELL = '        if (await tell(waiter, envelope)) delivered += 1\n'
const SEND = 'await send(waiter.connectionId, envelope)'
const CREATE = 'await storage.create(envelope, event.requestContext.connectionId)'
const PUT = '  await put({ topic: topicOf(envelope), connectionId, expiresAt })'
const CONDITION = "        ConditionExpression: 'attribute_exists(topic)',\n"
const MAY_PUT = "    waiters.grant(register, 'dynamodb:PutItem')\n"
const MAY_POST = '    frontendStage.grantManagementApiAccess(publish)\n'
const AUTHORIZER = '        authorizer: new WebSocketIamAuthorizer(),\n'
const PRINCIPAL = 'AccountRootPrincipal, '

proveDiagnoses(lab5, [
  {
    title: 'a permission that the publisher does not have',
    in: { [SERVICE]: [[MAY_POST, '']] },
    at: 'who-waits-hears',
    means: /asked for execute-api:ManageConnections/,
    where: IN_PUBLISH,
  },
  {
    title: 'a registration for which nobody waits, and which is lost',
    in: { [REGISTER]: [[CREATE, `if (envelope.ref === '') ${CREATE}`]] },
    at: 'who-waits-hears',
    means: /The registration is lost, or it is stored under something else/,
    where: IN_PUBLISH,
  },
  {
    title: 'a message that is changed',
    in: {
      [PUBLISH]: [
        [SEND, 'await send(waiter.connectionId, { ...envelope, message: envelope.message?.trim() })'],
      ],
    },
    at: 'who-waits-hears',
    means: /changed: it came back trimmed at both ends/,
  },
  {
    title: 'an envelope that lacks members',
    in: { [PUBLISH]: [[SEND, 'await send(waiter.connectionId, { ...envelope, project: undefined })']] },
    at: 'who-waits-hears',
    means: /not the backend's envelope with all its members/,
    where: IN_PUBLISH,
  },
  {
    title: 'a handler that never ends',
    in: {
      [PUBLISH]: [[TELL, `${TELL}        await new Promise(resolve => setTimeout(resolve, 60_000))\n`]],
      [SERVICE]: [['timeout: Duration.seconds(29)', 'timeout: Duration.seconds(2)']],
    },
    at: 'who-waits-hears',
    means: /had not finished after 2\.00 seconds/,
    where: IN_PUBLISH,
  },
  {
    title: 'a table that the stack does not name to the function',
    in: {
      [SERVICE]: [
        ['for (const handler of [register, forget, publish])', 'for (const handler of [forget, publish])'],
      ],
    },
    at: 'who-waits-hears',
    means: /environment variable/,
    where: IN_REGISTER,
  },
  {
    title: 'the address for clients as the endpoint for functions',
    in: {
      [SERVICE]: [
        ["'FRONTEND_ENDPOINT', frontendStage.callbackUrl", "'FRONTEND_ENDPOINT', frontendStage.url"],
      ],
    },
    at: 'who-waits-hears',
    means: /begins with wss:.*callbackUrl/,
    where: IN_PUBLISH,
  },
  {
    title: 'a subscription that overwrites another',
    in: {
      [STORAGE]: [[PUT, `  await forget(connectionId)\n${PUT}`]],
      [SERVICE]: [
        [
          MAY_PUT,
          "    waiters.grant(register, 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:DeleteItem')\n",
        ],
      ],
    },
    at: 'waits-for-several',
    means: /A later registration took the place of an earlier one/,
    where: IN_REGISTER,
  },
  {
    title: 'a client that is thrown off once it has heard something',
    in: {
      'handlers/sender.ts': [
        [
          '  ApiGatewayManagementApiClient,\n',
          '  ApiGatewayManagementApiClient,\n  DeleteConnectionCommand,\n',
        ],
        [
          '    return true\n',
          '    await management.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))\n    return true\n',
        ],
      ],
    },
    at: 'who-waits-hears',
    means: /The client did not close it/,
  },
  {
    title: 'a duplicate',
    in: { [PUBLISH]: [[TELL, `${TELL}        await tell(waiter, envelope)\n`]] },
    at: 'waits-for-several',
    means: /told what they had heard before/,
    where: IN_PUBLISH,
  },
  {
    title: 'a replay to those who come late',
    in: {
      [REGISTER]: [
        [
          'return { registered: { merchant_id, ref } }',
          'return { registered: { merchant_id, ref }, ...(await storage.latest(envelope)) }',
        ],
      ],
      [PUBLISH]: [[TAKE, `${TAKE}      await storage.keep(envelope)\n`]],
      [STORAGE]: [
        [
          '/** Puts a waiter on the list',
          `export async function keep(envelope: Envelope): Promise<void> {
  const expiresAt = Math.floor(Date.now() / 1000) + EXPIRES_AFTER
  const Item = { topic: \`latest \${topicOf(envelope)}\`, connectionId: 'none', envelope, expiresAt }
  await dynamodb.send(new PutCommand({ TableName, Item }))
}

export async function latest(envelope: Envelope): Promise<object> {
  const Key = { topic: \`latest \${topicOf(envelope)}\`, connectionId: 'none' }
  const { Item } = await dynamodb.send(new GetCommand({ TableName, Key, ConsistentRead: true }))
  const { status, message } = Item?.envelope ?? {}
  return { status, message }
}

/** Puts a waiter on the list`,
        ],
        ['DynamoDBDocumentClient, PutCommand', 'DynamoDBDocumentClient, GetCommand, PutCommand'],
      ],
      [SERVICE]: [[MAY_PUT, "    waiters.grant(register, 'dynamodb:PutItem', 'dynamodb:GetItem')\n"]],
    },
    at: 'everybody-waiting-hears',
    means: /waits for what comes next/,
    where: IN_REGISTER,
  },
  {
    title: 'a round that ends early',
    in: {
      [PUBLISH]: [['async waiter => {\n', 'async waiter => {\n      if (delivered + failed > 0) return\n']],
    },
    at: 'everybody-waiting-hears',
    means: /the round ended early/,
    where: IN_PUBLISH,
  },
  {
    title: 'a backend that is told another number',
    in: {
      [PUBLISH]: [['return { delivered, failed }', 'return { delivered: Math.min(delivered, 2), failed }']],
    },
    at: 'everybody-waiting-hears',
    means: /The backend was told 2, which is not the number/,
    where: IN_PUBLISH,
  },
  {
    title: 'a backend to which nobody says what is wrong',
    in: {
      'handlers/envelope.ts': [
        ["throw new BadEnvelope('status must be", "throw new BadEnvelope('it must be"],
      ],
    },
    at: 'bad-envelopes-are-answered',
    means: /does not say what is wrong/,
    where: IN_PUBLISH,
  },
  {
    title: 'a client that leaves, and stays on the list',
    in: {
      'handlers/forget.ts': [
        ['await storage.forget(event.requestContext.connectionId)', "await storage.forget('nobody')"],
      ],
    },
    at: 'the-gone-are-forgotten',
    means: /rows of theirs are still on the list/,
    where: IN_FORGET,
  },
  {
    title: 'one merchant that hears of another',
    in: {
      [STORAGE]: [
        [
          `const topicOf = ({ merchant_id, ref }: Envelope) => ${TOPIC}`,
          'const topicOf = ({ ref }: Envelope) => ref',
        ],
      ],
    },
    at: 'nobody-else-hears',
    means: /ben, who works for another merchant/,
    where: IN_PUBLISH,
  },
  {
    title: 'names that are joined',
    in: { [STORAGE]: [[TOPIC, '`${merchant_id} => ${ref}`']] },
    at: 'nobody-else-hears',
    means: /joined to one text/,
    where: IN_PUBLISH,
  },
  {
    title: 'names that are changed',
    in: { [STORAGE]: [[TOPIC, `${TOPIC}.toLowerCase()`]] },
    at: 'nobody-else-hears',
    means: /another name: the (?:ref|merchant's name) lower-cased/,
    where: IN_PUBLISH,
  },
  {
    title: 'a door that is open in dev',
    in: {
      [SERVICE]: [
        [AUTHORIZER, "        ...(stageName === 'prod' && { authorizer: new WebSocketIamAuthorizer() }),\n"],
      ],
    },
    at: 'only-backends-publish',
    means: /door of dev, and is let in/,
    where: 'const backends = new WebSocketApi(',
  },
  {
    title: 'rows that never expire',
    in: { [SERVICE]: [["      timeToLiveAttribute: 'expiresAt',\n", '']] },
    at: 'registrations-expire',
    means: /stays until somebody deletes it/,
    where: "const waiters = new Table(this, 'Waiters'",
  },
  {
    title: 'a role that anybody may take on',
    in: {
      [SERVICE]: [
        [PRINCIPAL, 'AnyPrincipal, '],
        ['new AccountRootPrincipal()', 'new AnyPrincipal()'],
      ],
    },
    at: 'nothing-more',
    means: /may do all that the role may do/,
    where: "new Role(this, 'Backend'",
  },
  {
    title: 'a grant that is left over',
    in: { [SERVICE]: [[MAY_POST, `    frontendStage.grantManagementApiAccess(register)\n${MAY_POST}`]] },
    at: 'nothing-more',
    means: /they only answer/,
    where: 'frontendStage.grantManagementApiAccess(register)',
  },
  {
    title: 'two that take the same client off the list',
    in: { [STORAGE]: [[CONDITION, '']] },
    at: 'every-instance-serves-all',
    means: /Two backends said the same at once/,
    where: IN_PUBLISH,
  },
])
