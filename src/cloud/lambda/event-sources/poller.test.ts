import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Queue } from '../../sqs/queues.ts'
import { lambdaForTests, settled, until } from '../lambda.fixture.ts'

let cloud: Awaited<ReturnType<typeof lambdaForTests>>
let queue: Queue
let name: string
let n = 0

beforeAll(async () => {
  cloud = await lambdaForTests()
})
afterAll(() => cloud.stop())
beforeEach(() => {
  name = `poller-${n++}`
})

/** What a handler begins with: it says which messages it was given. */
const SAYS = `const bodies = event.Records.map(r => r.body); console.log('GOT ' + JSON.stringify(bodies));`

const make = (body = '', properties: object = {}) =>
  cloud.make(name, `let n = 0; exports.handler = async event => { ${SAYS} n++; ${body} }`, {
    Role: cloud.roleArn('reads-queues'),
    ...properties,
  })

/** Has the queue read for the function; answers with a way to change that. */
async function map(settings: object = {}) {
  const resource = cloud.resource('AWS::Lambda::EventSourceMapping')
  const properties = { FunctionName: name, EventSourceArn: queue.arn, ...settings }
  const made = await resource.create(cloud.request('Mapping', properties))
  return {
    change: (changes: object) =>
      resource.update!(cloud.request('Mapping', { ...properties, ...changes }), { ...made, properties }),
    delete: () => resource.delete!({ ...made, properties, logicalId: 'Mapping' }),
  }
}

const send = (body: string, more: object = {}) => queue.send({ body, ...more }, 'AIDATEST')

/** The bodies of each batch, in the order in which the function got them. */
const got = (): string[][] =>
  cloud
    .lines(name)
    .filter(line => line.includes('\tGOT '))
    .map(line => JSON.parse(line.slice(line.indexOf('GOT ') + 4)))

const all = () => got().flat()

/** Invocations of the function that are over. */
const over = () =>
  cloud.events.history().filter(event => event.kind === 'invocation' && event.functionName === name).length

/** What is in the queue and can be seen. */
const visible = () => queue.receive({ most: 10, waitSeconds: 0 })

/** Lets a batch that a function is through with be concluded, and the next poll begin. */
async function concluded() {
  await cloud.lambda.settled()
  await settled()
}

test("the function is given AWS's event, and what it has dealt with is deleted", async () => {
  await cloud.make(
    name,
    `exports.handler = async event => { console.log('EVENT ' + JSON.stringify(event)) }`,
    { Role: cloud.roleArn('reads-queues') },
  )
  queue = await cloud.queue(name)
  await map()
  const attributes = {
    Author: { DataType: 'String', StringValue: 'Ana' },
    Seal: { DataType: 'Binary', BinaryValue: 'AAE=' },
  }
  const { messageId, md5OfBody, md5OfAttributes } = send('hello', { attributes })
  await until(() => over() === 1)
  const line = cloud.lines(name).find(one => one.includes('EVENT '))!
  expect(JSON.parse(line.slice(line.indexOf('EVENT ') + 6))).toEqual({
    Records: [
      {
        messageId,
        receiptHandle: expect.any(String),
        body: 'hello',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: 'AIDATEST',
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        },
        messageAttributes: {
          Author: { stringValue: 'Ana', stringListValues: [], binaryListValues: [], dataType: 'String' },
          Seal: { binaryValue: 'AAE=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
        },
        md5OfMessageAttributes: md5OfAttributes,
        md5OfBody,
        eventSource: 'aws:sqs',
        eventSourceARN: queue.arn,
        awsRegion: 'us-east-1',
      },
    ],
  })
  await concluded()
  cloud.clock.advance(60_000)
  expect(await visible()).toEqual([])
})

test('messages that wait already come in batches of ten at most', async () => {
  await make()
  queue = await cloud.queue(name)
  for (let i = 0; i < 25; i++) send(String(i))
  await map()
  await until(() => all().length === 25)
  expect(got().every(batch => batch.length <= 10)).toBe(true)
  expect(all().sort()).toEqual(Array.from({ length: 25 }, (_, i) => String(i)).sort())
})

