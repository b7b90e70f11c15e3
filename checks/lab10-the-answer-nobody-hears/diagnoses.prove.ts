import { lab10 } from '../../labs/lab10-the-answer-nobody-hears/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const STACK = 'stack.ts'
const CONNECT = 'handlers/connect.ts'
const WELCOME = 'handlers/welcome.ts'
const QUOTE = 'handlers/quote.ts'
const ORDER = 'handlers/order.ts'
const TELL = 'await tell(event.requestContext.connectionId, { id, text, ordered: true })'
const ORDER_ROUTE = "{ integration: new WebSocketLambdaIntegration('ToOrder', order) }"
const SEEN_ROUTE = "{ integration: new WebSocketLambdaIntegration('ToSeen', seen) }"
const TWO_WAY = 'returnResponse: true'

proveDiagnoses(lab10, [
  {
    title: 'a route without a route response',
    in: { [STACK]: [[`${TWO_WAY},\n`, '\n']] },
    at: 'quotes-are-answered',
    means: /only if its route has a route response/,
    where: "api.addRoute('quote'",
  },
  {
    title: 'a quote that is posted as well',
    in: {
      [STACK]: [
        [ORDER_ROUTE, `{ integration: new WebSocketLambdaIntegration('ToOrder', order), ${TWO_WAY} }`],
      ],
      [ORDER]: [
        ['return { statusCode: 200 }', 'return { statusCode: 200, body: JSON.stringify({ id, text }) }'],
      ],
    },
    at: 'orders-are-answered',
    means: /If a function does both/,
  },
  {
    title: 'a text that is tidied',
    in: { [QUOTE]: [['JSON.stringify({ id, text,', 'JSON.stringify({ id, text: text.trim(),']] },
    at: 'quotes-are-answered',
    means: /a text in it has changed: it came back trimmed at both ends/,
  },
  {
    title: 'a MOCK without an integration response',
    in: {
      [STACK]: [
        [
          "integrationId: pong.ref,\n      integrationResponseKey: '$default'",
          "integrationId: other.ref,\n      integrationResponseKey: '$default'",
        ],
        [
          '    new CfnIntegrationResponse(',
          "    const other = new CfnIntegration(this, 'Other', { apiId, integrationType: 'MOCK' })\n    new CfnIntegrationResponse(",
        ],
      ],
    },
    at: 'pings-are-answered',
    means: /A MOCK integration answers with its integration response/,
    where: "new CfnIntegration(this, 'Pong'",
  },
  {
    title: 'an integration response for another status',
    in: { [STACK]: [["integrationResponseKey: '$default'", "integrationResponseKey: '/404/'"]] },
    at: 'pings-are-answered',
    means: /no integration response fits the status/,
  },
  {
    title: 'a post for which nobody waits',
    in: { [ORDER]: [[TELL, TELL.replace('await', 'void')]] },
    at: 'orders-are-answered',
    means: /Lambda freezes a function that has ended/,
    where: "this.handler('order')",
  },
  {
    title: 'a two-way route whose function returns nothing',
    in: {
      [STACK]: [
        [ORDER_ROUTE, `{ integration: new WebSocketLambdaIntegration('ToOrder', order), ${TWO_WAY} }`],
      ],
    },
    at: 'orders-are-answered',
    means: /without a body, an empty message/,
    where: "api.addRoute('order'",
  },
  {
    title: 'a function that may not post',
    in: {
      [STACK]: [
        [
          '      live.grantManagementApiAccess(handler)\n',
          '      if (handler === welcome) live.grantManagementApiAccess(handler)\n',
        ],
      ],
    },
    at: 'orders-are-answered',
    means: /its role does not let it post/,
    where: "this.handler('order')",
  },
  {
    title: 'a one-way route that was made two-way',
    in: {
      [STACK]: [[SEEN_ROUTE, `{ integration: new WebSocketLambdaIntegration('ToSeen', seen), ${TWO_WAY} }`]],
    },
    at: 'seen-stays-silent',
    means: /The route seen answers with an empty message/,
    where: "api.addRoute('seen'",
  },
  {
    title: 'a function that notes nothing',
    in: { 'handlers/seen.ts': [["console.log('seen', id)", "if (id === '') console.log('seen', id)"]] },
    at: 'seen-stays-silent',
    means: /no function has logged its id/,
    where: "api.addRoute('seen'",
  },
  {
    title: 'a welcome that comes too early, and does not try again',
    in: {
      [CONNECT]: [["      InvocationType: 'Event',\n", '']],
      [WELCOME]: [['const TRIES = 20', 'const TRIES = 1']],
    },
    at: 'the-welcome-comes-first',
    means: /the connection begins when the function has returned/,
  },
  {
    title: 'a welcome that fails with Gone',
    in: {
      [CONNECT]: [["      InvocationType: 'Event',\n", '']],
      [WELCOME]: [
        [
          'if (!(error instanceof GoneException)) throw error',
          'console.error(error); if (error) throw error',
        ],
      ],
    },
    at: 'the-welcome-comes-first',
    means: /answered with 410 GoneException: there is no such connection/,
    where: "this.handler('welcome')",
  },
  {
    title: 'a function that may not call the one that says welcome',
    in: { [STACK]: [['    welcome.grantInvoke(connect)\n', '']] },
    at: 'door-opens',
    means: /was refused lambda:InvokeFunction/,
    where: "this.handler('connect')",
  },
  {
    title: 'a function that may not welcome',
    in: {
      [STACK]: [
        [
          '      live.grantManagementApiAccess(handler)\n',
          '      if (handler === order) live.grantManagementApiAccess(handler)\n',
        ],
      ],
    },
    at: 'the-welcome-comes-first',
    means: /asked for execute-api:ManageConnections, and its role does not allow that/,
    where: "this.handler('welcome')",
  },
  {
    title: 'a welcome with another id',
    in: {
      [WELCOME]: [
        [
          'JSON.stringify({ welcome: connectionId })',
          'JSON.stringify({ welcome: `${connectionId.slice(0, 13)}AA=` })',
        ],
      ],
    },
    at: 'the-welcome-comes-first',
    means: /is not the connection id of the client/,
  },
  {
    title: 'a welcome that is repeated',
    in: {
      [WELCOME]: [
        ['      return\n', ''],
        ['const TRIES = 20', 'const TRIES = 3'],
      ],
    },
    at: 'the-welcome-comes-first',
    means: /welcomed more than once/,
  },
  {
    title: 'a function of which only one instance may run',
    in: {
      [STACK]: [
        ['import { Runtime }', 'import { type CfnFunction, Runtime }'],
        [
          "    const seen = this.handler('seen')\n",
          "    const seen = this.handler('seen')\n    ;(quote.node.defaultChild as CfnFunction).reservedConcurrentExecutions = 1\n",
        ],
      ],
    },
    at: 'each-hears-its-own-answers',
    means: /may not be called as often at once/,
  },
])
