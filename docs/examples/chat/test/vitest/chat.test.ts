import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LocalCloud, localCloud } from 'websocket-labs/testing'

let cloud: LocalCloud
beforeAll(async () => {
  cloud = await localCloud({ assembly: 'cdk.out' })
})
beforeEach(() => cloud.reset())
afterAll(() => cloud?.stop())

test('a message reaches everybody else, and not its sender', async () => {
  const ana = await cloud.connect('live', { query: { name: 'ana' } })
  const ben = await cloud.connect('live', { query: { name: 'ben' } })
  ana.send({ action: 'say', text: 'hello' })
  await ben.hears({ from: 'ana', text: 'hello' })
  await ana.hearsNothing()
})

test('a client without a name is refused', async () => {
  await expect(cloud.connect('live')).rejects.toMatchObject({ status: 400 })
})

test('a client that is idle for ten minutes is off the list', async () => {
  const ana = await cloud.connect('live', { query: { name: 'ana' } })
  await cloud.advance('10 minutes')
  await ana.isClosed()
  await cloud.settled()
  const table = DynamoDBDocumentClient.from(cloud.aws(DynamoDBClient))
  const { Items } = await table.send(new ScanCommand({ TableName: cloud.outputs.TableName }))
  expect(Items).toEqual([])
})