test('a batch that fails comes back whole, when its visibility timeout is over', async () => {
  await make(`if (n === 1) throw new Error('not now')`)
  queue = await cloud.queue(name)
  for (const body of ['a', 'b']) send(body)
  await map()
  await until(() => over() === 1)
  await concluded()
  expect(await visible()).toEqual([])
  cloud.clock.advance(30_000)
  await until(() => all().length === 4)
  expect(all().slice(2).sort()).toEqual(['a', 'b'])
})

test('with ReportBatchItemFailures only what failed comes back', async () => {
  await make(
    `const failed = n === 1 ? event.Records.filter(r => r.body === 'b') : []
     return { batchItemFailures: failed.map(r => ({ itemIdentifier: r.messageId })) }`,
  )
  queue = await cloud.queue(name)
  for (const body of ['a', 'b', 'c']) send(body)
  await map({ FunctionResponseTypes: ['ReportBatchItemFailures'] })
  await until(() => over() === 1)
  await concluded()
  cloud.clock.advance(30_000)
  await until(() => all().length === 4)
  expect(got().at(-1)).toEqual(['b'])
})

test('without it such an answer says nothing', async () => {
  await make(`return { batchItemFailures: event.Records.map(r => ({ itemIdentifier: r.messageId })) }`)
  queue = await cloud.queue(name)
  await map()
  send('a')
  await until(() => over() === 1)
  await concluded()
  cloud.clock.advance(60_000)
  expect(await visible()).toEqual([])
})

test('an answer that names no message of the batch fails all of it', async () => {
  await make(`return n === 1 ? { batchItemFailures: [{ itemIdentifier: 'nobody' }] } : null`)
  queue = await cloud.queue(name)
  await map({ FunctionResponseTypes: ['ReportBatchItemFailures'] })
  send('a')
  await until(() => over() === 1)
  await concluded()
  cloud.clock.advance(30_000)
  await until(() => over() === 2)
})

test('what fails too often ends in the dead-letter queue', async () => {
  await make(`throw new Error('never')`)
  const dead = await cloud.queue(`${name}-dead`)
  queue = await cloud.queue(name, {
    RedrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 },
  })
  await map()
  send('poison')
  for (const tries of [1, 2]) {
    await until(() => over() === tries)
    await concluded()
    cloud.clock.advance(30_000)
  }
  const buried = await dead.receive({ most: 10, waitSeconds: 5 })
  expect(buried.map(({ body }) => body)).toEqual(['poison'])
  expect(over()).toBe(2)
})

test('messages that match no filter are deleted unseen', async () => {
  await make()
  queue = await cloud.queue(name)
  for (const kind of ['order', 'offer', 'order']) send(JSON.stringify({ kind }))
  send('plain')
  await map({ FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] } })
  await until(() => all().length === 2)
  await concluded()
  cloud.clock.advance(60_000)
  expect(await visible()).toEqual([])
  expect(all()).toEqual(['{"kind":"order"}', '{"kind":"order"}'])
})

test('a window gathers, by the clock of the cloud', async () => {
  await make("console.log('EVENT ' + JSON.stringify(event))")
  queue = await cloud.queue(name)
  await map({ BatchSize: 100, MaximumBatchingWindowInSeconds: 20 })
  for (let i = 0; i < 15; i++) {
    send(String(i))
    await settled()
  }
  expect(got()).toEqual([])
  cloud.clock.advance(20_000)
  await until(() => over() === 1)
  expect(got().map(batch => batch.length)).toEqual([15])
  // Only here a message without attributes says so.
  const line = cloud.lines(name).find(one => one.includes('EVENT '))!
  expect(JSON.parse(line.slice(line.indexOf('EVENT ') + 6)).Records[0].md5OfMessageAttributes).toBeNull()
})

test('a batch that is full does not wait for its window', async () => {
  await make()
  queue = await cloud.queue(name)
  await map({ BatchSize: 12, MaximumBatchingWindowInSeconds: 300 })
  for (let i = 0; i < 12; i++) send(String(i))
  await until(() => over() === 1)
  expect(got().map(batch => batch.length)).toEqual([12])
})

test('what is gathered goes to the function when its mapping ends', async () => {
  await make()
  queue = await cloud.queue(name)
  const mapping = await map({ MaximumBatchingWindowInSeconds: 300 })
  send('a')
  await settled()
  await mapping.delete()
  await until(() => over() === 1)
  expect(all()).toEqual(['a'])
})

