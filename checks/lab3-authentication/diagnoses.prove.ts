import { lab3 } from '../../labs/lab3-authentication/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const STACK = 'stack.ts'
const SAY = 'handlers/sendMessage.ts'
const DOOR = 'handlers/authorize.ts'
const TELL = 'await Promise.all(people.map(person => tell(person.connectionId, { from: name, text })))'
const READ = '    connections.grantReadData(sendMessage)\n'
const AUTHORIZE = "this.handler('authorize')"
const SEND = "this.handler('sendMessage')"
const VERIFY = 'const claims = await verifier.verify(token)'
const IAM = [
  "from 'aws-cdk-lib/aws-lambda'\n",
  "from 'aws-cdk-lib/aws-lambda'\nimport { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'\n",
] as const
const HEARD = 'heard-under-their-own-name'
const forbids = (actions: string) =>
  `    sendMessage.addToRolePolicy(new PolicyStatement({ effect: Effect.DENY, actions: ${actions}, resources: ['*'] }))\n`
/** Lets nothing through, on one route. */
const tight = (route: string) =>
  [
    ['import { WebSocketApi,', 'import { CfnStage, WebSocketApi,'],
    [
      '    authorize.addEnvironment(',
      `    const stage = live.node.defaultChild as CfnStage
    // The route must be there first.
    live.node.addDependency(api)
    stage.routeSettings = { '${route}': { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 } }
    authorize.addEnvironment(`,
    ],
  ] as const

proveDiagnoses(lab3, [
  {
    title: 'a throttle that lets nobody in',
    in: { [STACK]: [['{ rateLimit: 50, burstLimit: 20 }', '{ rateLimit: 0, burstLimit: 0 }']] },
    at: 'the-signed-in-come-in',
    means: /throttle turned it away/,
    where: 'new WebSocketStage(',
  },
  {
    title: 'a throttle that lets no message through',
    in: { [STACK]: tight('sendMessage') },
    at: HEARD,
    means: /throttle turned it away/,
    where: 'new WebSocketStage(',
  },
  {
    title: 'an authorizer that never ends',
    in: {
      [DOOR]: [[VERIFY, `await new Promise(resolve => setTimeout(resolve, 60_000))\n    ${VERIFY}`]],
      [STACK]: [['Duration.seconds(10)', 'Duration.seconds(2)']],
    },
    at: 'the-signed-in-come-in',
    means: /had not finished after 2\.00 seconds/,
    where: AUTHORIZE,
  },
  {
    title: 'a pool whose id the stack does not tell the authorizer',
    in: { [STACK]: [["    authorize.addEnvironment('USER_POOL_ID', users.userPoolId)\n", '']] },
    at: 'the-signed-in-come-in',
    means: /environment variable/,
    where: AUTHORIZE,
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
    at: 'the-signed-in-come-in',
    means: /by the key under which it was written/,
  },
  {
    title: 'a row for which nobody waits',
    in: { 'handlers/connect.ts': [['await dynamodb.send(', 'void dynamodb.send(']] },
    at: 'the-signed-in-come-in',
    means: /not put on the list/,
  },
  {
    title: 'messages for which nobody waits',
    in: { [SAY]: [[TELL, TELL.replace('await', 'void')]] },
    at: HEARD,
    means: /ended well without posting anything/,
  },
  {
    title: 'an explicit Deny beside the grant',
    in: { [STACK]: [IAM, [READ, `${READ}${forbids("['dynamodb:Scan']")}`]] },
    at: HEARD,
    means: /forbids dynamodb:Scan .*the effect Deny/,
    where: SEND,
  },
  {
    title: 'a role that may not log, so that a failure leaves no line',
    in: { [STACK]: [IAM, [READ, forbids("['logs:*']")]] },
    at: HEARD,
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
          'await management.send(new DeleteConnectionCommand({ ConnectionId: event.requestContext.connectionId }))',
        ],
        [
          '  const { text } = JSON.parse(event.body!)\n  const { name } = event.requestContext.authorizer\n',
          '',
        ],
        [
          '  const { Items: people = [] } = await dynamodb.send(new ScanCommand({ TableName: process.env.TABLE_NAME }))\n',
          '',
        ],
      ],
    },
    at: HEARD,
    means: /The client did not close it/,
  },
  {
    title: 'the address for clients as the endpoint for functions',
    in: { [STACK]: [["'WEBSOCKET_ENDPOINT', live.callbackUrl", "'WEBSOCKET_ENDPOINT', live.url"]] },
    at: HEARD,
    means: /begins with wss:.*callbackUrl/,
    where: SEND,
  },
  {
    title: 'a table that the stack does not name to the function',
    in: {
      [STACK]: [
        [
          'for (const handler of [connect, disconnect, sendMessage])',
          'for (const handler of [connect, disconnect])',
        ],
      ],
    },
    at: HEARD,
    means: /environment variable/,
    where: SEND,
  },
])
