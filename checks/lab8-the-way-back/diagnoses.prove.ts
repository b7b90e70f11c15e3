import { lab8 } from '../../labs/lab8-the-way-back/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const COUNTER = 'counter.ts'
const POST = 'handlers/post.ts'
const TAKE = 'handlers/take.ts'
const SERVE = 'handlers/serve.ts'
const ENDPOINT = 'this.stage.callbackUrl'
const IN_TAKE = "const take = this.handler('take')"
const IN_SERVE = "const serve = this.handler('serve')"
const OF_SERVE = `    for (const handler of [take, serve]) {
      handler.addEnvironment('WEBSOCKET_ENDPOINT', ${ENDPOINT})
    }
`
/** `take` is given the right address, and `serve` another. */
const serveIsGiven = (endpoint: string): readonly [string, string] => [
  OF_SERVE,
  `    take.addEnvironment('WEBSOCKET_ENDPOINT', ${ENDPOINT})\n    serve.addEnvironment('WEBSOCKET_ENDPOINT', ${endpoint})\n`,
]
/** Only for clients that came by the domain, \`take\` posts to another address. */
const atTheDomain = (endpoint: string) => ({
  [POST]: [
    [
      'export async function post(ConnectionId: string, message: object) {\n',
      `export async function post(ConnectionId: string, message: object, endpoint?: string) {
  const client = endpoint ? new ApiGatewayManagementApiClient({ endpoint }) : management
`,
    ],
    ['await management.send(', 'await client.send('],
  ] as const,
  [TAKE]: [
    ['const { connectionId } =', 'const { connectionId, domainName, stage } ='],
    [
      'await post(connectionId, { taken: text, connectionId })',
      `const isOwn = domainName.endsWith('.amazonaws.com')
  await post(connectionId, { taken: text, connectionId, stage }, isOwn ? undefined : ${endpoint})`,
    ],
  ] as const,
})

proveDiagnoses(lab8, [
  {
    title: 'the address for clients, made of the API',
    in: { [COUNTER]: [serveIsGiven('this.api.apiEndpoint')] },
    at: 'ready-arrives',
    means: /begins with wss:\. That one is for the sockets of clients/,
    where: IN_SERVE,
  },
  {
    title: 'an address without a stage',
    in: { [COUNTER]: [serveIsGiven("this.stage.callbackUrl.replace('/prod', '').replace('/dev', '')")] },
    at: 'ready-arrives',
    means: /No permission is at fault/,
    where: IN_SERVE,
  },
  {
    title: 'the address of another stage, where clients are not known',
    in: {
      [COUNTER]: [
        serveIsGiven('this.stage.callbackUrl'),
        [
          'private readonly stage: WebSocketStage\n',
          'readonly stage: WebSocketStage\n  readonly serve: NodejsFunction\n',
        ],
        [IN_SERVE, `${IN_SERVE}\n    this.serve = serve`],
      ],
      'stack.ts': [
        [
          "    new CfnOutput(this, 'Url'",
          `    for (const [one, other] of [[dev, prod], [prod, dev]] as const) {
      one.serve.addEnvironment('WEBSOCKET_ENDPOINT', other.stage.callbackUrl)
      other.stage.grantManagementApiAccess(one.serve)
    }
    new CfnOutput(this, 'Url'`,
        ],
      ],
    },
    at: 'ready-arrives',
    means: /is answered with 410, as if the client had left/,
  },
  {
    title: 'a role that may not post',
    in: { [COUNTER]: [['    this.stage.grantManagementApiAccess(serve)\n', '']] },
    at: 'ready-arrives',
    means: /The address is right, and the role of the function does not let it post there/,
    where: IN_SERVE,
  },
  {
    title: 'an address that is not set',
    in: {
      [COUNTER]: [[OF_SERVE, `    serve.addEnvironment('WEBSOCKET_ENDPOINT', ${ENDPOINT})\n`]],
    },
    at: 'orders-are-taken',
    means: /does not know where to post/,
    where: IN_TAKE,
  },
  {
    title: 'a host that does not exist',
    in: { [COUNTER]: [[ENDPOINT, "'https://orders.invalid/prod'"]] },
    at: 'orders-are-taken',
    means: /posted to a host that does not exist/,
    where: IN_TAKE,
  },
  {
    title: 'the domain and the stage of the event',
    in: atTheDomain('`https://${domainName}/${stage}`'),
    at: 'whichever-door',
    means: /It does not have the path under which the domain leads there/,
    where: IN_TAKE,
  },
  {
    title: 'a stage behind the path that leads to it',
    in: atTheDomain('`https://${domainName}/orders/${stage}`'),
    at: 'whichever-door',
    means: /the mapping leads to the stage already/,
    where: IN_TAKE,
  },
  {
    title: 'something that a client is told twice',
    in: {
      [SERVE]: [
        [
          'await post(connectionId, { ready: text })',
          'await post(connectionId, { ready: text })\n      await post(connectionId, { ready: text })',
        ],
      ],
    },
    at: 'ready-arrives',
    means: /heard more than it should/,
  },
])
