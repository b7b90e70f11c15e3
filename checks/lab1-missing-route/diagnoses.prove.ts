import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { proveDiagnoses } from '../../src/selfproof/prove-diagnoses.ts'

const STACK = 'stack.ts'
const ANSWER = 'handlers/answer.ts'
const POST = 'await management.send('
const WHOAMI = '      await reply(connectionId, { connectionId })\n'
const FUNCTION = "new NodejsFunction(this, 'Answer'"
const STAGE = 'new WebSocketStage('
const GRANT = '    live.grantManagementApiAccess(answer)\n'
const IAM = [
  "from 'aws-cdk-lib/aws-lambda'\n",
  "from 'aws-cdk-lib/aws-lambda'\nimport { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'\n",
] as const
const forbids = (actions: string) =>
  `    answer.addToRolePolicy(new PolicyStatement({ effect: Effect.DENY, actions: ${actions}, resources: ['*'] }))\n`

proveDiagnoses(lab1, [
  {
    title: 'a throttle that lets nobody in',
    in: { [STACK]: [['{ rateLimit: 50, burstLimit: 20 }', '{ rateLimit: 0, burstLimit: 0 }']] },
    at: 'door-opens',
    means: /throttle turned it away/,
    where: STAGE,
  },
  {
    title: 'a role that may not post',
    in: { [STACK]: [[GRANT, '']] },
    at: 'message-comes-back',
    means: /role does not let it post/,
    where: FUNCTION,
  },
  {
    title: 'an explicit Deny beside the grant',
    in: { [STACK]: [IAM, [GRANT, `${GRANT}${forbids("['execute-api:*']")}`]] },
    at: 'message-comes-back',
    means: /forbids execute-api:ManageConnections .*the effect Deny/,
    where: FUNCTION,
  },
  {
    title: 'an answer for which nobody waits',
    in: { [ANSWER]: [[POST, POST.replace('await', 'void')]] },
    at: 'message-comes-back',
    means: /ended well without posting anything/,
  },
  {
    title: 'a handler that never ends',
    in: {
      [ANSWER]: [[WHOAMI, `${WHOAMI}      await new Promise(resolve => setTimeout(resolve, 60_000))\n`]],
      [STACK]: [['Duration.seconds(10)', 'Duration.seconds(1)']],
    },
    at: 'whoami-is-true',
    means: /had not finished after 1\.00 seconds/,
    where: FUNCTION,
  },
  {
    title: 'a role that may not log, so that a failure leaves no line',
    in: { [STACK]: [IAM, [GRANT, forbids("['logs:*']")]] },
    at: 'message-comes-back',
    means: /role does not let it write its log/,
  },
  {
    title: "a connection closed by one's own code",
    in: {
      [ANSWER]: [
        [
          '  ApiGatewayManagementApiClient,\n',
          '  ApiGatewayManagementApiClient,\n  DeleteConnectionCommand,\n',
        ],
        [
          WHOAMI,
          '      await management.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))\n',
        ],
      ],
    },
    at: 'whoami-is-true',
    means: /other side hung up/,
    where: FUNCTION,
  },
  {
    title: 'the address for clients as the endpoint for the function',
    in: { [STACK]: [["'WEBSOCKET_ENDPOINT', live.callbackUrl", "'WEBSOCKET_ENDPOINT', live.url"]] },
    at: 'message-comes-back',
    means: /begins with wss:.*callbackUrl/,
    where: FUNCTION,
  },
  {
    title: 'an endpoint that the stack does not tell the function',
    in: { [STACK]: [["    answer.addEnvironment('WEBSOCKET_ENDPOINT', live.callbackUrl)\n", '']] },
    at: 'message-comes-back',
    means: /environment variable/,
    where: FUNCTION,
  },
  {
    title: 'a route behind which nothing answers',
    in: {
      [STACK]: [
        [
          "from 'aws-cdk-lib/aws-apigatewayv2-integrations'",
          "from 'aws-cdk-lib/aws-apigatewayv2-integrations'\nimport { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'",
        ],
        [
          "api.addRoute('whoami', { integration })",
          "api.addRoute('whoami', { integration: new WebSocketMockIntegration('Mock') })",
        ],
      ],
    },
    at: 'whoami-is-true',
    means: /no function stands behind/,
  },
  {
    title: 'an answer that is only returned, on a route that has no response',
    in: {
      [ANSWER]: [[WHOAMI, '      return { statusCode: 200, body: JSON.stringify({ connectionId }) }\n']],
    },
    at: 'whoami-is-true',
    means: /without posting anything/,
  },
])
