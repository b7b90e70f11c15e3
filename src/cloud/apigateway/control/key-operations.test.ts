import { expect, test } from 'vitest'
import { openStand } from '../stand.ts'
import { openControlDoor } from './test-door.ts'

async function keyed() {
  const stand = await openStand()
  const { apiId } = await stand.api([])
  const Value = 'a-key-of-twenty-characters'
  const keyId = await stand.create('AWS::ApiGateway::ApiKey', {
    Name: 'ana',
    Description: 'hers',
    Value,
    Enabled: true,
    Tags: [{ Key: 'a', Value: 'b' }],
  })
  const made = await stand.create('AWS::ApiGateway::ApiKey', {})
  const planId = await stand.create('AWS::ApiGateway::UsagePlan', {
    UsagePlanName: 'all',
    ApiStages: [{ ApiId: apiId, Stage: 'prod' }],
    Throttle: { RateLimit: 5, BurstLimit: 10 },
    Quota: { Limit: 100, Period: 'MONTH', Offset: 2 },
  })
  const membership = { KeyId: keyId, KeyType: 'API_KEY', UsagePlanId: planId }
  await stand.create('AWS::ApiGateway::UsagePlanKey', membership)
  return { stand, apiId, keyId, made, planId, Value, door: await openControlDoor(stand) }
}

test('F23: a key, its value only for who asks for it', async () => {
  const { door, keyId, made, Value } = await keyed()

  expect(await door.get(`/apikeys/${keyId}`)).toMatchObject({
    status: 200,
    body: {
      id: keyId,
      name: 'ana',
      description: 'hers',
      enabled: true,
      createdDate: expect.any(Number),
      lastUpdatedDate: expect.any(Number),
      stageKeys: [],
      tags: { a: 'b' },
    },
  })
  expect((await door.get(`/apikeys/${keyId}`)).body).not.toHaveProperty('value')
  expect((await door.get(`/apikeys/${keyId}?includeValue=true`)).body.value).toBe(Value)
  const { body } = await door.get(`/apikeys/${made}?includeValue=true`)
  expect(body).toMatchObject({ name: 'stack-AWS::ApiGateway::ApiKey', enabled: false })
  expect(body.value).toMatch(/^[A-Za-z0-9]{40}$/)
})

test('F23: all keys, or those of a name, in pages', async () => {
  const { door, keyId, made, Value } = await keyed()
  const ids = async (query: string) => (await door.get(`/apikeys${query}`)).body.item.map(({ id }: any) => id)

  expect(await ids('')).toEqual([keyId, made])
  expect(await ids('?name=an')).toEqual([keyId])
  expect((await door.get('/apikeys?includeValues=true')).body.item[0].value).toBe(Value)
  const { position } = (await door.get('/apikeys?limit=1')).body
  expect(await ids(`?limit=1&position=${position}`)).toEqual([made])
})

test('F23: usage plans and their keys', async () => {
  const { door, apiId, keyId, planId, Value } = await keyed()
  const plan = {
    id: planId,
    name: 'all',
    apiStages: [{ apiId, stage: 'prod' }],
    throttle: { burstLimit: 10, rateLimit: 5 },
    quota: { limit: 100, offset: 2, period: 'MONTH' },
  }

  expect((await door.get('/usageplans')).body).toEqual({ item: [plan] })
  expect((await door.get(`/usageplans/${planId}`)).body).toEqual(plan)
  expect((await door.get('/usageplans?keyId=none')).body).toEqual({ item: [] })
  const key = { id: keyId, type: 'API_KEY', name: 'ana', value: Value }
  expect((await door.get(`/usageplans/${planId}/keys`)).body).toEqual({ item: [key] })
  expect((await door.get(`/usageplans/${planId}/keys/${keyId}`)).body).toEqual(key)
})

test('what is not there, or not run here', async () => {
  const { door, planId } = await keyed()

  expect(await door.get('/apikeys/none')).toEqual({
    status: 404,
    errorType: 'NotFoundException',
    body: { message: 'Invalid API Key identifier specified' },
  })
  expect(await door.get('/usageplans/none')).toMatchObject({
    status: 404,
    body: { message: 'Invalid Usage Plan ID specified' },
  })
  expect(await door.get(`/usageplans/${planId}/keys/none`)).toMatchObject({ status: 404 })
  expect(await door.get('/restapis')).toMatchObject({
    status: 404,
    errorType: 'UnknownOperationException',
    body: { message: expect.stringContaining('no operation GetRestApis of the service "apigateway"') },
  })
})

test('F23: permission to read a key is permission to read its path', async () => {
  const { door, stand, keyId } = await keyed()
  stand.decide = () => ({ allowed: false, deny: 'implicit', kind: 'identity-based' })

  const { status, errorType, body } = await door.get(`/apikeys/${keyId}`)

  expect({ status, errorType }).toEqual({ status: 403, errorType: 'AccessDeniedException' })
  expect(body.Message).toContain(
    `perform: apigateway:GET on resource: arn:aws:apigateway:us-east-1::/apikeys/${keyId} because`,
  )
})
