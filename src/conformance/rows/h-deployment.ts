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
import { assert } from '../assert.ts'
import { impossibleDomain, onCustomDomain } from '../grounds/custom-domain.ts'
import {
  autoAndByHand,
  byCdk,
  deployedTooEarly,
  forgotten,
  mocks,
  noRoute,
  stageless,
  twice,
  wrongSource,
} from '../grounds/deployment.ts'
import { byHand } from '../grounds/lifecycle.ts'
import { withStageName } from '../grounds/limits.ts'
import { accessLogOf, type Logs, logged, loggedAt, onLogged, usualAccessLog } from '../grounds/logging.ts'
import { bare } from '../grounds/plain.ts'
import { fact, type Row } from '../row.ts'
import type { Standing } from '../standing.ts'
import type { World } from '../world.ts'
import { assertErrorFrame } from './frames.ts'
import { idOf } from './people.ts'
import { assertRefused } from './refused.ts'

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

/**
 * What a stage with such settings logs of a message that is answered and one whose function may not be invoked: all, of the
 * first one, and of that one's text.
 */
async function loggedOf(world: World, logs: Logs) {
  const up = await onLogged(world, loggedAt(logs))
  const nonce = world.nonce()
  const socket = await up.connect()
  socket.send({ action: 'ask', nonce, do: { echo: true } })
  const { requestId } = (await socket.hearsJson()).requestContext
  socket.send({ action: 'notAllowed' })
  assertErrorFrame(await socket.hears(), 'Internal server error')
  const log = up.output('ExecutionLogName')
  // Whatever the settings, the failure is the last thing that is written.
  await up.logs(log, 'Invalid permissions on Lambda function')
  return {
    all: await up.lines(log),
    ofSuccess: await up.lines(log, requestId),
    ofData: await up.lines(log, nonce),
  }
}

