import { GetConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { WebSocket } from 'ws'
import { assert } from '../assert.ts'
import { impossibleAuthorizer } from '../grounds/authorizers.ts'
import { forgotten, mocks } from '../grounds/deployment.ts'
import { backedByHttp } from '../grounds/http.ts'
import { inVpc } from '../grounds/in-vpc.ts'
import { byHand, postToSelf, throttled } from '../grounds/lifecycle.ts'
import { accessLogOf, logged, onLogged } from '../grounds/logging.ts'
import { permitted } from '../grounds/management.ts'
import { bare, plain } from '../grounds/plain.ts'
import { mistake, type Row } from '../row.ts'
import { assertErrorFrame } from '../rows/frames.ts'
import { idOf } from '../rows/people.ts'
import { assertRefused } from '../rows/refused.ts'
import type { Standing } from '../standing.ts'
import * as handlers from './handlers.ts'
import { guardedBy, laterRoute, listed, small, stageOnDomain } from './stacks.ts'

const MINUTE = 60_000

/** Says something, and hears the gateway's `Internal server error`. */
async function saysAndFails(up: Standing, to = 'Url'): Promise<void> {
  const socket = await up.connect(to)
  socket.send({ action: 'say' })
  assertErrorFrame(await socket.hears(), 'Internal server error')
}

/** The whole log of the function behind a small API. */
const logOf = async (up: Standing, output = 'SayLogName') => (await up.lines(up.output(output))).join('\n')

/** Section I: the classic mistakes, each in a stack that makes it. */
export const mistakes: readonly Row[] = [
  mistake(
    'I1',
    'No `$default` route, and a key that the expression does not look at: a Forbidden frame; the function’s log is empty',
    async world => {
      const up = await world.own(bare)
      const socket = await up.connect()
      socket.send({ message: 'ask' })
      assertErrorFrame(await socket.hears(), 'Forbidden')
      await up.settled()
      assert.equal(await logOf(up, 'AskLogName'), '')
    },
  ),
  mistake(
    'I2',
    'A new route that was not deployed: a Forbidden frame; the log of the new function is empty',
    async world => {
      const up = await world.own(laterRoute(false))
      await up.update(laterRoute(true))
      const socket = await up.connect()
      socket.send({ action: 'later' })
      assertErrorFrame(await socket.hears(), 'Forbidden')
      await up.settled()
      assert.equal(await logOf(up, 'LaterLogName'), '')
    },
  ),
  mistake('I3', "CDK's stage without `autoDeploy`: 403 at the handshake", async world => {
    const up = await world.own(forgotten)
    assert.equal((await up.knock()).status, 403)
    assert.equal(await logOf(up, 'AskLogName'), '')
  }),
  mistake(
    'I4',
    'A Deployment made by hand, with nothing but DependsOn: an update deploys nothing',
    async world => {
      const up = await world.own(byHand({ deployment: 'One' }))
      const before = up.resources('AWS::ApiGatewayV2::Deployment')
      await up.update(byHand({ deployment: 'One', extra: true }))
      assert.deepEqual(up.resources('AWS::ApiGatewayV2::Deployment'), before)
      const socket = await up.connect()
      socket.send({ action: 'extra' })
      assertErrorFrame(await socket.hears(), 'Forbidden')
    },
  ),
  mistake('I5', 'Posting to oneself in `$connect`: 502, GoneException in the log', async world => {
    const up = await world.own(small(handlers.posts(), { routeKey: '$connect', mayPost: true }))
    assert.equal((await up.knock()).status, 502)
    const line = await up.logs(up.output('SayLogName'), 'GoneException')
    assert.match(line, /UnknownError|410/)
  }),
  mistake(
    'I6',
    'No `execute-api:ManageConnections`: Internal server error; AccessDeniedException with a masked account in the log',
    async world => {
      const up = await world.own(small(handlers.posts()))
      await saysAndFails(up)
      const line = await up.logs(up.output('SayLogName'), 'AccessDeniedException')
      assert.match(line, /execute-api:ManageConnections on resource: arn:aws:execute-api:[^:]+:\*{8}\d{4}:/)
    },
  ),
  mistake(
    'I7',
    'A policy for POST only, and code that deletes: AccessDeniedException …/DELETE/…',
    async world => {
      const up = await world.own(small(handlers.hangsUp, { mayPost: 'POST' }))
      await saysAndFails(up)
      await up.logs(up.output('SayLogName'), '/DELETE/@connections/{connectionId}')
    },
  ),
  mistake(
    'I8',
    'An endpoint that begins with `wss://`: Task timed out; one without a scheme: Invalid URL',
    async world => {
      const hanging = await world.own(
        small(handlers.posts('`wss://${domainName}/${stage}`'), { mayPost: true, timeout: 2 }),
      )
      await saysAndFails(hanging)
      await hanging.logs(hanging.output('SayLogName'), 'Task timed out')
      const schemeless = await world.own(small(handlers.posts('`${domainName}/${stage}`'), { mayPost: true }))
      await saysAndFails(schemeless)
      await schemeless.logs(schemeless.output('SayLogName'), 'Invalid URL')
    },
  ),
  mistake('I9', 'An endpoint without the stage: ForbiddenException in the log', async world => {
    const up = await world.own(small(handlers.posts('`https://${domainName}`'), { mayPost: true }))
    await saysAndFails(up)
    await up.logs(up.output('SayLogName'), 'ForbiddenException')
  }),
  mistake(
    'I10',
    'The stage appended on a custom domain: `No method found matching route …` in the log',
    async world => {
      const up = await world.own(stageOnDomain)
      await saysAndFails(up, 'Custom')
      await up.logs(up.output('SayLogName'), 'No method found matching route live/')
    },
  ),
  mistake(
    'I11',
    'A broadcast that stops at the first connection that is gone: those after it hear nothing; GoneException in the log',
    async world => {
      const up = await world.own(small(handlers.broadcasts, { mayPost: true }))
      const gone = await up.connect()
      const goneId = await idOf(up, gone)
      gone.ws.close()
      await up.eventually('end of the connection', () =>
        up
          .management()
          .send(new GetConnectionCommand({ ConnectionId: goneId }))
          .then(
            () => undefined,
            () => true,
          ),
      )
      const living = await up.connect()
      const other = await up.connect()
      other.send({ action: 'say', to: [goneId, await idOf(up, living)] })
      assertErrorFrame(await other.hears(), 'Internal server error')
      await up.logs(up.output('SayLogName'), 'GoneException')
      await up.settled()
      await living.hasHeardNothing()
    },
  ),
  mistake(
    'I12',
    'Expecting the return value to reach the client: silence, and a log that shows success',
    async world => {
      const up = await world.own(small(handlers.returns))
      const socket = await up.connect()
      socket.send({ action: 'say' })
      await up.logs(up.output('SayLogName'), 'REPORT')
      await up.settled()
      await socket.hasHeardNothing()
      assert.doesNotMatch(await logOf(up), /Error/)
    },
  ),
  mistake('I13', 'A mock without an integration response: silence', async world => {
    const up = await world.own(mocks)
    const socket = await up.connect('Silent')
    socket.send({ action: 'ping' })
    await up.settled()
    await socket.hasHeardNothing()
  }),
  mistake(
    'I14',
    'The subprotocol is not returned: the client refuses after the 101, without one it gets in; the log shows success',
    async world => {
      const up = await world.own(small(handlers.forgetsTheSubprotocol, { routeKey: '$connect' }))
      await assert.rejects(up.connect('Url', { protocols: ['chat'] }), /Server sent no subprotocol/)
      await up.connect()
      await up.logs(up.output('SayLogName'), 'somebody came')
      assert.doesNotMatch(await logOf(up), /Error/)
    },
  ),
  mistake(
    'I15',
    "The token in a header (CDK's default identity source), the client a browser: 401, the authorizer's log is empty",
    async world => {
      const up = await world.own(guardedBy(handlers.simpleAuthorizer))
      assert.equal((await up.knock('Url', { query: { Authorization: 'token' } })).status, 401)
      await up.settled()
      assert.equal(await logOf(up, 'GuardLogName'), '')
    },
  ),
  mistake('I16', 'An authorizer that answers as for HTTP APIs: 500; its log is fine', async world => {
    const up = await world.own(guardedBy(handlers.simpleAuthorizer, []))
    assert.equal((await up.knock()).status, 500)
    await up.logs(up.output('GuardLogName'), 'I was asked')
    assert.doesNotMatch(await logOf(up, 'GuardLogName'), /Error/)
  }),
  mistake('I17', 'An authorizer on a message route: the deployment fails', async world => {
    await assertRefused(world, impossibleAuthorizer('REQUEST'), /restricted to the \$connect route only/)
  }),
  mistake(
    'I18',
    '`$connect` throws, or returns no statusCode: 502; a stack trace in the log',
    async world => {
      const throws = "exports.handler = async () => { throw new TypeError('cannot do this') }"
      const up = await world.own(small(throws, { routeKey: '$connect' }))
      assert.equal((await up.knock()).status, 502)
      assert.match(await up.logs(up.output('SayLogName'), 'cannot do this'), /"stack":\[/)
      const nothing = await world.own(small('exports.handler = async () => {}', { routeKey: '$connect' }))
      assert.equal((await nothing.knock()).status, 502)
    },
  ),
  mistake(
    'I19',
    'No permission to invoke: Internal server error; `Invalid permissions on Lambda function` in the execution log, nothing in the function’s',
    async world => {
      const up = await onLogged(world, logged)
      const socket = await up.connect()
      socket.send({ action: 'notAllowed' })
      assertErrorFrame(await socket.hears(), 'Internal server error')
      await up.logs(
        up.output('ExecutionLogName'),
        'Execution failed due to configuration error: Invalid permissions on Lambda function',
      )
      assert.equal(await logOf(up, 'NotAllowedLogName'), '')
    },
  ),
  mistake('I20', 'More than 32 KB in one frame: 1009, told to `$disconnect`', async world => {
    const up = await world.on(plain)
    const socket = await up.connect()
    const id = await idOf(up, socket)
    socket.send({ action: 'ask', picture: 'x'.repeat(40_000) })
    assert.equal((await socket.closed()).code, 1009)
    const { requestContext } = await up.saw(up.output('DisconnectLogName'), id)
    assert.equal(requestContext.disconnectStatusCode, 1009)
  }),
  mistake('I21', 'A binary frame: 1003', async world => {
    const socket = await (await world.on(plain)).connect()
    socket.send(Buffer.from('{"action":"ask"}'))
    assert.equal((await socket.closed()).code, 1003)
  }),
  mistake('I22', 'No heartbeat: 1001 `Going away` after ten minutes, told to `$disconnect`', async world => {
    const up = await (await world.alone()).own(plain)
    const socket = await up.connect()
    const id = await idOf(up, socket)
    up.advance(10 * MINUTE)
    assert.deepEqual(await socket.closed(), { code: 1001, reason: 'Going away' })
    const { requestContext } = await up.saw(up.output('DisconnectLogName'), id)
    assert.equal(requestContext.disconnectStatusCode, 1001)
  }),
  mistake(
    'I23',
    'Trust in `$disconnect`, which failed: a ghost stays in the table; posting to it is GoneException',
    async world => {
      const up = await world.own(listed({ may: 'put' }))
      const socket = await up.connect()
      const id = await idOf(up, socket)
      socket.ws.close()
      await up.logs(up.output('DisconnectLogName'), 'AccessDeniedException')
      const { Item } = await up
        .aws(DynamoDBClient)
        .send(new GetItemCommand({ TableName: up.output('TableName'), Key: { connectionId: { S: id } } }))
      assert.ok(Item)
      const post = new PostToConnectionCommand({ ConnectionId: id, Data: 'still there?' })
      await assert.rejects(up.management().send(post), { name: 'GoneException' })
    },
  ),
  mistake(
    'I24',
    'Slow work in a handler: Endpoint request timed out after 29 s, and the result later all the same',
    async world => {
      const up = await (await world.alone()).own(plain)
      const socket = await up.connect()
      const nonce = world.nonce()
      socket.send({ action: 'do', do: { wait: 1500, call: [postToSelf('the result')] }, nonce })
      await up.saw(up.output('MessageLogName'), nonce)
      up.advance(29_000)
      assertErrorFrame(await socket.hears(), 'Endpoint request timed out')
      assert.equal(await socket.hears(), 'the result')
    },
  ),
  mistake('I25', 'Route settings without throttle values, as Terraform has them, are 0: 429', async world => {
    const up = await world.on(throttled)
    assert.equal((await up.knock()).status, 429)
  }),
  mistake(
    'I26',
    '`queryStringParameters` read on a message route: Internal server error; a TypeError in the log',
    async world => {
      const up = await world.own(small(handlers.readsTheQuery, { twoWay: true }))
      await saysAndFails(up)
      const line = await up.logs(up.output('SayLogName'), 'TypeError')
      assert.match(line, /Cannot read properties of undefined \(reading 'token'\)/)
    },
  ),
  mistake('I27', "The account's CloudWatch role is missing: the deployment fails", async world => {
    const alone = await world.alone()
    await assertRefused(
      alone,
      accessLogOf(alone.target, '$context.requestId', { isSet: false }),
      /CloudWatch Logs role ARN must be set in account settings/,
    )
  }),
  mistake(
    'I28',
    'A function in a VPC without a way out: a timeout frame; `Task timed out` in the log',
    async world => {
      const up = await world.on(inVpc)
      const socket = await up.connect()
      const nonce = world.nonce()
      const call = [
        {
          client: 'dynamodb',
          command: 'ListTables',
          input: { ExclusiveStartTableName: nonce },
        },
      ]
      socket.send({ action: 'shut', do: { call }, nonce })
      assertErrorFrame(await socket.hears(), 'Endpoint request timed out')
      const line = await up.logs(up.output('shutLogName'), nonce)
      const { requestContext } = JSON.parse(line.slice(line.indexOf('{')))
      const ended = await up.eventually('end of it', async () => {
        const lines = await up.lines(up.output('shutLogName'), 'Task timed out after 2.00 seconds')
        return lines.length > 0 ? lines : undefined
      })
      assert.ok(requestContext.routeKey === 'shut' && ended.length > 0)
    },
  ),
  mistake(
    'I29',
    'An HTTP backend on `$connect` that minds `Sec-WebSocket-Version`: 400; the backend’s log shows it',
    async world => {
      const log: string[] = []
      const backend = await world.backend((request, response) => {
        const version = request.headers['sec-websocket-version']
        log.push(`Sec-WebSocket-Version: ${version}`)
        response.writeHead(version === '13' ? 400 : 200).end()
      })
      const up = await world.own(backedByHttp(backend))
      assert.equal((await up.knock('Passing')).status, 400)
      assert.deepEqual(log, ['Sec-WebSocket-Version: 13'])
    },
  ),
  mistake('I30', 'A policy whose ARN lacks the `/*`: AccessDeniedException', async world => {
    const up = await world.on(permitted)
    const socket = await up.connect()
    socket.send({ action: 'noStar', do: { call: [postToSelf('hello')] } })
    const [{ error }] = await socket.hearsJson()
    assert.equal(error.name, 'AccessDeniedException')
    assert.equal(error.status, 403)
  }),
  mistake(
    'I31',
    "`$connect`'s write to the table fails: 500 where the code says so, 502 where it is not caught; why is in the log",
    async world => {
      const caught = await world.own(listed({ may: 'nothing', isCaught: true }))
      assert.equal((await caught.knock()).status, 500)
      await caught.logs(caught.output('ConnectLogName'), 'AccessDeniedException')
      const uncaught = await world.own(listed({ may: 'everything', key: 'id' }))
      assert.equal((await uncaught.knock()).status, 502)
      await uncaught.logs(uncaught.output('ConnectLogName'), 'ValidationException')
    },
  ),
  mistake(
    'I32',
    'A post that is not waited for: nothing at first; it goes out with the next invocation',
    async world => {
      const up = await world.own(small(handlers.doesNotWait, { mayPost: true }))
      const socket = await up.connect()
      socket.send({ action: 'say', text: 'first' })
      await up.logs(up.output('SayLogName'), 'REPORT')
      await up.settled()
      await socket.hasHeardNothing()
      await up.eventually('the first message, with a later invocation', async () => {
        socket.send({ action: 'say', text: 'later' })
        await up.settled()
        // Which of the messages comes first is anybody's guess.
        for (;;) {
          const isMore = await socket.hasHeardNothing().then(
            () => false,
            () => true,
          )
          if (!isMore) return undefined
          if ((await socket.hears()) === 'first') return true
        }
      })
    },
  ),
  mistake('I33', 'A client that sends before `open`: an error of its own', async world => {
    const up = await world.on(plain)
    const ws = new WebSocket(up.output('Url'))
    ws.on('error', () => {})
    assert.throws(() => ws.send('too early'), /WebSocket is not open: readyState 0 \(CONNECTING\)/)
    ws.terminate()
  }),
  mistake(
    'I34',
    'A `connectionId` kept over a reconnection: messages are lost; GoneException',
    async world => {
      const up = await world.on(plain)
      const before = await up.connect()
      const id = await idOf(up, before)
      before.ws.close()
      await up.saw(up.output('DisconnectLogName'), id)
      const after = await up.connect()
      assert.notEqual(await idOf(up, after), id)
      const post = new PostToConnectionCommand({ ConnectionId: id, Data: 'for you' })
      await assert.rejects(up.management().send(post), { name: 'GoneException' })
      await up.settled()
      await after.hasHeardNothing()
    },
  ),
  mistake('I35', "A client that takes the gateway's error frames for data: it crashes", async world => {
    const socket = await (await world.on(bare)).connect()
    const onAction: Readonly<Record<string, (message: unknown) => void>> = { message: () => {} }
    const onMessage = (text: string) => {
      const message = JSON.parse(text)
      onAction[message.action]!(message)
    }
    socket.send({ action: 'no such action' })
    const frame = await socket.hears()
    assert.throws(() => onMessage(frame), TypeError)
  }),
  mistake(
    'I36',
    'A body that is no text on a two-way route: Internal server error; the function’s log is fine',
    async world => {
      const up = await world.own(small(handlers.returnsAnObject, { twoWay: true }))
      await saysAndFails(up)
      assert.doesNotMatch(await logOf(up), /Error/)
    },
  ),
  mistake('I37', 'A token in the query string: it can be read in the logs', async world => {
    const up = await world.on(plain)
    const token = `secret-${world.nonce()}`
    await up.connect('Url', { query: { token } })
    await up.logs(up.output('ConnectLogName'), token)
  }),
]
