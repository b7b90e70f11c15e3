import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { HANG } from '../../machine/bounds.ts'
import type { AwsError } from '../error.ts'
import type { User } from '../iam/principal.ts'
import type { WireRequest } from '../service.ts'
import { canonicalRequests, sha256 } from './canonical.ts'
import { type KnownKey, type Signer, verify } from './verify.ts'

const principal: User = {
  kind: 'user',
  arn: 'arn:aws:iam::123456789012:user/ana',
  accountId: '123456789012',
  userId: 'AIDAEXAMPLE',
}
const keys: Record<string, KnownKey> = {
  AKIDLONGLIVED: { secret: 'wJalrXUtnFEMI', principal },
  ASIASESSION: { secret: 'bPxRfiCYEXAMPLEKEY', sessionToken: 'token/+==', principal },
  ASIAOVER: { secret: 'secret', sessionToken: 'token', principal, expires: Date.parse('2026-01-01') },
}
const longLived = { accessKeyId: 'AKIDLONGLIVED', secretAccessKey: 'wJalrXUtnFEMI' }
const session = {
  accessKeyId: 'ASIASESSION',
  secretAccessKey: 'bPxRfiCYEXAMPLEKEY',
  sessionToken: 'token/+==',
}

const seen: { wire: WireRequest; outcome: Signer | AwsError }[] = []
const server = createServer(async (incoming, answer) => {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { method = '', url: target = '', headers } = incoming
  const wire = { method, target, headers, body: Buffer.concat(chunks), host: '', sourceIp: '127.0.0.1' }
  seen.push({ wire, outcome: attempt(wire) })
  answer.setHeader('content-type', 'application/json').end('{}')
})
let endpoint = ''

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  seen.length = 0
})

function attempt(
  wire: WireRequest,
  now?: () => number,
  protocol?: Parameters<typeof verify>[3],
): Signer | AwsError {
  try {
    return verify(wire, id => keys[id], now, protocol)
  } catch (error) {
    return error as AwsError
  }
}

/** Sends a command to the server, which answers with nothing that a client could make sense of. */
async function send(sending: Promise<unknown>): Promise<(typeof seen)[number]> {
  await sending.catch(() => {})
  expect(seen).toHaveLength(1)
  return seen[0]!
}

const configuration = (credentials: object) => ({
  endpoint,
  region: 'eu-west-1',
  credentials: credentials as typeof longLived,
  maxAttempts: 1,
})
const callbacks = (credentials: object) =>
  new ApiGatewayManagementApiClient({ ...configuration(credentials), endpoint: `${endpoint}/prod` })

for (const [whose, credentials] of Object.entries({ 'a user': longLived, 'a session': session })) {
  const signer = (service: string) => ({
    principal,
    accessKeyId: credentials.accessKeyId,
    region: 'eu-west-1',
    service,
  })

  test(`the DynamoDB client of ${whose} is recognized`, async () => {
    const { outcome } = await send(
      new DynamoDBClient(configuration(credentials)).send(new ListTablesCommand({ Limit: 3 })),
    )
    expect(outcome).toEqual(signer('dynamodb'))
  })
  test(`the STS client of ${whose} is recognized`, async () => {
    const { outcome } = await send(
      new STSClient(configuration(credentials)).send(new GetCallerIdentityCommand({})),
    )
    expect(outcome).toEqual(signer('sts'))
  })
  test(`the IAM client of ${whose} is recognized`, async () => {
    const { outcome } = await send(
      new IAMClient(configuration(credentials)).send(new GetRoleCommand({ RoleName: 'a+b=c' })),
    )
    expect(outcome).toEqual(signer('iam'))
  })
  test(`a post to a connection by ${whose} is recognized`, async () => {
    const command = new PostToConnectionCommand({
      ConnectionId: "L0SM9cOFvHcCIhw=/+*'()",
      Data: Buffer.from('grüße'),
    })
    const { wire, outcome } = await send(callbacks(credentials).send(command))
    expect(wire.target).toContain('/prod/@connections/L0SM9cOFvHcCIhw%3D')
    expect(outcome).toEqual(signer('execute-api'))
  })
  test(`asking after a connection and closing it by ${whose} is recognized`, async () => {
    const first = await send(callbacks(credentials).send(new GetConnectionCommand({ ConnectionId: 'AbC=' })))
    seen.length = 0
    const second = await send(
      callbacks(credentials).send(new DeleteConnectionCommand({ ConnectionId: 'AbC=' })),
    )
    expect([first.outcome, second.outcome]).toEqual([signer('execute-api'), signer('execute-api')])
  })
}

