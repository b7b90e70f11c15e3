import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { localCloud } from 'websocket-labs/testing'

let cloud
before(async () => {
  cloud = await localCloud({ assembly: 'cdk.out' })
})
beforeEach(() => cloud.reset())
after(() => cloud?.stop())

test('a message reaches everybody else, and not its sender', async () => {
  const ana = await cloud.connect('live', { query: { name: 'ana' } })
  const ben = await cloud.connect('live', { query: { name: 'ben' } })
  ana.send({ action: 'say', text: 'hello' })
  await ben.hears({ from: 'ana', text: 'hello' })
  await ana.hearsNothing()
})

test('a client without a name is refused', async () => {
  await assert.rejects(cloud.connect('live'), { status: 400 })
})
