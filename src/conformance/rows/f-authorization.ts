import { ApiGatewayV2Client, GetAuthorizersCommand } from '@aws-sdk/client-apigatewayv2'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { assert } from '../assert.ts'
import { authorized, policy } from '../grounds/authorized.ts'
import {
  callers,
  failingAuthorizers,
  impossibleAuthorizer,
  keyed,
  keyedElsewhere,
  sources,
  verbose,
  withResourcePolicy,
} from '../grounds/authorizers.ts'
import { impossibleDomain } from '../grounds/custom-domain.ts'
import { signedOnly } from '../grounds/events.ts'
import type { Order } from '../puppet.ts'
import { fact, notModelled, type Row } from '../row.ts'
import { signedGet } from '../sign.ts'
import type { Standing } from '../standing.ts'
import type { World } from '../world.ts'
import { authorizerEvent } from './d-events.ts'
import { assertRefused } from './refused.ts'

/** The handshake's answer when the authorizer does this. */
async function answered(world: World, auth: Order): Promise<number> {
  const up = await world.on(authorized)
  return (await up.knock('Url', { query: { auth } })).status
}

/** How often a puppet was asked with this text, as far as its log tells by now. */
const timesAsked = async (up: Standing, log: string, holding: string): Promise<number> => {
  const lines = await up.lines(up.output(log), holding)
  return lines.filter(line => line.includes('SAW ')).length
}

/** Holds if a puppet was asked this often with this text, and no more: waits until its log tells so. */
async function assertAsked(up: Standing, log: string, holding: string, times: number): Promise<void> {
  await up.eventually(`${times} lines with ${holding}`, async () =>
    (await timesAsked(up, log, holding)) >= times ? true : undefined,
  )
  assert.equal(await timesAsked(up, log, holding), times)
}