const present = (command: string, args: string[]) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0

async function run(command: string, args: string[]): Promise<(typeof seen)[number]> {
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const child = spawn(command, args, { env, stdio: 'ignore', timeout: HANG })
  return send(once(child, 'exit'))
}

const hasCli = present('aws', ['--version'])
test.skipIf(!hasCli)('the aws CLI is recognized, where it is installed', async () => {
  const { outcome } = await run('aws', ['--endpoint-url', endpoint, 'dynamodb', 'list-tables'])
  expect(outcome).toMatchObject({ accessKeyId: 'ASIASESSION', service: 'dynamodb' })
  seen.length = 0
  const close = ['apigatewaymanagementapi', 'delete-connection', '--connection-id', 'AbC+d/e=']
  const second = await run('aws', ['--endpoint-url', `${endpoint}/prod`, ...close])
  expect(second.outcome).toMatchObject({ accessKeyId: 'ASIASESSION', service: 'execute-api' })
})

const hasBoto = present('python3', ['-c', 'import boto3'])
test.skipIf(!hasBoto)('boto3 is recognized, where it is installed', async () => {
  const post = `client('apigatewaymanagementapi', endpoint_url='${endpoint}/prod').post_to_connection(ConnectionId="AbC+d/e='()*~", Data=b'x')`
  const { outcome } = await run('python3', ['-c', `import boto3\nboto3.${post}`])
  expect(outcome).toMatchObject({ accessKeyId: 'ASIASESSION', service: 'execute-api' })
  seen.length = 0
  const publish = `client('sns', endpoint_url='${endpoint}').publish(TopicArn='arn:aws:sns:eu-west-1:1:t', Message='a b+c')`
  const second = await run('python3', ['-c', `import boto3\nboto3.${publish}`])
  expect(second.outcome).toMatchObject({ accessKeyId: 'ASIASESSION', service: 'sns' })
})

const { SignatureV4 } = await import('@smithy/signature-v4')

/** Signs with AWS's own signer, not with ours, and answers with what would arrive. */
async function signed(
  change: {
    readonly method?: string
    readonly path?: string
    readonly query?: Record<string, string>
    readonly headers?: Record<string, string>
    readonly body?: string
    readonly credentials?: typeof longLived & { sessionToken?: string }
    readonly presign?: { readonly expiresIn?: number }
    readonly service?: string
    readonly at?: number
  } = {},
): Promise<WireRequest> {
  const {
    method = 'POST',
    path = '/prod',
    query = {},
    body = '',
    credentials = longLived,
    service = 'execute-api',
  } = change
  const signer = new SignatureV4({
    credentials,
    region: 'eu-west-1',
    service,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
  })
  const headers = { host: 'abc.example', ...change.headers }
  const message = { method, protocol: 'https:', hostname: 'abc.example', path, query, headers, body }
  const signingDate = new Date(change.at ?? Date.now())
  const sent = change.presign
    ? await signer.presign(message, { ...change.presign, signingDate })
    : await signer.sign(message, { signingDate })
  const pairs = Object.entries(sent.query ?? {}).map(
    ([name, value]) => `${encode(name)}=${encode(String(value))}`,
  )
  const target = pairs.length > 0 ? `${sent.path}?${pairs.join('&')}` : sent.path
  return {
    method,
    target,
    headers: sent.headers,
    body: Buffer.from(body),
    host: 'abc.example',
    sourceIp: '127.0.0.1',
  }
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, one => `%${one.charCodeAt(0).toString(16)}`)

