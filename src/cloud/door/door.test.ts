import { once } from 'node:events'
import http from 'node:http'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from '../cloud.ts'
import { type Guardian, startGuardian } from '../guardian.ts'

let guardian: Guardian
let cloud: Cloud
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian })
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
})

const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
})

const send = (headers: Record<string, string>, body: string | undefined, method = 'POST') =>
  fetch(cloud.endpoint, { method, headers, ...(body === undefined ? {} : { body }) })

test('a service that is not there is named, in the encoding that its clients read', async () => {
  const json = await send({ ...signedFor('kms'), 'content-type': 'application/x-amz-json-1.1' }, '{}')
  expect([json.status, await json.json()]).toMatchObject([400, { __type: 'ServiceNotInLocalCloud' }])
  const query = await send(
    { ...signedFor('rds'), 'content-type': 'application/x-www-form-urlencoded' },
    'Action=Publish',
  )
  expect(await query.text()).toMatch(/<Code>ServiceNotInLocalCloud<\/Code>.*&quot;rds&quot;/)
})

test('nobody is served whose key is not known, whatever the service', async () => {
  for (const service of ['dynamodb', 'logs', 'iam', 'lambda', 'execute-api']) {
    const answer = await send({ ...signedFor(service), 'x-amz-date': '20260101T000000Z' }, '{}')
    expect(answer.status, service).toBeGreaterThanOrEqual(400)
    expect(await answer.text(), service).toMatch(/security token|InvalidClientTokenId|UnrecognizedClient/)
  }
})

test('a request too large to be read is refused with 413, and the door goes on', async () => {
  const request = http.request(cloud.endpoint, { method: 'POST', headers: signedFor('dynamodb') })
  // The rest of the body has nowhere to go once the answer is there.
  request.on('error', () => {})
  request.write(Buffer.alloc(17 * 1024 * 1024))
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  response.resume()
  expect(response.statusCode).toBe(413)
  request.destroy()

  const dynamodb = new DynamoDBClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: cloud.credentials,
  })
  expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual([])
  dynamodb.destroy()
})

test('a signature for another region is refused: here there is one', async () => {
  const elsewhere = new DynamoDBClient({
    endpoint: cloud.endpoint,
    region: 'eu-west-1',
    credentials: cloud.credentials,
  })
  await expect(elsewhere.send(new ListTablesCommand({}))).rejects.toThrow(
    /Credential should be scoped to a valid region/,
  )
  elsewhere.destroy()
})