test('a batch is no larger than an invocation may be', async () => {
  await make(`console.log('SIZE ' + JSON.stringify(event).length)`, { Timeout: 30 })
  queue = await cloud.queue(name)
  for (let i = 0; i < 8; i++) send(String(i).repeat(1_000_000))
  await map()
  await until(() => over() === 2)
  const sizes = cloud.lines(name).flatMap(line => /SIZE (\d+)/.exec(line)?.[1] ?? [])
  expect(sizes.every(size => Number(size) <= 6_291_556)).toBe(true)
  await concluded()
  cloud.clock.advance(60_000)
  expect(await visible()).toEqual([])
})

test('five batches are under way at a time, unless MaximumConcurrency says otherwise', async () => {
  const folder = cloud.guardian.temporaryFolder('wslab-test-')
  for (const [settings, most] of [
    [{}, 5],
    [{ ScalingConfig: { MaximumConcurrency: 2 } }, 2],
  ] as const) {
    name = `poller-${n++}`
    const go = join(folder, name)
    // At work until it is told to go on.
    await make(
      `while (!require('fs').existsSync(${JSON.stringify(go)})) await new Promise(r => setTimeout(r, 5))`,
      { Timeout: 30 },
    )
    queue = await cloud.queue(name)
    for (let i = 0; i < 12; i++) send(String(i))
    await map({ BatchSize: 1, ...settings })
    await until(() => all().length === most)
    await settled()
    writeFileSync(go, '')
    await until(() => over() === 12)
    expect(mostAtOnce()).toBe(most)
  }
})

/** How many instances of the function were at work at a time. */
function mostAtOnce() {
  let most = 0
  let now = 0
  for (const line of cloud.lines(name)) {
    if (line.startsWith('START ')) most = Math.max(most, ++now)
    if (line.startsWith('END ')) now--
  }
  return most
}

const inGroup = (groupId: string, body: string) =>
  send(body, { groupId, deduplicationId: `${groupId}${body}` })

test('of a FIFO group one batch is under way at a time, and its order is kept', async () => {
  await make('await new Promise(resolve => setTimeout(resolve, 20))')
  queue = await cloud.queue(`${name}.fifo`, { FifoQueue: true })
  for (let i = 0; i < 5; i++) for (const group of ['a', 'b']) inGroup(group, `${group}${i}`)
  await map({ BatchSize: 2 })
  await until(() => all().length === 10)
  for (const group of ['a', 'b'])
    expect(all().filter(body => body.startsWith(group))).toEqual([0, 1, 2, 3, 4].map(i => `${group}${i}`))
})

test('after a failure the rest of its FIFO group waits, and other groups do not', async () => {
  await make(`if (bodies.includes('a0') && n === 1) throw new Error('not now')`, {
    // One instance, which counts.
    ReservedConcurrentExecutions: 1,
  })
  queue = await cloud.queue(`${name}.fifo`, { FifoQueue: true })
  inGroup('a', 'a0')
  inGroup('a', 'a1')
  await map({ BatchSize: 1 })
  await until(() => over() === 1)
  await concluded()
  inGroup('b', 'b0')
  await until(() => all().length === 2)
  await concluded()
  cloud.clock.advance(30_000)
  await until(() => all().length === 4)
  expect(all()).toEqual(['a0', 'b0', 'a0', 'a1'])
})

test('while there is no room for the function its batch is held, and in the end returns to the queue', async () => {
  await make('', { ReservedConcurrentExecutions: 0 })
  queue = await cloud.queue(name)
  const mapping = await map()
  send('a')
  await until(() => over() === 1)
  await concluded()
  // Tried again after a second, two, four, eight; sixteen more would be too late.
  for (const seconds of [1, 2, 4, 8]) {
    const before = over()
    cloud.clock.advance(seconds * 1000)
    await until(() => over() === before + 1)
    await concluded()
  }
  await mapping.delete()
  expect(await visible()).toEqual([])
  cloud.clock.advance(15_000)
  expect((await visible()).map(({ body, system }) => [body, system.ApproximateReceiveCount])).toEqual([
    ['a', '2'],
  ])
  expect(all()).toEqual([])
})

