import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { afterEach, expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import type { Operation } from '../../service.ts'
import { encode, encodeError, router } from './rest-json.ts'
import { answering, someone, wire } from './test-server.ts'

const operation = (name: string, route: NonNullable<Operation['route']>): Operation => ({
  name,
  route,
  access: () => [],
  run: () => undefined,
})

const find = router([
  operation('PostToConnection', 'POST /:stage/@connections/:connectionId'),
  operation('GetConnection', 'GET /:stage/@connections/:connectionId'),
  operation('Invoke', 'POST /2015-03-31/functions/:name/invocations'),
])

let stop = () => {}
afterEach(() => stop())

async function connections(reply: Parameters<typeof answering>[0]) {
  const server = await answering(reply)
  stop = server.stop
  return new ApiGatewayManagementApiClient({ ...someone, endpoint: `${server.endpoint}/prod` })
}

test('a post by the SDK finds its route, id decoded and body untouched', async () => {
  let heard: ReturnType<typeof find>
  const client = await connections(wire => {
    heard = find(wire)
    return encode(undefined, 'R1')
  })
  const Data = new Uint8Array([0, 255, 10])
  await client.send(new PostToConnectionCommand({ ConnectionId: 'a/b+c%=', Data }))
  expect(heard?.operation.name).toBe('PostToConnection')
  expect(heard?.input.params).toEqual({ stage: 'prod', connectionId: 'a/b+c%=' })
  expect([...heard!.input.body]).toEqual([...Data])
})

test('an output reaches the SDK', async () => {
  const client = await connections(() => encode({ identity: { sourceIp: '127.0.0.1' } }, 'R1'))
  const output = await client.send(new GetConnectionCommand({ ConnectionId: 'x=' }))
  expect(output.Identity?.SourceIp).toBe('127.0.0.1')
})

test('E5: an error without a body is told by its header', async () => {
  const answer = encodeError(new AwsError('GoneException', '', 410, { emptyBody: true }), 'R1')
  expect([answer.status, answer.body, answer.headers['x-amzn-errortype']]).toEqual([410, '', 'GoneException'])
  const client = await connections(() => answer)
  const caught = await client
    .send(new PostToConnectionCommand({ ConnectionId: 'x=', Data: 'hi' }))
    .catch((error: unknown) => error)
  expect(caught).toBeInstanceOf(GoneException)
  expect((caught as Error).message).toBe('UnknownError')
})

test('E6: an error that is not in the model keeps its name', async () => {
  const client = await connections(() =>
    encodeError(new AwsError('BadRequestException', 'Invalid connectionId: x'), 'R1'),
  )
  await expect(
    client.send(new PostToConnectionCommand({ ConnectionId: 'x', Data: 'hi' })),
  ).rejects.toMatchObject({ name: 'BadRequestException', message: 'Invalid connectionId: x' })
})

test('J6: Lambda says Message', () => {
  const error = new AwsError('AccessDeniedException', 'User: x', 403, { messageKey: 'Message' })
  expect(encodeError(error, 'R1').body).toBe('{"Message":"User: x"}')
})

test.each([
  ['POST', '/prod/%40connections/a%3D', 'PostToConnection', { stage: 'prod', connectionId: 'a=' }],
  ['POST', '/prod/@connections/a%253D', 'PostToConnection', { stage: 'prod', connectionId: 'a%3D' }],
  ['GET', '/prod/@connections/50%?x=%2F', 'GetConnection', { stage: 'prod', connectionId: '50%' }],
  ['POST', '/2015-03-31/functions/a%3Ab%2Fc/invocations', 'Invoke', { name: 'a:b/c' }],
])('%s %s is %s', (method, target, name, params) => {
  const found = find(wire({ method, target }))
  expect(found?.operation.name).toBe(name)
  expect(found?.input.params).toEqual(params)
})

test.each([
  ['PUT', '/prod/@connections/a'],
  ['POST', '/prod/@connections/'],
  ['POST', '/@connections/a'],
  ['POST', '//@connections/a'],
  ['POST', '/prod/@connections/a/b'],
  ['POST', '/prod/connections/a'],
])('%s %s is no route', (method, target) => {
  expect(find(wire({ method, target }))).toBeUndefined()
})

test('the query is decoded', () => {
  const found = find(wire({ target: '/p/@connections/a?x=1%2B1&y=a+b' }))
  expect(found?.input.query).toEqual({ x: '1+1', y: 'a b' })
})
