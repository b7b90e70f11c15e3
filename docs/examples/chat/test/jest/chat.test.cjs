const { DynamoDBClient, ScanCommand } = require('@aws-sdk/client-dynamodb')
const { localCloud } = require('websocket-labs/testing')

let cloud
beforeAll(async () => {
  cloud = await localCloud({ assembly: 'cdk.out' })
})
beforeEach(() => cloud.reset())
afterAll(() => cloud?.stop())

test('a message reaches everybody else, and not its sender', async () => {
  const ana = await cloud.connect('live', { query: { name: 'ana' } })
  const ben = await cloud.connect('live', { query: { name: 'ben' } })
  ana.send({ action: 'say', text: 'hello' })
  expect(await ben.hears({ from: 'ana' })).toEqual({ from: 'ana', text: 'hello' })
  await ana.hearsNothing()
})

test('a client without a name is refused', async () => {
  await expect(cloud.connect('live')).rejects.toMatchObject({ status: 400 })
})

test('everybody who is here has a row', async () => {
  await cloud.connect('live', { query: { name: 'ana' } })
  await cloud.connect('live', { query: { name: 'ben' } })
  const table = cloud.aws(DynamoDBClient)
  const { Count } = await table.send(new ScanCommand({ TableName: cloud.outputs.TableName }))
  expect(Count).toBe(2)
})
