import { lab4 } from '../../labs/lab4-stale-connections/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const STACK = 'stack.ts'
const SAY = 'handlers/sendMessage.ts'
const ROUTE = "api.addRoute('sendMessage'"
const FUNCTION = "const sendMessage = this.handler('sendMessage'"
const SDK = '  ApiGatewayManagementApiClient,\n'
const POST =
  '    await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: message }))\n'
const ONLY_410 = '    if (!(error instanceof GoneException)) throw error\n'
const FORGET = '    await dynamodb.send(new DeleteCommand({ TableName, Key: { connectionId } }))\n'
const NOTE =
  'tell(connectionId, message).catch(error => console.error(`Could not tell ${connectionId}:`, error)),'

proveDiagnoses(lab4, [
  {
    title: 'a duplicate',
    in: { [SAY]: [[POST, POST + POST]] },
    at: 'everybody-hears',
    means: /heard more than once/,
    where: ROUTE,
  },
  {
    title: 'a 410 that ends the round',
    in: {
      [SAY]: [
        [NOTE, 'tell(connectionId, message),'],
        [ONLY_410, '    throw error\n'],
      ],
    },
    at: 'the-gone-do-no-harm',
    means: /410 GoneException. Here that ended the round/,
    where: FUNCTION,
  },
  {
    title: 'rows of connections that are over are kept',
    in: { [SAY]: [[FORGET, '']] },
    at: 'the-gone-are-forgotten',
    means: /posted to for ever/,
    where: ROUTE,
  },
  {
    title: 'deleting without permission',
    in: { [STACK]: [["'dynamodb:Scan', 'dynamodb:DeleteItem'", "'dynamodb:Scan'"]] },
    at: 'the-gone-are-forgotten',
    means: /asked for dynamodb:DeleteItem/,
    where: FUNCTION,
  },
  {
    title: 'a client that is thrown out because it is slow',
    in: {
      [SAY]: [
        [SDK, `${SDK}  DeleteConnectionCommand,\n`],
        [
          ONLY_410,
          `    if (!(error instanceof GoneException)) {
      await management.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))
      throw error
    }\n`,
        ],
      ],
    },
    at: 'other-failures-are-no-goodbye',
    means: /slow, not gone/,
    where: ROUTE,
  },
  {
    title: 'a slow client that is taken off the list',
    in: {
      [SAY]: [
        [ONLY_410, ''],
        ['  GoneException,\n', ''],
      ],
    },
    at: 'other-failures-are-no-goodbye',
    means: /dan is slow, not gone/,
    where: ROUTE,
  },
  {
    title: 'an error in the words of the handler',
    in: {
      [SAY]: [
        [
          NOTE,
          `tell(connectionId, message).catch(async error => {
      console.error(error)
      await tell(event.requestContext.connectionId, '{"error":"somebody was not told"}')
    }),`,
        ],
      ],
    },
    at: 'other-failures-are-no-goodbye',
    means: /told something that nobody has said/,
    where: ROUTE,
  },
  {
    title: 'a row that is written anew, without its time',
    in: {
      [SAY]: [
        ['paginateScan }', 'PutCommand, paginateScan }'],
        [
          '  const message = JSON',
          '  await dynamodb.send(new PutCommand({ TableName, Item: { connectionId: event.requestContext.connectionId } }))\n  const message = JSON',
        ],
      ],
      [STACK]: [["'dynamodb:Scan', ", "'dynamodb:Scan', 'dynamodb:PutItem', "]],
    },
    at: 'rows-expire',
    means: /written anew, without the attribute/,
    where: 'new Table(',
  },
  {
    title: 'an end that is not noted',
    in: { 'handlers/disconnect.ts': [['  note(event)\n', '']] },
    at: 'comings-and-goings-are-noted',
    means: /nobody notes/,
  },
  {
    title: 'a goodbye that deletes nothing',
    in: {
      'handlers/disconnect.ts': [
        [
          'const { connectionId } = event.requestContext',
          'const connectionId = event.requestContext.requestId',
        ],
      ],
    },
    at: 'leaving-takes-you-off-the-list',
    means: /no reason not to use it/,
    where: "const disconnect = this.handler('disconnect')",
  },
])
