import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Deployment } from '#kit'
import { startGuardian } from './cloud/guardian.ts'
import { openScene } from './probe/scene.ts'
import { rooms } from './selfproof/rooms.ts'
import { type LocalTarget, localTarget } from './targets/local.ts'

const guardian = startGuardian()
let target: LocalTarget
beforeAll(async () => {
  target = await localTarget(guardian)
})
afterAll(async () => {
  await target.stop()
  await guardian.stop()
})

/** What every room's handlers begin with: a list in the table, posting, and the connection's id. */
const COMMON = `
const { ApiGatewayManagementApi } = require('@aws-sdk/client-apigatewaymanagementapi')
const { DynamoDB } = require('@aws-sdk/client-dynamodb')
const table = new DynamoDB(), TableName = process.env.TABLE
const instance = Math.random()
const say = ({ domainName, stage }, ids, message) => {
  const api = new ApiGatewayManagementApi({ endpoint: 'https://' + domainName + '/' + stage })
  return Promise.all([...ids].map(id => api.postToConnection({ ConnectionId: id, Data: JSON.stringify(message) }).catch(() => {})))
}
const textOf = ({ body }) => JSON.parse(body).text
const ok = { statusCode: 200 }
const add = id => table.putItem({ TableName, Item: { id: { S: id } } })
const list = async () => (await table.scan({ TableName, ConsistentRead: true })).Items.map(item => item.id.S)
`

/** What keeps something where only one instance can see it, or loses what somebody else has written meanwhile. */
const wrong = {
  'a set of people in memory': `
    const people = new Set()
    exports.handler = async event => {
      const { connectionId, eventType } = event.requestContext
      if (eventType === 'CONNECT') people.add(connectionId)
      if (eventType === 'MESSAGE') await say(event.requestContext, people, { text: textOf(event), from: connectionId })
      return ok
    }`,
  'names in memory, by connection id': `
    const names = new Map()
    exports.handler = async event => {
      const { connectionId, eventType } = event.requestContext
      if (eventType === 'CONNECT') {
        names.set(connectionId, connectionId)
        await add(connectionId)
      }
      if (eventType === 'MESSAGE') await say(event.requestContext, await list(), { text: textOf(event), from: names.get(connectionId) })
      return ok
    }`,
  'a list that is read once and then kept': `
    const known = list()
    exports.handler = async event => {
      const { connectionId, eventType } = event.requestContext
      const people = await known
      if (eventType === 'CONNECT') {
        people.push(connectionId)
        await add(connectionId)
      }
      if (eventType === 'MESSAGE') await say(event.requestContext, people, { text: textOf(event), from: connectionId })
      return ok
    }`,
  'the name of the last who came': `
    let name
    exports.handler = async event => {
      const { connectionId, eventType } = event.requestContext
      if (eventType === 'CONNECT') {
        name = connectionId
        await add(connectionId)
      }
      if (eventType === 'MESSAGE') await say(event.requestContext, await list(), { text: textOf(event), from: name })
      return ok
    }`,
  'one row with the whole list, read and written back': `
    const Key = { id: { S: 'everybody' } }
    const everybody = async () => (await table.getItem({ TableName, Key, ConsistentRead: true })).Item?.people?.L ?? []
    exports.handler = async event => {
      const { connectionId, eventType } = event.requestContext
      if (eventType === 'CONNECT') {
        const people = [...await everybody(), { S: connectionId }]
        await table.putItem({ TableName, Item: { ...Key, people: { L: people } } })
      }
      if (eventType === 'MESSAGE') {
        const ids = (await everybody()).map(one => one.S)
        await say(event.requestContext, ids, { text: textOf(event), from: connectionId })
      }
      return ok
    }`,
}

const right = {
  'a row for each': `
    exports.handler = async event => {
      const { connectionId, eventType } = event.requestContext
      if (eventType === 'CONNECT') await add(connectionId)
      if (eventType === 'MESSAGE') await say(event.requestContext, await list(), { text: textOf(event), from: connectionId })
      return ok
    }`,
  'one row, written on the condition that nobody else has': `
    const Key = { id: { S: 'everybody' } }
    const read = async () => (await table.getItem({ TableName, Key, ConsistentRead: true })).Item
    const enter = async id => {
      const { people = { L: [] }, version } = (await read()) ?? {}
      const next = { ...Key, people: { L: [...people.L, { S: id }] }, version: { N: String(Number(version?.N ?? 0) + 1) } }
      const condition = version
        ? { ConditionExpression: 'version = :was', ExpressionAttributeValues: { ':was': version } }
        : { ConditionExpression: 'attribute_not_exists(id)' }
      try {
        await table.putItem({ TableName, Item: next, ...condition })
      } catch (error) {
        if (error.name !== 'ConditionalCheckFailedException') throw error
        await enter(id)
      }
    }
    exports.handler = async event => {
      const { connectionId, eventType } = event.requestContext
      if (eventType === 'CONNECT') await enter(connectionId)
      if (eventType === 'MESSAGE') {
        const ids = ((await read())?.people.L ?? []).map(one => one.S)
        await say(event.requestContext, ids, { text: textOf(event), from: connectionId })
      }
      return ok
    }`,
}

