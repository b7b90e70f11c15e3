import { lab2 } from '../../labs/lab2-wrong-permissions/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const STACK = 'stack.ts'
const SAY = 'handlers/sendMessage.ts'
const TELL = 'await Promise.all(people.map(person => tell(person.connectionId, { text })))'
const READ = '    connections.grantReadData(sendMessage)\n'
const FUNCTION = "const sendMessage = this.handler('sendMessage')"
const IAM = [
  "from 'aws-cdk-lib/aws-lambda'\n",
  "from 'aws-cdk-lib/aws-lambda'\nimport { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'\n",
] as const
const forbids = (actions: string) =>
  `    sendMessage.addToRolePolicy(new PolicyStatement({ effect: Effect.DENY, actions: ${actions}, resources: ['*'] }))\n`

proveDiagnoses(lab2, [
  {
    title: 'an explicit Deny beside the grant',
    in: { [STACK]: [IAM, [READ, `${READ}${forbids("['dynamodb:Scan']")}`]] },
    at: 'everybody-hears',
    means: /forbids dynamodb:Scan .*the effect Deny/,
    where: FUNCTION,
  },
  {
    title: 'a handler that never ends',
    in: {
      [SAY]: [[TELL, `${TELL}\n  await new Promise(resolve => setTimeout(resolve, 60_000))`]],
      [STACK]: [['Duration.seconds(10)', 'Duration.seconds(1)']],
    },
    at: 'everybody-hears',
    means: /had not finished after 1\.00 seconds/,
    where: FUNCTION,
  },
  {
    title: 'a role that may not log, so that a failure leaves no line',
    in: { [STACK]: [IAM, [READ, forbids("['logs:*']")]] },
    at: 'everybody-hears',
    means: /role does not let it write its log/,
  },
  {
    title: "a connection closed by one's own code",
    in: {
      [SAY]: [
        [
          '  ApiGatewayManagementApiClient,\n',
          '  ApiGatewayManagementApiClient,\n  DeleteConnectionCommand,\n',
        ],
        [
          TELL,
          `${TELL}\n  await management.send(new DeleteConnectionCommand({ ConnectionId: event.requestContext.connectionId }))`,
        ],
      ],
    },
    at: 'everybody-hears',
    means: /The client did not close it/,
  },
  {
    title: 'a row under another key',
    in: {
      'handlers/connect.ts': [
        [
          'const { connectionId } = event.requestContext',
          'const connectionId = event.requestContext.requestId',
        ],
      ],
    },
    at: 'leaving-takes-you-off-the-list',
    means: /by the key under which it was written/,
  },
  {
    title: 'an environment variable that the stack does not set',
    in: {
      [STACK]: [
        [
          'for (const handler of [connect, disconnect, sendMessage])',
          'for (const handler of [connect, disconnect])',
        ],
      ],
    },
    at: 'everybody-hears',
    means: /environment variable/,
    where: FUNCTION,
  },
  {
    title: 'a throttle that is too tight',
    in: {
      [STACK]: [
        ['import { WebSocketApi,', 'import { CfnStage, WebSocketApi,'],
        ["api.addRoute('sendMessage'", "const say = api.addRoute('sendMessage'"],
        [
          '    for (const handler of',
          `    live.node.addDependency(say)
    const stage = live.node.defaultChild as CfnStage
    stage.routeSettings = { sendMessage: { ThrottlingRateLimit: 0.2, ThrottlingBurstLimit: 2 } }
    for (const handler of`,
        ],
      ],
    },
    at: 'everybody-hears',
    means: /throttle turned it away/,
    where: 'new WebSocketStage(',
  },
  {
    title: 'a row that is never written',
    in: {
      'handlers/connect.ts': [
        ['await dynamodb.send(', 'if (connectionId === undefined) await dynamodb.send('],
      ],
    },
    at: 'door-opens',
    means: /let in, and no row appeared/,
  },
  {
    title: 'messages for which nobody waits',
    in: { [SAY]: [[TELL, TELL.replace('await', 'void')]] },
    at: 'everybody-hears',
    means: /did not wait for what it had begun/,
  },
  {
    title: 'the address for clients as the endpoint for functions',
    in: { [STACK]: [["'WEBSOCKET_ENDPOINT', live.callbackUrl", "'WEBSOCKET_ENDPOINT', live.url"]] },
    at: 'everybody-hears',
    means: /begins with wss:.*callbackUrl/,
    where: FUNCTION,
  },
])
