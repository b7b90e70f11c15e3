import assert from 'node:assert/strict'
import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import {
  ApiGatewayV2Client,
  GetApiCommand,
  GetDeploymentsCommand,
  GetIntegrationsCommand,
  GetRouteResponsesCommand,
  GetRoutesCommand,
  GetStageCommand,
  GetStagesCommand,
} from '@aws-sdk/client-apigatewayv2'
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam'
import { GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { onCustomDomain } from '../grounds/custom-domain.ts'
import {
  autoAndByHand,
  byCdk,
  forgotten,
  mocks,
  noRoute,
  stageless,
  twice,
  wrongSource,
} from '../grounds/deployment.ts'
import { byHand } from '../grounds/lifecycle.ts'
import { withStageName } from '../grounds/limits.ts'
import { accessLogOf, logged, tracedOnly, usualAccessLog } from '../grounds/logging.ts'
import { bare } from '../grounds/plain.ts'
import { fact, type Row } from '../row.ts'
import type { Standing } from '../standing.ts'
import { idOf } from './a-lifecycle.ts'
import { assertErrorFrame } from './frames.ts'

/** What API Gateway itself says of an API. */
const gateway = (up: Standing) => up.aws(ApiGatewayV2Client)

/** The resources of a role's inline policies. */
async function resourcesOf(up: Standing, RoleName: string): Promise<readonly string[]> {
  const iam = up.aws(IAMClient)
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }))
  const documents = await Promise.all(
    PolicyNames.map(async PolicyName => {
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
      return JSON.parse(decodeURIComponent(PolicyDocument))
    }),
  )
  return documents.flatMap(({ Statement }) => Statement.flatMap((one: any) => one.Resource))
}

/** Whether a route answers with something other than Forbidden. */
async function hasExtra(up: Standing): Promise<boolean> {
  const socket = await up.connect()
  socket.send({ action: 'extra' })
  await up.settled()
  return socket.hasHeardNothing().then(
    () => true,
    () => false,
  )
}