test('a permission taken away stops the polling; given back, it goes on', async () => {
  cloud.iam.createRole({ name, trust: cloud.iam.role('writes-logs').trust })
  const may = (...actions: string[]) =>
    cloud.allow(name, {
      Effect: 'Allow',
      Action: [...actions.map(action => `sqs:${action}`), 'logs:*'],
      Resource: '*',
    })
  may('ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes')
  await make('', { Role: cloud.roleArn(name) })
  queue = await cloud.queue(name)
  await map()
  send('a')
  await until(() => over() === 1)
  await concluded()

  may('DeleteMessage', 'GetQueueAttributes')
  // The poll under way was allowed when it began.
  send('b')
  await until(() => over() === 2)
  await concluded()
  send('c')
  cloud.clock.advance(5000)
  await settled()
  expect(all()).toEqual(['a', 'b'])
  const refusals = cloud.events
    .history()
    .filter(event => event.kind === 'decision' && event.principal.includes(name) && !event.allowed)
  expect(refusals).toMatchObject([
    {
      principal: `arn:aws:sts::123456789012:assumed-role/${name}/${name}`,
      action: 'sqs:ReceiveMessage',
      resource: queue.arn,
      because: 'because no identity-based policy allows the sqs:ReceiveMessage action',
    },
  ])

  may('ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes')
  cloud.clock.advance(5000)
  await until(() => over() === 3)
  expect(all()).toEqual(['a', 'b', 'c'])
})

test('without permission to delete, messages come again and again', async () => {
  cloud.iam.createRole({ name, trust: cloud.iam.role('writes-logs').trust })
  cloud.allow(name, { Effect: 'Allow', Action: ['sqs:*', 'logs:*'], Resource: '*' })
  await make('', { Role: cloud.roleArn(name) })
  queue = await cloud.queue(name)
  await map()
  cloud.allow(
    name,
    { Effect: 'Allow', Action: ['sqs:*', 'logs:*'], Resource: '*' },
    { Effect: 'Deny', Action: 'sqs:DeleteMessage', Resource: '*' },
  )
  send('a')
  await until(() => over() === 1)
  await concluded()
  cloud.clock.advance(30_000)
  await until(() => over() === 2)
  expect(all()).toEqual(['a', 'a'])
})

test('a mapping that is switched off reads no more, and goes on when it is switched on', async () => {
  await make()
  queue = await cloud.queue(name)
  const mapping = await map()
  await mapping.change({ Enabled: false })
  send('a')
  await concluded()
  expect((await visible()).map(({ body }) => body)).toEqual(['a'])
  await mapping.change({ Enabled: true })
  cloud.clock.advance(30_000)
  await until(() => over() === 1)
})

test('a queue or function that is gone is polled no more; when it is back, it is', async () => {
  await make()
  queue = await cloud.queue(name)
  await map()
  const remove = async (type: string, physicalId: string) =>
    cloud.resource(type).delete!({ physicalId, attributes: {}, properties: {}, logicalId: 'X' })
  await remove('AWS::SQS::Queue', queue.url)
  await settled()
  queue = await cloud.queue(name)
  send('a')
  cloud.clock.advance(5000)
  await until(() => over() === 1)
  await concluded()

  await remove('AWS::Lambda::Function', name)
  // The poll under way has begun with the function: what it gets stays in the queue.
  send('b')
  await concluded()
  await make()
  cloud.clock.advance(30_000)
  await until(() => all().includes('b'))
})

test('when the cloud stops, polls and batches end with it', async () => {
  const another = await lambdaForTests()
  await another.make(
    'busy',
    'exports.handler = async () => new Promise(resolve => setTimeout(resolve, 2000))',
    {
      Role: another.roleArn('reads-queues'),
    },
  )
  const busy = await another.queue('busy')
  const properties = { FunctionName: 'busy', EventSourceArn: busy.arn, BatchSize: 1 }
  await another.resource('AWS::Lambda::EventSourceMapping').create(another.request('Mapping', properties))
  const started = new Promise<void>(resolve => {
    another.events.subscribe(event => {
      if (event.kind === 'log' && event.message.startsWith('START ')) resolve()
    })
  })
  busy.send({ body: 'a' }, 'AIDATEST')
  await started
  await another.stop()
  await another.lambda.settled()
  busy.send({ body: 'b' }, 'AIDATEST')
  await settled()
  expect((await busy.receive({ most: 10, waitSeconds: 0 })).map(({ body }) => body)).toEqual(['b'])
})