/** Two come at once, a third later, and each of them says something that all hear, once from everybody. */
async function everybodyHears(deployment: Deployment): Promise<void> {
  const { scene, close } = openScene(deployment)
  try {
    await scene.spread(async together => {
      const people = await together(
        () => scene.connect('ana'),
        () => scene.connect('ben'),
      )
      people.push(await scene.connect('cyd'))
      const names = new Set<string>()
      for (const speaker of people) {
        const text = scene.nonce()
        speaker.send({ text })
        const heard = await Promise.all(people.map(client => client.hears({ text })))
        const [{ from }] = heard
        if (typeof from !== 'string') throw new Error(`${speaker.name} has no name`)
        names.add(from)
      }
      if (names.size !== people.length) throw new Error('two have the same name')
    })
  } finally {
    await close()
  }
}

test.each(Object.entries(wrong))('%s is found out', async (_, code) => {
  const deployment = await rooms(target, guardian, COMMON + code)
  await expect(everybodyHears(deployment)).rejects.toThrow()
  await deployment.destroy()
})

test.each(Object.entries(right))('%s is not refused', async (_, code) => {
  const deployment = await rooms(target, guardian, COMMON + code)
  for (let again = 0; again < 2; again += 1) await everybodyHears(deployment)
  await deployment.destroy()
})

const TELLS = `${COMMON}
  let events = 0
  exports.handler = async event => {
    events += 1
    const { connectionId, eventType } = event.requestContext
    if (eventType === 'MESSAGE') await say(event.requestContext, [connectionId], { instance, events })
    return ok
  }`

test('no event goes where the one before it went, nor, if it can be, where its connection is known; memory survives', async () => {
  const deployment = await rooms(target, guardian, TELLS)
  const { scene, close } = openScene(deployment)
  const ask = async () => {
    ana.send({ text: '?' })
    const told = await ana.hears({})
    // A message is heard before its handler is done.
    await deployment.settled?.()
    return told
  }
  const ana = await scene.connect('ana')
  const first = await ask()
  expect(await ask()).toEqual({ instance: first.instance, events: first.events + 1 })
  await scene.spread(async () => {
    const told: any[] = []
    for (let turn = 0; turn < 9; turn += 1) told.push(await ask())
    told.forEach(({ instance }, at) => {
      if (at > 0) expect(instance).not.toBe(told[at - 1].instance)
    })
    expect(new Set(told.slice(0, 3).map(one => one.instance)).size).toBe(3)
    expect(new Set(told.map(one => one.instance)).size).toBe(3)
    // The one that served before is among them, and remembers.
    const again = told.find(one => one.instance === first.instance)
    expect(again.events).toBe(first.events + 2)
  })
  expect((await ask()).instance).toBe((await ask()).instance)
  await close()
  await deployment.destroy()
})

test('who waits for somebody that does not come goes on when that is certain', async () => {
  const deployment = await rooms(target, guardian, TELLS)
  const { scene, close } = openScene(deployment)
  await scene.spread(async together => {
    const failed = together(
      () => scene.connect('ana'),
      async () => {
        throw new Error('not coming')
      },
    )
    await expect(failed).rejects.toThrow('not coming')
    const status = together(
      () => scene.connect('ben').then(() => 101),
      () => scene.isRefused('eve', { url: scene.output('Url').replace('/live', '/no-such-stage') }),
    )
    expect(await status).toEqual([101, 403])
  })
  await close()
  await deployment.destroy()
})

test('where the target cannot spread, a crowd comes, speaks and goes', async () => {
  const { spread: _, ...deployment } = await rooms(target, guardian, TELLS)
  const { scene, transcript, close } = openScene(deployment)
  await scene.spread(
    async together => {
      const [ana] = await together(() => scene.connect('ana'))
      ana!.send({ text: '?' })
      await ana!.hears({})
    },
    { size: 4, says: { text: 'murmur' } },
  )
  expect(transcript.did).toContain('a crowd of 4 came')
  expect(transcript.frames.filter(line => /crowd, \d > .*murmur/.test(line))).toHaveLength(8)
  expect(transcript.frames.filter(line => /crowd, \d closed/.test(line))).toHaveLength(4)
  await close()
  await deployment.destroy()
})