/** Section H: deployment, CDK, logs. */
export const deployment: readonly Row[] = [
  fact('H1', 'H', 'A stage serves a snapshot: changes need a deployment', async world => {
    const up = await world.own(byHand({ deployment: 'One' }))
    assert.equal(await hasExtra(up), false)
    await up.update(byHand({ deployment: 'One', extra: true }))
    assert.equal(await hasExtra(up), false)
    await up.update(byHand({ deployment: 'Two', extra: true }))
    assert.equal(await hasExtra(up), true)
  }),
  fact(
    'H2',
    'H',
    'A Deployment is not made anew when routes change; without any route it fails: `At least one route is required before deploying the Api.`',
    async world => {
      const up = await world.own(byHand({ deployment: 'One' }))
      const before = up.resources('AWS::ApiGatewayV2::Deployment')
      await up.update(byHand({ deployment: 'One', extra: true }))
      assert.deepEqual(up.resources('AWS::ApiGatewayV2::Deployment'), before)
      const { message } = await world.refused(noRoute)
      assert.match(message, /At least one route is required before deploying the Api\./)
    },
  ),
  fact(
    'H3',
    'H',
    'CDK makes a stage without `autoDeploy` that has no deployment at all: it deploys, and answers 403',
    async world => {
      const up = await world.on(forgotten)
      assert.equal((await up.knock()).status, 403)
      const stage = await gateway(up).send(
        new GetStageCommand({ ApiId: up.output('ApiId'), StageName: 'live' }),
      )
      assert.equal(stage.DeploymentId, undefined)
    },
  ),
  fact('H4', 'H', 'A stage that deploys by itself cannot be told what to serve', async world => {
    await world.refused(autoAndByHand)
  }),
  fact(
    'H5',
    'H',
    "CDK's expression is `$request.body.action`; it makes no stage and no `$default` route by itself",
    async world => {
      const up = await world.on(stageless)
      const ApiId = up.output('ApiId')
      const api = await gateway(up).send(new GetApiCommand({ ApiId }))
      assert.equal(api.RouteSelectionExpression, '$request.body.action')
      assert.deepEqual((await gateway(up).send(new GetStagesCommand({ ApiId }))).Items ?? [], [])
      const { Items = [] } = await gateway(up).send(new GetRoutesCommand({ ApiId }))
      assert.deepEqual(
        Items.map(({ RouteKey }) => RouteKey),
        ['ask'],
      )
    },
  ),
  fact('H6', 'H', "CDK's Lambda integration is AWS_PROXY, and lets in `…:{api}/*{routeKey}`", async world => {
    const up = await world.on(byCdk)
    const ApiId = up.output('ApiId')
    const { Items = [] } = await gateway(up).send(new GetIntegrationsCommand({ ApiId }))
    assert.ok(Items.every(({ IntegrationType }) => IntegrationType === 'AWS_PROXY'))
    const { Policy = '{}' } = await up
      .aws(LambdaClient)
      .send(new GetPolicyCommand({ FunctionName: up.output('ByApiName') }))
    assert.deepEqual(
      JSON.parse(Policy).Statement.map((one: any) => one.Condition.ArnLike['AWS:SourceArn']),
      [`arn:aws:execute-api:${up.region}:${up.accountId}:${ApiId}/*byApi`],
    )
  }),
  fact(
    'H7',
    'H',
    '`returnResponse` sets the expression and makes a route response, both `$default`',
    async world => {
      const up = await world.on(bare)
      const ApiId = up.output('ApiId')
      const { Items: [ask] = [] } = await gateway(up).send(new GetRoutesCommand({ ApiId }))
      assert.equal(ask?.RouteResponseSelectionExpression, '$default')
      const { Items = [] } = await gateway(up).send(
        new GetRouteResponsesCommand({ ApiId, RouteId: ask.RouteId }),
      )
      assert.deepEqual(
        Items.map(({ RouteResponseKey }) => RouteResponseKey),
        ['$default'],
      )
    },
  ),
  fact(
    'H8',
    'H',
    "CDK's mock with `returnResponse` has no integration response, and says nothing",
    async world => {
      const up = await world.on(mocks)
      const silent = await up.connect('Silent')
      silent.send({ action: 'ping' })
      await silent.hasHeardNothing()
      const speaking = await up.connect('Speaking')
      speaking.send({ action: 'ping' })
      assert.equal(await speaking.hears(), '{"pong":true}')
    },
    'Silence rather than an error is one of two reports',
  ),
  fact(
    'H9',
    'H',
    '`grantManageConnections` allows `{api}/*/*/@connections/*`, `grantManagementApiAccess` `{api}/{stage}/*/@connections/*`',
    async world => {
      const up = await world.on(byCdk)
      const arn = `arn:aws:execute-api:${up.region}:${up.accountId}:${up.output('ApiId')}`
      assert.deepEqual(await resourcesOf(up, up.output('ByApiRole')), [`${arn}/*/*/@connections/*`])
      assert.deepEqual(await resourcesOf(up, up.output('ByStageRole')), [`${arn}/live/*/@connections/*`])
    },
  ),
  fact(
    'H10',
    'H',
    '`stage.url` is `wss://…`, `stage.callbackUrl` `https://…`: one to connect, one to post',
    async world => {
      const up = await world.on(byCdk)
      const socket = await up.connect('Url')
      socket.send({ action: 'byApi', do: { echo: true } })
      const { connectionId } = (await socket.hearsJson()).requestContext
      const client = up.management(up.output('CallbackUrl'))
      await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'hello' }))
      assert.equal(await socket.hears(), 'hello')
      assert.equal(up.output('CallbackUrl').replace(/^http/, 'ws'), up.output('Url'))
    },
  ),
  fact('H11', 'H', "CDK's format of the access log", async world => {
    const up = await world.on(usualAccessLog)
    const socket = await up.connect()
    const id = await idOf(up, socket)
    const line = await up.logs(up.output('AccessLogName'), `ask ${id}`)
    const time = '\\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000\\]'
    assert.match(line, new RegExp(`^\\S+ - - ${time} "MESSAGE ask ${id}" 200 [\\w-]{15}=$`))
  }),
  fact(
    'H12',
    'H',
    'Without the account’s role: `CloudWatch Logs role ARN must be set in account settings to enable logging`',
    async world => {
      const alone = await world.alone()
      const { message } = await alone.refused(accessLogOf('$context.requestId', { isSet: false }))
      assert.match(message, /CloudWatch Logs role ARN must be set in account settings to enable logging/)
    },
  ),
  fact('H13', 'H', '`DataTraceEnabled` logs everything, whatever the `LoggingLevel`', async world => {
    const up = await world.on(tracedOnly)
    const nonce = world.nonce()
    const socket = await up.connect()
    socket.send({ action: 'ask', nonce, do: { return: { statusCode: 200, body: 'heard' } } })
    assert.equal(await socket.hears(), 'heard')
    await up.logs(up.output('ExecutionLogName'), nonce)
  }),
  fact('H14', 'M-L', 'Execution logs are in `/aws/apigateway/{apiId}/{stage}`', async world => {
    const up = await world.on(logged)
    const socket = await up.connect()
    const { requestContext } = await up.ask(socket, { echo: true })
    await up.logs(`/aws/apigateway/${up.output('ApiId')}/live`, requestContext.requestId)
  }),
  fact(
    'H15',
    'H',
    'Variables of the access log: `routeKey`, `eventType`, `connectionId`, `status`, `error.*`, `integration.*`, `authorizer.error`',
    async world => {
      const up = await world.on(logged)
      const socket = await up.connect()
      const id = await idOf(up, socket)
      const line = async (routeKey: string): Promise<Readonly<Record<string, string>>> => {
        const holding = `routeKey=${routeKey}|eventType=MESSAGE|connectionId=${id}`
        const pairs = (await up.logs(up.output('AccessLogName'), holding)).split('|')
        return Object.fromEntries(
          pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
        )
      }
      const asked = await line('ask')
      assert.equal(asked.status, '200')
      assert.equal(asked['error.message'], '-')
      socket.send({ action: 'notAllowed' })
      assertErrorFrame(await socket.hears(), 'Internal server error')
      const refused = await line('notAllowed')
      assert.equal(refused.status, '500')
      assert.equal(refused['error.message'], 'Internal server error')
      assert.notEqual(refused['error.responseType'], '-')
      assert.match(refused['integration.error'] ?? '', /Invalid permissions on Lambda function/)
      socket.send({ action: 'checked' })
      assertErrorFrame(await socket.hears(), 'Invalid request body')
      const checked = await line('checked')
      assert.equal(checked['error.responseType'], 'BAD_REQUEST_BODY')
      assert.match(checked['error.validationErrorString'] ?? '', /missing required properties/)
    },
  ),
  fact(
    'H16',
    'H',
    'A route key twice: `Route with key $connect already exists for this API`',
    async world => {
      const { message } = await world.refused(twice)
      assert.match(message, /Route with key \$connect already exists for this API/)
    },
  ),
  fact('H17', 'H', 'A custom domain needs a mapping to a stage; without one it answers 403', async world => {
    const up = await world.on(onCustomDomain)
    assert.equal((await up.knock('Custom')).status, 101)
    assert.equal((await up.knock('Unmapped')).status, 403)
  }),
  fact(
    'H18',
    'M-H',
    'Stage names: letters, digits, `-` and `_`; `$default` is for HTTP APIs',
    async world => {
      await world.refused(withStageName('not allowed!'))
      await world.refused(withStageName('$default'))
    },
  ),
  fact(
    'H19',
    'H',
    'A deployment is PENDING, FAILED or DEPLOYED; a stage that deploys by itself tells how its last went',
    async world => {
      const up = await world.on(byCdk)
      const ApiId = up.output('ApiId')
      const { Items = [] } = await gateway(up).send(new GetDeploymentsCommand({ ApiId }))
      const stage = await gateway(up).send(new GetStageCommand({ ApiId, StageName: 'live' }))
      const served = Items.find(({ DeploymentId }) => DeploymentId === stage.DeploymentId)
      assert.equal(served?.DeploymentStatus, 'DEPLOYED')
      assert.equal(
        stage.LastDeploymentStatusMessage,
        `Successfully deployed stage with deployment ID '${stage.DeploymentId}'`,
      )
    },
  ),
  fact('H20', 'H', 'A permission for another API deploys, and fails when it is needed: 500', async world => {
    const up = await world.on(wrongSource)
    assert.equal((await up.knock()).status, 500)
    await up.settled()
    assert.deepEqual(await up.lines(up.output('ConnectLogName')), [])
  }),
]