/** Section H: deployment, CDK, logs. */
export const deployment: readonly Row[] = [
  fact('H1', 'H', 'A stage serves a snapshot: changes need a deployment', async world => {
    const up = await world.own(byHand({ deployment: 'One' }))
    assert.equal(await hasExtra(up), false)
    await up.update(byHand({ deployment: 'One', extra: true }))
    assert.equal(await hasExtra(up), false)
    await up.update(byHand({ deployment: 'Two', extra: true }))
    await up.eventually('new route', async () => ((await hasExtra(up)) ? true : undefined))
  }),
  fact(
    'H2',
    'H',
    'A Deployment is not made anew when routes change, DependsOn or not; without it the Deployment comes before the routes, and fails: `At least one route is required before deploying the Api.`',
    async world => {
      const up = await world.own(byHand({ deployment: 'One' }))
      const before = up.resources('AWS::ApiGatewayV2::Deployment')
      await up.update(byHand({ deployment: 'One', extra: true }))
      assert.deepEqual(up.resources('AWS::ApiGatewayV2::Deployment'), before)
      for (const routeless of [deployedTooEarly, noRoute])
        await assertRefused(world, routeless, /At least one route is required before deploying the Api\./)
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
  fact(
    'H4',
    'H',
    'A stage that deploys by itself cannot be told what to serve',
    async world => {
      const up = await world.own(autoAndByHand({ isTold: false }))
      await assert.rejects(
        up.update(autoAndByHand({ isTold: true })),
        /Deployment ID cannot be set on this stage .*because AutoDeploy is enabled/,
      )
    },
    'A stage that is made with both comes up: an app in the wild does that',
  ),
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
      await up.settled()
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
    const up = await onLogged(world, usualAccessLog)
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
      await assertRefused(
        alone,
        accessLogOf(alone.target, '$context.requestId', { isSet: false }),
        /CloudWatch Logs role ARN must be set in account settings to enable logging/,
      )
    },
  ),
  fact(
    'H13',
    'H',
    '`DataTraceEnabled` logs everything, whatever the `LoggingLevel`; without it the level counts',
    async world => {
      for (const loggingLevel of ['OFF', 'ERROR'] as const) {
        const { all, ofSuccess, ofData } = await loggedOf(world, { loggingLevel, dataTraceEnabled: true })
        assert.ok(all.length > 0 && ofSuccess.length > 0 && ofData.length > 0, loggingLevel)
      }
      const errors = await loggedOf(world, { loggingLevel: 'ERROR', dataTraceEnabled: false })
      assert.ok(errors.all.length > 0)
      assert.deepEqual([errors.ofSuccess, errors.ofData], [[], []])
      const info = await loggedOf(world, { loggingLevel: 'INFO', dataTraceEnabled: false })
      assert.ok(info.ofSuccess.length > 0)
      assert.deepEqual(info.ofData, [])
    },
    'What each level writes is assumed from REST APIs',
  ),
  fact('H14', 'M-L', 'Execution logs are in `/aws/apigateway/{apiId}/{stage}`', async world => {
    const up = await onLogged(world, logged)
    const socket = await up.connect()
    const { requestContext } = await up.ask(socket, { echo: true })
    await up.logs(`/aws/apigateway/${up.output('ApiId')}/live`, requestContext.requestId)
  }),
  fact(
    'H15',
    'H',
    'Variables of the access log: `routeKey`, `eventType`, `connectionId`, `status`, `error.*`, `integration.*`, `authorizer.error`',
    async world => {
      const up = await onLogged(world, logged)
      const socket = await up.connect()
      const id = await idOf(up, socket)
      const line = (routeKey: string) => pairsOf(`routeKey=${routeKey}|eventType=MESSAGE|connectionId=${id}`)
      const pairsOf = async (holding: string): Promise<Readonly<Record<string, string>>> => {
        const pairs = (await up.logs(up.output('AccessLogName'), holding)).split('|')
        return Object.fromEntries(
          pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
        )
      }
      const asked = await line('ask')
      assert.equal(asked.status, '200')
      assert.equal(asked['error.message'], '-')
      assert.equal(asked['integration.status'], '200')
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
      assert.equal((await up.knock('Guarded')).status, 500)
      const guarded = await pairsOf(`apiId=${up.output('GuardedApiId')}|routeKey=$connect`)
      assert.equal(guarded.status, '500')
      assert.notEqual(guarded['authorizer.error'], '-')
    },
  ),
  fact(
    'H16',
    'H',
    'A route key twice: `Route with key $connect already exists for this API`',
    async world => {
      await assertRefused(world, twice, /Route with key \$connect already exists for this API/)
    },
    'The 409 is not seen through CloudFormation',
  ),
  fact(
    'H17',
    'H',
    'A custom domain is Regional and needs a mapping to a stage, without which it answers 403; a mapping key is one segment of the path',
    async world => {
      const up = await world.on(onCustomDomain)
      assert.equal((await up.knock('Custom')).status, 101)
      assert.equal((await up.knock('Unmapped')).status, 403)
      const keyed = up.output('Keyed')
      assert.match(keyed, /\/chat$/)
      assert.equal((await up.knock('Keyed')).status, 101)
      for (const url of [keyed.replace(/chat$/, ''), keyed.replace(/chat$/, 'cha'), `${keyed}/more`])
        assert.equal((await up.knock(url)).status, 403, url)
      await assertRefused(world, impossibleDomain({ apiMappingKey: 'chat/more' }), /mapping ?key/i)
      await assertRefused(world, impossibleDomain({ endpointType: 'EDGE' }), /EDGE/)
    },
    'The status is less sure; that REST and HTTP APIs cannot share a domain with WebSocket APIs is not tried, for there are none here',
  ),
  fact(
    'H18',
    'M-H',
    'Stage names: letters, digits, `-` and `_`, at most 128; `$default` is for HTTP APIs',
    async world => {
      for (const name of ['not allowed!', '$default', 'x'.repeat(129)])
        await assertRefused(world, withStageName(name), /stage ?name/i)
      await world.own(withStageName(`Letters-digits_${'1'.repeat(113)}`))
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
