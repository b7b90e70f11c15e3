import { lab5 } from '../../labs/lab5-notifications/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const SERVICE = 'notifications.ts'
const STORAGE = 'handlers/storage.ts'
const PUBLISH = 'handlers/publish.ts'
const REGISTER = 'handlers/register.ts'
const IN_REGISTER = "const register = this.handler('register')"
const IN_PUBLISH = "const publish = this.handler('publish'"
const TOPIC = 'JSON.stringify([merchant_id, ref])'
const TAKE = '      if (!(await storage.take(waiter))) return\n'
const TELL = '        if (await tell(waiter, envelope)) delivered += 1\n'
const CREATE = 'await storage.create(envelope, event.requestContext.connectionId)'
const PUT = '  await put({ topic: topicOf(envelope), connectionId, expiresAt })'
const MAY_PUT = "    waiters.grant(register, 'dynamodb:PutItem')\n"
const MAY_POST = '    frontendStage.grantManagementApiAccess(publish)\n'
const AUTHORIZER = '        authorizer: new WebSocketIamAuthorizer(),\n'

proveDiagnoses(lab5, [
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
          "import * as storage from './storage.ts'",
          "import { send } from './sender.ts'\nimport * as storage from './storage.ts'",
        ],
        [
          CREATE,
          `${CREATE}\n    const latest = await storage.latest(envelope)\n    if (latest) await send(event.requestContext.connectionId, latest)`,
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

export async function latest(envelope: Envelope): Promise<unknown> {
  const Key = { topic: \`latest \${topicOf(envelope)}\`, connectionId: 'none' }
  const { Item } = await dynamodb.send(new GetCommand({ TableName, Key, ConsistentRead: true }))
  return Item?.envelope
}

/** Puts a waiter on the list`,
        ],
        ['DynamoDBDocumentClient, PutCommand', 'DynamoDBDocumentClient, GetCommand, PutCommand'],
      ],
      [SERVICE]: [
        [MAY_PUT, "    waiters.grant(register, 'dynamodb:PutItem', 'dynamodb:GetItem')\n"],
        [MAY_POST, `${MAY_POST}    frontendStage.grantManagementApiAccess(register)\n`],
        [
          "publish.addEnvironment('FRONTEND",
          "register.addEnvironment('FRONTEND_ENDPOINT', frontendStage.callbackUrl)\n    publish.addEnvironment('FRONTEND",
        ],
      ],
    },
    at: 'everybody-waiting-hears',
    means: /waits for what comes next/,
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
    title: 'a registration for which nobody waits, and which is lost',
    in: { [REGISTER]: [[CREATE, `if (envelope.ref === '') ${CREATE}`]] },
    at: 'who-waits-hears',
    means: /The registration is lost, or it is stored under something else/,
    where: IN_PUBLISH,
  },
  {
    title: 'a grant that is left over',
    in: { [SERVICE]: [[MAY_POST, `    frontendStage.grantManagementApiAccess(register)\n${MAY_POST}`]] },
    at: 'nothing-more',
    means: /they only answer/,
    where: 'frontendStage.grantManagementApiAccess(register)',
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
    title: 'a round that ends early',
    in: {
      [PUBLISH]: [['async waiter => {\n', 'async waiter => {\n      if (delivered + failed > 0) return\n']],
    },
    at: 'everybody-waiting-hears',
    means: /the round ended early/,
    where: IN_PUBLISH,
  },
])
