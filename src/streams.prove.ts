import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams'
import { expect, test } from 'vitest'
import { stillClock } from './cloud/clock.ts'
import type { CloudEvent } from './cloud/events.ts'
import { HANG } from './machine/bounds.ts'
import { appInACloud } from './selfproof/app-in-a-cloud.ts'

const app = appInACloud('streams', 'Chat', stillClock)

test('what one client writes the stream brings to all, and a frame leads back to a frame', async () => {
  const [ana, ben] = [await app.connect('ana'), await app.connect('ben')]
  ana.send({ action: 'say', text: 'hello' })
  for (const person of [ana, ben])
    await person.hears({ eventName: 'INSERT', text: 'hello' }, { within: HANG })
  await app.cloud.settled()
  expect([ana.unheard, ben.unheard]).toEqual([[], []])

  const heard = app.cloud.events
    .history()
    .filter(event => event.kind === 'frame' && event.direction === 'out' && event.text.includes('hello'))
  expect(heard).toHaveLength(2)
  for (const frame of heard) {
    const line = app.ancestors(frame)
    expect(line.map(({ kind }) => kind)).toEqual(['call', 'invoke', 'item', 'call', 'invoke', 'frame'])
    expect(line.at(-1)).toMatchObject({ direction: 'in', text: expect.stringContaining('hello') })
  }
})

test('the cloud is not at rest while a record is on its way', async () => {
  const ana = await app.connect('ana')
  ana.send({ action: 'say', text: 'last' })
  await until(event => event.kind === 'item' && event.change === 'INSERT')
  expect(isTold('last')).toBe(false)
  await app.cloud.atRest(0, AbortSignal.timeout(HANG))
  expect(isTold('last')).toBe(true)
  await ana.hears({ text: 'last' }, { within: HANG })
})

const isTold = (text: string) =>
  app.cloud.events
    .history()
    .some(event => event.kind === 'frame' && event.direction === 'out' && event.text.includes(text))

/** Waits for an event from now on. */
const until = (is: (event: CloudEvent) => boolean) =>
  new Promise<void>(resolve => {
    const stop = app.cloud.events.subscribe(event => {
      if (!is(event)) return
      stop()
      resolve()
    })
  })

test('a client whose time is over by a clock that is moved is told of by the stream', async () => {
  const ana = await app.connect('ana')
  await app.connect('ben', '&seconds=60')
  app.cloud.clock.advance(120_000)
  await ana.hears({ gone: 'ben', by: 'dynamodb.amazonaws.com' }, { within: HANG })
})

test('what cannot be told is tried again as time goes by, then reported to a topic; the rest is told', async () => {
  const ana = await app.connect('ana')
  ana.send({ action: 'say', text: 'poison' })
  await until(event => event.kind === 'invocation' && event.outcome === 'failed')
  ana.send({ action: 'say', text: 'after it' })
  for (let seconds = 0; seconds < 5; seconds++) {
    await app.cloud.settled()
    app.cloud.clock.advance(1_000)
  }
  await ana.hears({ text: 'after it' }, { within: HANG })
  await app.cloud.settled()
  const dead = await app.take('DeadUrl')
  expect(dead.map(({ body }) => body)).toMatchObject([
    {
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      DDBStreamBatchInfo: { batchSize: 1, streamArn: app.output('StreamArn') },
    },
  ])
})

test('streams are read from outside, by whom IAM lets', async () => {
  const StreamArn = app.output('StreamArn')
  const streams = app.aws(DynamoDBStreamsClient)
  const { Streams } = await streams.send(new ListStreamsCommand({}))
  expect(Streams!.map(one => one.StreamArn)).toContain(StreamArn)
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
  const ShardId = StreamDescription!.Shards![0]!.ShardId
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  )
  const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator }))
  expect(Records!.map(({ dynamodb }) => dynamodb!.NewImage!.text!.S)).toContain('hello')

  const { credentials, allow } = await app.user('reader')
  const reader = app.aws(DynamoDBStreamsClient, credentials)
  await allow({ Action: 'dynamodb:*', Resource: StreamArn.replace(/stream.*/, '') })
  const next = new GetRecordsCommand({ ShardIterator })
  await expect(reader.send(next)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(
      `not authorized to perform: dynamodb:GetRecords on resource: ${StreamArn} `,
    ),
  })
  await allow({ Action: 'dynamodb:GetRecords', Resource: StreamArn.replace(/stream.*/, 'stream/*') })
  expect((await reader.send(next)).Records).toHaveLength(Records!.length)
  await expect(reader.send(new ListStreamsCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  })
})
