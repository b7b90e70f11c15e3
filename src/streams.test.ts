import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { stillClock } from './cloud/clock.ts'
import { type Cloud, startCloud } from './cloud/cloud.ts'
import type { CloudEvent } from './cloud/events.ts'
import { startGuardian } from './cloud/guardian.ts'
import { HANG } from './machine/bounds.ts'
import { knock } from './probe/client.ts'
import { startTranscript } from './probe/transcript.ts'
import { synthApp } from './selfproof/synth-app.ts'

const root = mkdtempSync(join(tmpdir(), 'wslab-house-streams-'))
const guardian = startGuardian()
let cloud: Cloud
beforeAll(async () => {
  const assembly = await synthApp(root, 'streams')
  cloud = await startCloud({ guardian, clock: stillClock() })
  await cloud.deploy(assembly)
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
  rmSync(root, { recursive: true })
})

const output = (name: string) =>
  cloud.toLocal(cloud.stacks.describe('Chat').outputs.find(({ key }) => key === name)?.value ?? '')

function aws<C extends { destroy(): void }>(
  Client: new (configuration: any) => C,
  credentials: object = cloud.credentials,
): C {
  const { endpoint, account } = cloud
  const client = new Client({ endpoint, credentials, region: account.region, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  return client
}

async function connect(name: string, query = '') {
  const url = `${output('Url')}?name=${name}${query}`
  const knocked = await knock(url, name, {}, startTranscript(), HANG)
  if ('refused' in knocked) throw new Error(`refused with ${knocked.refused}`)
  onTestFinished(() => knocked.client.vanish())
  return knocked.client
}

/** What caused an event, and what caused that, up to what nothing caused. */
function ancestors({ causedBy }: CloudEvent): CloudEvent[] {
  const cause = cloud.events.history().find(event => event.id === causedBy)
  return cause ? [cause, ...ancestors(cause)] : []
}

test('what one client writes the stream brings to all, and a frame leads back to a frame', async () => {
  const [ana, ben] = [await connect('ana'), await connect('ben')]
  ana.send({ action: 'say', text: 'hello' })
  for (const person of [ana, ben])
    await person.hears({ eventName: 'INSERT', text: 'hello' }, { within: HANG })
  await cloud.settled()
  expect([ana.unheard, ben.unheard]).toEqual([[], []])

  const heard = cloud.events
    .history()
    .filter(event => event.kind === 'frame' && event.direction === 'out' && event.text.includes('hello'))
  expect(heard).toHaveLength(2)
  for (const frame of heard) {
    const line = ancestors(frame)
    expect(line.map(({ kind }) => kind)).toEqual(['call', 'invoke', 'item', 'call', 'invoke', 'frame'])
    expect(line.at(-1)).toMatchObject({ direction: 'in', text: expect.stringContaining('hello') })
  }
})

test('the cloud is not at rest while a record is on its way', async () => {
  const ana = await connect('ana')
  ana.send({ action: 'say', text: 'last' })
  await until(event => event.kind === 'item' && event.change === 'INSERT')
  expect(isTold('last')).toBe(false)
  await cloud.atRest(0, AbortSignal.timeout(HANG))
  expect(isTold('last')).toBe(true)
  await ana.hears({ text: 'last' }, { within: HANG })
})

const isTold = (text: string) =>
  cloud.events
    .history()
    .some(event => event.kind === 'frame' && event.direction === 'out' && event.text.includes(text))

/** Waits for an event from now on. */
const until = (is: (event: CloudEvent) => boolean) =>
  new Promise<void>(resolve => {
    const stop = cloud.events.subscribe(event => {
      if (!is(event)) return
      stop()
      resolve()
    })
  })

test('a client whose time is over by a clock that is moved is told of by the stream', async () => {
  const ana = await connect('ana')
  await connect('ben', '&seconds=60')
  cloud.clock.advance(120_000)
  await ana.hears({ gone: 'ben', by: 'dynamodb.amazonaws.com' }, { within: HANG })
})

test('what cannot be told is tried again as time goes by, then reported to a topic; the rest is told', async () => {
  const ana = await connect('ana')
  ana.send({ action: 'say', text: 'poison' })
  await until(event => event.kind === 'invocation' && event.outcome === 'failed')
  ana.send({ action: 'say', text: 'after it' })
  for (let seconds = 0; seconds < 5; seconds++) {
    await cloud.settled()
    cloud.clock.advance(1_000)
  }
  await ana.hears({ text: 'after it' }, { within: HANG })
  await cloud.settled()
  const { Messages = [] } = await aws(SQSClient).send(
    new ReceiveMessageCommand({ QueueUrl: output('DeadUrl'), WaitTimeSeconds: 20 }),
  )
  expect(Messages.map(({ Body }) => JSON.parse(Body!))).toMatchObject([
    {
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      DDBStreamBatchInfo: { batchSize: 1, streamArn: output('StreamArn') },
    },
  ])
})

test('streams are read from outside, by whom IAM lets', async () => {
  const StreamArn = output('StreamArn')
  const streams = aws(DynamoDBStreamsClient)
  const { Streams } = await streams.send(new ListStreamsCommand({}))
  expect(Streams!.map(one => one.StreamArn)).toContain(StreamArn)
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
  const ShardId = StreamDescription!.Shards![0]!.ShardId
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  )
  const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator }))
  expect(Records!.map(({ dynamodb }) => dynamodb!.NewImage!.text!.S)).toContain('hello')

  const iam = aws(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'reader' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'reader' }))
  const allow = (Action: string, Resource: string) =>
    iam.send(
      new PutUserPolicyCommand({
        UserName: 'reader',
        PolicyName: 'reads',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action, Resource }],
        }),
      }),
    )
  const reader = aws(DynamoDBStreamsClient, {
    accessKeyId: AccessKey!.AccessKeyId!,
    secretAccessKey: AccessKey!.SecretAccessKey!,
  })
  await allow('dynamodb:*', StreamArn.replace(/stream.*/, ''))
  const next = new GetRecordsCommand({ ShardIterator })
  await expect(reader.send(next)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(
      `not authorized to perform: dynamodb:GetRecords on resource: ${StreamArn} `,
    ),
  })
  await allow('dynamodb:GetRecords', StreamArn.replace(/stream.*/, 'stream/*'))
  expect((await reader.send(next)).Records).toHaveLength(Records!.length)
  await expect(reader.send(new ListStreamsCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  })
})