/** The keys of a session of a role, called `row`; on AWS a new role is not known everywhere at once. */
export async function takeOn(up: Standing, RoleArn: string, Policy?: object) {
  const assume = new AssumeRoleCommand({
    RoleArn,
    RoleSessionName: 'row',
    ...(Policy && { Policy: JSON.stringify(Policy) }),
  })
  const { Credentials } = await up.eventually(`permission to assume ${RoleArn}`, () =>
    up
      .aws(STSClient)
      .send(assume)
      .catch(() => undefined),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

/** The handshake's answer to somebody who signs as a role. */
export async function knockAs(
  up: Standing,
  roleArn: string,
  how: 'headers' | 'query' = 'headers',
): Promise<number> {
  const credentials = await takeOn(up, roleArn)
  const { url, headers } = await signedGet(up.output('Url'), { ...up.configuration, credentials }, how)
  return (await up.knock(url, { headers })).status
}

/** Section F: who may connect. */
export const authorization: readonly Row[] = [
  fact('F1', 'H', 'A REQUEST authorizer is asked once a connection, before `$connect` runs', async world => {
    const up = await world.on(authorized)
    const nonce = world.nonce()
    const socket = await up.connect('Url', { query: { auth: policy('Allow'), nonce } })
    for (let times = 0; times < 3; times++) await up.ask(socket, { echo: true })
    await assertAsked(up, 'AuthorizerLogName', nonce, 1)
    await assertAsked(up, 'ConnectLogName', nonce, 1)
    const other = world.nonce()
    await up.knock('Url', { query: { auth: policy('Deny'), nonce: other } })
    await assertAsked(up, 'AuthorizerLogName', other, 1)
    await assertAsked(up, 'ConnectLogName', other, 0)
  }),
  fact('F2', 'H', 'JWT authorizers are for HTTP APIs: the deployment fails', async world => {
    await assertRefused(world, impossibleAuthorizer('JWT'), /JWT/i)
  }),
  fact('F3', 'H', 'There is no authorizer type TOKEN: the deployment fails', async world => {
    await assertRefused(world, impossibleAuthorizer('TOKEN'), /TOKEN|authorizer ?type/i)
  }),
  fact(
    'F4',
    'H',
    'On another route: `Currently, authorization is restricted to the $connect route only`',
    async world => {
      await assertRefused(
        world,
        impossibleAuthorizer('REQUEST'),
        /Currently, authorization is restricted to the \$connect route only/,
      )
    },
  ),
  fact(
    'F5',
    'H',
    'Identity sources: headers, query string, stage variables, context; all of them',
    async world => {
      const up = await world.on(sources)
      const headers = { 'X-Token': 'a' }
      const query = { token: 'b' }
      assert.equal((await up.knock('Many', { headers, query })).status, 101)
      assert.equal((await up.knock('Many', { headers })).status, 401)
      assert.equal((await up.knock('Many', { query })).status, 401)
      assert.equal((await up.knock('Many', { headers, query: { token: '' } })).status, 401)
      assert.equal((await up.knock('Colourless', { headers, query })).status, 401)
    },
  ),
  fact('F6', 'H', 'One is missing or empty: 401, and the function is not asked', async world => {
    const up = await world.on(authorized)
    const nonce = world.nonce()
    for (const query of [{ nonce }, { nonce, auth: '' }])
      assert.equal((await up.knock('Url', { query })).status, 401)
    await up.settled()
    assert.equal(await timesAsked(up, 'AuthorizerLogName', nonce), 0)
    const asked = world.nonce()
    await up.knock('Url', { query: { nonce: asked, auth: policy('Allow') } })
    await assertAsked(up, 'AuthorizerLogName', asked, 1)
  }),
  fact('F7', 'L', 'A header of the right name in another case lets in, or does not', async world => {
    const up = await world.on(sources)
    const { status } = await up.knock('Many', { headers: { 'x-token': 'a' }, query: { token: 'b' } })
    assert.ok(status === 101 || status === 401)
  }),
  fact('F8', 'H', 'An authorizer that throws `Unauthorized`: 401', async world => {
    assert.equal(await answered(world, { throw: { message: 'Unauthorized' } }), 401)
  }),
  fact('F9', 'H', 'Deny, or a policy that does not cover `methodArn`: 403', async world => {
    assert.equal(await answered(world, policy('Deny')), 403)
    assert.equal(await answered(world, policy('Allow', { Resource: '$methodArn/more' })), 403)
  }),
  fact(
    'F10',
    'M-H',
    'Any other error, a timeout, no permission to call it, or an answer without a policy: 500',
    async world => {
      const orders = [
        { throw: { message: 'unauthorized' } },
        { return: { statusCode: 401 } },
        { return: { isAuthorized: true } },
        { return: null },
        { return: 'Allow' },
      ]
      for (const order of orders) assert.equal(await answered(world, order), 500, JSON.stringify(order))
      const up = await world.on(failingAuthorizers)
      assert.equal((await up.knock('Slow')).status, 500)
      assert.equal((await up.knock('NotAllowed')).status, 500)
    },
  ),
  fact('F11', 'H', 'Simple responses (`isAuthorized`) are for HTTP APIs: 500', async world => {
    assert.equal(await answered(world, { return: { isAuthorized: true, context: {} } }), 500)
  }),
  fact(
    'F12',
    'H',
    'Due are `principalId` and `policyDocument`; `context` is flat; all together at most 8 KB; else 500',
    async world => {
      const allow = (policy('Allow').return ?? {}) as Record<string, unknown>
      const { policyDocument } = allow
      assert.equal(
        await answered(world, policy('Allow', { context: { text: 'a', number: 1, yes: true } })),
        101,
      )
      assert.equal(await answered(world, policy('Allow', { context: { nested: { a: 1 } } })), 500)
      assert.equal(await answered(world, policy('Allow', { context: { list: [1] } })), 500)
      assert.equal(await answered(world, { return: { principalId: 'ana' } }), 500)
      assert.equal(await answered(world, { return: { policyDocument } }), 500)
      const up = await world.on(verbose)
      assert.equal((await up.knock('Url', { query: { characters: '7000' } })).status, 101)
      assert.equal((await up.knock('Url', { query: { characters: '9000' } })).status, 500)
    },
    '`usageIdentifierKey` is F23',
  ),
  fact('F13', 'H', 'Values of `context` arrive as texts', async world => {
    const up = await world.on(authorized)
    const context = { number: 1, yes: true, text: 'a' }
    const socket = await up.connect('Url', { query: { auth: policy('Allow', { context }) } })
    const { authorizer } = (await up.ask(socket, { echo: true })).requestContext
    assert.deepEqual([authorizer.number, authorizer.yes, authorizer.text], ['1', 'true', 'a'])
  }),
  fact('F14', 'H', 'Nothing is cached: each connection asks again', async world => {
    const up = await world.on(authorized)
    const query = { auth: policy('Allow'), nonce: world.nonce() }
    for (let times = 0; times < 2; times++) await up.connect('Url', { query })
    await assertAsked(up, 'AuthorizerLogName', query.nonce, 2)
  }),
  fact(
    'F15',
    'H',
    'Its event: `Connection`, `Upgrade` and `content-length: 0` among the headers, `stageVariables: {}`, a `connectionId`, a `methodArn` that ends in `/$connect`',
    async world => {
      const event = await authorizerEvent(world)
      assert.deepEqual(Object.keys(event).sort(), [
        'headers',
        'methodArn',
        'multiValueHeaders',
        'multiValueQueryStringParameters',
        'queryStringParameters',
        'requestContext',
        'stageVariables',
        'type',
      ])
      assert.equal(event.type, 'REQUEST')
      assert.match(event.headers.Connection, /^upgrade$/i)
      assert.equal(event.headers.Upgrade, 'websocket')
      assert.equal(event.headers['content-length'], '0')
      assert.deepEqual(event.stageVariables, {})
      assert.ok(event.requestContext.connectionId)
      assert.equal('authorizer' in event.requestContext, false)
      const { region, accountId, ...up } = await world.on(authorized)
      assert.equal(
        event.methodArn,
        `arn:aws:execute-api:${region}:${accountId}:${up.output('ApiId')}/live/$connect`,
      )
    },
  ),
  fact('F16', 'H', '`methodArn` itself matches, and so does `…/{stage}/*`', async world => {
    const { methodArn } = await authorizerEvent(world)
    assert.equal(await answered(world, policy('Allow', { Resource: methodArn })), 101)
    assert.equal(
      await answered(world, policy('Allow', { Resource: methodArn.replace(/\$connect$/, '*') })),
      101,
    )
  }),
  fact(
    'F17',
    'H',
    'AWS_IAM: a handshake signed by headers or presigned; unsigned 403, without permission 403',
    async world => {
      const up = await world.on(signedOnly)
      assert.equal((await up.knock()).status, 403)
      const roles = await world.own(callers(up.output('ApiId')))
      for (const how of ['headers', 'query'] as const) {
        // On AWS a role's policy takes a while to be known.
        await up.eventually('handshake signed by who may', async () =>
          (await knockAs(up, roles.output('Somebody'), how)) === 101 ? true : undefined,
        )
      }
      assert.equal(await knockAs(up, roles.output('Nobody')), 403)
      assert.equal(await knockAs(up, roles.output('Denied')), 403)
    },
  ),
  fact(
    'F18',
    'M',
    'A policy that denies a message route denies nothing: only `$connect` is decided',
    async world => {
      const { methodArn } = await authorizerEvent(world)
      const statement = (Effect: string, Resource: string) => ({
        Action: 'execute-api:Invoke',
        Effect,
        Resource,
      })
      const policyDocument = {
        Version: '2012-10-17',
        Statement: [statement('Allow', methodArn), statement('Deny', methodArn.replace('$connect', 'ask'))],
      }
      const up = await world.on(authorized)
      const auth = { return: { principalId: 'ana', policyDocument } }
      const socket = await up.connect('Url', { query: { auth } })
      assert.ok(await up.ask(socket, { echo: true }))
    },
  ),
  fact('F19', 'H', 'An ARN that ends with the API’s id, without `/*`, never matches: 403', async world => {
    const { methodArn } = await authorizerEvent(world)
    assert.equal(await answered(world, policy('Allow', { Resource: methodArn.split('/')[0] })), 403)
    const up = await world.on(signedOnly)
    const roles = await world.own(callers(up.output('ApiId')))
    assert.equal(await knockAs(up, roles.output('NoStar')), 403)
  }),
  fact(
    'F20',
    'H',
    'Browsers send no headers of their own: an authorizer on a header answers them 401',
    async world => {
      const up = await world.on(sources)
      assert.equal((await up.knock('Usual', { query: { Authorization: 'token' } })).status, 401)
      assert.equal((await up.knock('Usual', { headers: { Authorization: 'token' } })).status, 101)
    },
  ),
  fact('F21', 'H', "CDK's default identity source is the header `Authorization`", async world => {
    const up = await world.on(sources)
    assert.equal((await up.knock('Usual')).status, 401)
    const { Items: [authorizer] = [] } = await up
      .aws(ApiGatewayV2Client)
      .send(new GetAuthorizersCommand({ ApiId: up.output('UsualApiId') }))
    assert.deepEqual(authorizer?.IdentitySource, ['route.request.header.Authorization'])
  }),
  fact('F22', 'H', 'A connected client stays in: it is not asked again in two hours', async world => {
    const up = await (await world.alone()).own(authorized)
    const nonce = world.nonce()
    const socket = await up.connect('Url', { query: { auth: policy('Allow'), nonce } })
    for (let times = 0; times < 12; times++) {
      up.advance(9 * 60_000)
      assert.ok(await up.ask(socket, { echo: true }))
    }
    assert.equal(await timesAsked(up, 'AuthorizerLogName', nonce), 1)
  }),
  fact(
    'F23',
    'H',
    'API keys: on `$connect`, in the header `x-api-key` or, where the API says so, in what the authorizer returns (`usageIdentifierKey`), and nowhere else; missing or wrong: 403',
    async world => {
      const secret = world.nonce()
      const up = await world.own(keyed(secret))
      const key = `0123456789abcdefghij${secret}`
      assert.equal((await up.knock()).status, 403)
      assert.equal((await up.knock('Url', { headers: { 'x-api-key': 'another' } })).status, 403)
      await up.eventually('handshake with the key', async () =>
        (await up.knock('Url', { headers: { 'x-api-key': key } })).status === 101 ? true : undefined,
      )

      const { return: allow } = policy('Allow')
      const knockWith = async (usageIdentifierKey: string | undefined, headers = {}) => {
        const auth = { return: { ...(allow as object), usageIdentifierKey } }
        return (await up.knock('ByAuthorizer', { query: { auth }, headers })).status
      }
      assert.equal(await knockWith(undefined), 403)
      assert.equal(await knockWith(undefined, { 'x-api-key': key }), 403)
      assert.equal(await knockWith('another'), 403)
      await up.eventually('handshake with the key of the authorizer', async () =>
        (await knockWith(key)) === 101 ? true : undefined,
      )
      await assertRefused(world, keyedElsewhere, /selection ?expression|\$request\.header\.mine/i)
    },
    'The status is that of REST APIs',
  ),
  notModelled('F24', 'M-H', 'AWS WAF cannot be attached', 'another service'),
  fact('F25', 'H', 'WebSocket APIs have no resource policies: the deployment fails', async world => {
    await assertRefused(world, withResourcePolicy, /Policy/)
  }),
  fact('F26', 'M', 'Mutual TLS is for REST and HTTP APIs: the deployment fails', async world => {
    const mutualTlsAuthentication = { truststoreUri: 's3://wslab-conformance/truststore.pem' }
    await assertRefused(world, impossibleDomain({ mutualTlsAuthentication }), /Mutual ?Tls/i)
  }),
  fact('F27', 'H', "Without its own permission an authorizer's function is not called: 500", async world => {
    const up = await world.on(failingAuthorizers)
    assert.equal((await up.knock('NotAllowed')).status, 500)
    await up.settled()
    assert.deepEqual(await up.lines(up.output('NotAllowedLogName')), [])
  }),
]