/** The hash as AWS's signer takes it. */
class Sha256 {
  readonly #chunks: Buffer[] = []
  readonly #secret: Uint8Array | undefined
  constructor(secret?: unknown) {
    this.#secret = secret === undefined ? undefined : Buffer.from(secret as string)
  }
  update(chunk: unknown) {
    this.#chunks.push(Buffer.from(chunk as string))
  }
  async digest(): Promise<Uint8Array> {
    const { createHash, createHmac } = await import('node:crypto')
    const hash = this.#secret ? createHmac('sha256', this.#secret) : createHash('sha256')
    return hash.update(Buffer.concat(this.#chunks)).digest()
  }
  reset() {
    this.#chunks.length = 0
  }
}

const good = { principal, accessKeyId: 'AKIDLONGLIVED', region: 'eu-west-1', service: 'execute-api' }
const mismatch =
  /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key/

test('a presigned socket URL is recognized (F17)', async () => {
  const query = { room: 'a b', x: "it's (me)", plus: 'a+b', empty: '' }
  expect(attempt(await signed({ method: 'GET', query, presign: { expiresIn: 60 } }))).toEqual(good)
})

test('a presigned URL with a session’s token is recognized', async () => {
  const wire = await signed({ method: 'GET', presign: {}, credentials: session })
  expect(attempt(wire)).toEqual({ ...good, accessKeyId: 'ASIASESSION' })
})

test('a presigned URL that is changed is not', async () => {
  const wire = await signed({ method: 'GET', query: { room: 'a' }, presign: {} })
  expect(attempt({ ...wire, target: wire.target.replace('room=a', 'room=b') })).toMatchObject({
    message: expect.stringMatching(mismatch),
  })
})

test('a presigned URL is good until it is over', async () => {
  const at = Date.now()
  const wire = await signed({ method: 'GET', presign: { expiresIn: 600 }, at })
  expect(attempt(wire, () => at + 590_000)).toEqual(good)
  expect(attempt(wire, () => at + 602_000)).toMatchObject({
    status: 403,
    message: expect.stringMatching(/^Signature expired: \d{8}T\d{6}Z is now earlier than/),
  })
})

test('a path is encoded once more, but not for S3', async () => {
  const path = '/prod/%40connections/a%3D%2Fb'
  expect(attempt(await signed({ path }))).toEqual(good)
  expect(attempt(await signed({ path, service: 's3' }))).toEqual({ ...good, service: 's3' })
})

test('a path that is sent bare but signed encoded is recognized', async () => {
  const wire = await signed({ path: '/prod/%40connections/a%3D' })
  expect(attempt({ ...wire, target: '/prod/@connections/a=' })).toEqual(good)
})

test('nothing signed is Missing Authentication Token (E15)', async () => {
  const wire = { ...(await signed()), headers: { host: 'abc.example' } }
  expect(attempt(wire)).toMatchObject({
    code: 'MissingAuthenticationTokenException',
    status: 403,
    message: 'Missing Authentication Token',
  })
  expect(attempt(wire, undefined, 'query')).toMatchObject({ code: 'MissingAuthenticationToken', status: 403 })
  expect(attempt(wire, undefined, 'json-1.0')).toMatchObject({
    code: 'MissingAuthenticationTokenException',
    status: 400,
  })
})

test('a changed body, method, path, header or secret is a mismatch (E15)', async () => {
  const wire = await signed({ body: 'hello', headers: { 'x-amz-meta-a': '1' } })
  const changed: WireRequest[] = [
    { ...wire, body: Buffer.from('hellO') },
    { ...wire, method: 'DELETE' },
    { ...wire, target: '/test' },
    { ...wire, target: '/prod?x=1' },
    { ...wire, headers: { ...wire.headers, 'x-amz-meta-a': '2' } },
    { ...wire, headers: { ...wire.headers, host: 'xyz.example' } },
    { ...wire, headers: { ...wire.headers, authorization: `${wire.headers.authorization}0` } },
    { ...wire, headers: { ...wire.headers, authorization: `${wire.headers.authorization}é` } },
    await signed({ credentials: { ...longLived, secretAccessKey: 'other' } }),
  ]
  expect(attempt(wire)).toEqual(good)
  for (const one of changed) {
    expect(attempt(one)).toMatchObject({
      code: 'InvalidSignatureException',
      status: 403,
      message: expect.stringMatching(mismatch),
    })
  }
  expect(attempt(changed[0]!, undefined, 'query')).toMatchObject({
    code: 'SignatureDoesNotMatch',
    status: 403,
  })
  expect(attempt(changed[0]!, undefined, 'json-1.0')).toMatchObject({
    code: 'InvalidSignatureException',
    status: 400,
  })
})

test('an unknown key, a wrong token, none, and one too many are an invalid token', async () => {
  const strangers = [
    await signed({ credentials: { ...longLived, accessKeyId: 'AKIDNOBODY' } }),
    await signed({ credentials: { ...session, sessionToken: 'another' } }),
    await signed({
      credentials: { accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey },
    }),
    await signed({ credentials: { ...longLived, sessionToken: 'any' } }),
  ]
  const message = 'The security token included in the request is invalid.'
  for (const wire of strangers) {
    expect(attempt(wire)).toMatchObject({ code: 'UnrecognizedClientException', status: 403, message })
    expect(attempt(wire, undefined, 'query')).toMatchObject({
      code: 'InvalidClientTokenId',
      status: 403,
      message,
    })
  }
})

test('a session that is over is an expired token', async () => {
  const wire = await signed({
    credentials: { accessKeyId: 'ASIAOVER', secretAccessKey: 'secret', sessionToken: 'token' },
  })
  const message = 'The security token included in the request is expired'
  expect(attempt(wire)).toMatchObject({ code: 'ExpiredTokenException', status: 403, message })
  expect(attempt(wire, undefined, 'query')).toMatchObject({ code: 'ExpiredToken', message })
  expect(attempt(wire, undefined, 'json-1.1')).toMatchObject({
    code: 'ExpiredTokenException',
    status: 400,
    message,
  })
})

test('a session that is not over yet is recognized', async () => {
  const wire = await signed({ credentials: session })
  const known = { ...keys.ASIASESSION!, expires: Date.now() + 60_000 }
  expect(verify(wire, () => known)).toEqual({ ...good, accessKeyId: 'ASIASESSION' })
})

test('a signature is good for five minutes to either side', async () => {
  const at = Date.parse('2026-11-21T05:00:00Z')
  const wire = await signed({ at })
  expect(attempt(wire, () => at + 299_000)).toEqual(good)
  expect(attempt(wire, () => at - 299_000)).toEqual(good)
  expect(attempt(wire, () => at + 301_000)).toMatchObject({
    code: 'InvalidSignatureException',
    message:
      'Signature expired: 20261121T050000Z is now earlier than 20261121T050001Z (20261121T050501Z - 5 min.)',
  })
  expect(attempt(wire, () => at - 301_000)).toMatchObject({
    message:
      'Signature not yet current: 20261121T050000Z is still later than 20261121T045959Z (20261121T045459Z + 5 min.)',
  })
})

test('a signature may also be dated by the cloud’s clock when that has been moved on, as a function’s is', async () => {
  const at = Date.parse('2026-11-21T05:00:00Z')
  const wire = await signed({ at })
  const attemptAt = (cloudNow?: () => number) =>
    verify(
      wire,
      id => keys[id],
      () => at - 7_200_000,
      undefined,
      undefined,
      cloudNow,
    )
  expect(attemptAt(() => at + 299_000)).toEqual(good)
  expect(() => attemptAt(() => at + 301_000)).toThrow('Signature expired')
  expect(() => attemptAt()).toThrow('Signature not yet current')
})

test('a header that is not whole says what it lacks', async () => {
  const wire = await signed()
  const authorization = wire.headers.authorization as string
  const without = (text: string | RegExp) => ({
    ...wire,
    headers: { ...wire.headers, authorization: authorization.replace(text, '') },
  })
  const incomplete = (message: string) => ({
    code: 'IncompleteSignatureException',
    message: expect.stringContaining(message),
  })
  expect(attempt(without(/Credential=[^ ]+ /))).toMatchObject(incomplete("requires 'Credential' parameter."))
  expect(attempt(without(/, Signature=.*/))).toMatchObject(incomplete("requires 'Signature' parameter."))
  expect(attempt(without(/SignedHeaders=[^ ]+ /))).toMatchObject(
    incomplete("requires 'SignedHeaders' parameter."),
  )
  expect(attempt(without('/aws4_request'))).toMatchObject(
    incomplete('Credential must have exactly 5 slash-delimited elements'),
  )
  const { 'x-amz-date': _, ...undated } = wire.headers
  expect(attempt({ ...wire, headers: undated })).toMatchObject(
    incomplete("a 'X-Amz-Date' or a 'Date' header"),
  )
  expect(attempt({ ...wire, headers: { ...wire.headers, 'x-amz-date': 'today' } })).toMatchObject(
    incomplete("'basic format'"),
  )
  expect(attempt({ ...wire, headers: { host: 'a', authorization: 'Bearer xyz' } })).toMatchObject(
    incomplete("'Bearer xyz' not a valid key=value pair (missing equal-sign) in Authorization header"),
  )
  const presigned = await signed({ method: 'GET', presign: {} })
  expect(
    attempt({ ...presigned, target: presigned.target.replace(/X-Amz-Signature=[^&]*/, '') }),
  ).toMatchObject(incomplete("must include 'X-Amz-Signature'"))
})

test('the Host header must be signed', async () => {
  const wire = await signed()
  const authorization = (wire.headers.authorization as string).replace('host;', '')
  expect(attempt({ ...wire, headers: { ...wire.headers, authorization } })).toMatchObject({
    message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  })
})

test('where only one region will do, another is refused', async () => {
  const wire = await signed()
  const asked = (region: string) => () => verify(wire, id => keys[id], Date.now, 'rest-json', region)
  expect(asked('eu-west-1')()).toEqual(good)
  expect(asked('us-east-1')).toThrow("Credential should be scoped to a valid region, not 'eu-west-1'.")
})

test('the day in the credential must be the day of the date', async () => {
  const wire = await signed({ at: Date.parse('2026-11-21T05:00:00Z') })
  const authorization = (wire.headers.authorization as string).replace('/20261121/', '/20261120/')
  const outcome = attempt({ ...wire, headers: { ...wire.headers, authorization } }, () =>
    Date.parse('2026-11-21T05:00:00Z'),
  )
  expect(outcome).toMatchObject({
    message: expect.stringMatching(/^Date in Credential scope does not match YYYYMMDD/),
  })
})

test('a payload hash that is sent is compared with the body', async () => {
  const hash = { 'x-amz-content-sha256': sha256('hello') }
  const wire = await signed({ body: 'hello', headers: hash })
  expect(attempt(wire)).toEqual(good)
  expect(attempt({ ...wire, body: Buffer.from('other') })).toMatchObject({
    message: expect.stringMatching(mismatch),
  })
  const object = await signed({ body: 'hello', headers: hash, service: 's3' })
  expect(attempt({ ...object, body: Buffer.from('other') })).toMatchObject({
    code: 'XAmzContentSHA256Mismatch',
    status: 400,
  })
})

test('UNSIGNED-PAYLOAD leaves the body out', async () => {
  const wire = await signed({ body: 'hello', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } })
  expect(attempt({ ...wire, body: Buffer.from('other') })).toEqual(good)
})

test('signing in chunks is refused by name', async () => {
  const wire = await signed({ headers: { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' } })
  expect(attempt(wire)).toMatchObject({ code: 'NotImplemented', status: 501 })
})

test('spaces in a header are folded', () => {
  const [canonical] = canonicalRequests(
    {
      method: 'GET',
      target: '/',
      headers: { host: ' a   b ', x: ['1', '2'] },
      signedHeaders: ['host', 'x'],
      payloadHash: '-',
    },
    'sts',
  )
  expect(canonical).toBe('GET\n/\n\nhost:a b\nx:1,2\n\nhost;x\n-')
})

test('a request as an old hand would write it, with an unsorted query, is recognized', async () => {
  const wire = await signed({ method: 'GET', query: { b: '2', a: '1', 'a-': '3' } })
  const [path, query = ''] = wire.target.split('?')
  expect(attempt({ ...wire, target: `${path}?${query.split('&').reverse().join('&')}` })).toEqual(good)
})

test('a query that names one thing several times is sorted by its values', () => {
  const request = { method: 'GET', headers: {}, signedHeaders: [], payloadHash: '-' }
  const [canonical] = canonicalRequests({ ...request, target: '/?b=1&a=2&a=10&a=&A=3&b-=4' }, 'sts')
  expect(canonical?.split('\n')[2]).toBe('A=3&a=&a=10&a=2&b=1&b-=4')
})

test('a query that is not validly encoded is a mismatch, not a fault', async () => {
  const wire = await signed({ method: 'GET' })
  const sent = request(`${endpoint}/prod?a=%E0%A4%A`, {
    headers: {
      authorization: wire.headers.authorization as string,
      'x-amz-date': wire.headers['x-amz-date'] as string,
    },
  })
  sent.end()
  await once(sent, 'response')
  expect(seen[0]!.outcome).toMatchObject({ code: 'InvalidSignatureException' })
})
