import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam'
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { ListSubscriptionsCommand, ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Cloud, startCloud } from './cloud/cloud.ts'
import { StackFailed } from './cloud/cloudformation/stacks.ts'
import type { CloudEvent } from './cloud/events.ts'
import { startGuardian } from './cloud/guardian.ts'
import { HANG } from './machine/bounds.ts'
import { knock } from './probe/client.ts'
import { startTranscript } from './probe/transcript.ts'
import { synthApp } from './selfproof/synth-app.ts'

const root = mkdtempSync(join(tmpdir(), 'wslab-house-queues-'))
const guardian = startGuardian()
let endpoint: Awaited<ReturnType<typeof listening>>
let cloud: Cloud
let [news, changed, others] = ['', '', '']
beforeAll(async () => {
  endpoint = await listening()
  const { url } = endpoint
  const synthesized = await Promise.all([
    synthApp(root, 'queues', { url }),
    synthApp(root, 'queues', { url, changed: 'true' }),
    synthApp(root, 'queues'),
  ])
  ;[news, changed, others] = synthesized as [string, string, string]
  cloud = await startCloud({ guardian })
})
afterAll(async () => {
  await cloud.stop()
  endpoint.close()
  await guardian.stop()
  rmSync(root, { recursive: true })
})

/** Somebody's own HTTP endpoint, which keeps what SNS posts to it. */
async function listening() {
  const heard: any[] = []
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    heard.push(JSON.parse(body))
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/news`
  return { url, heard, close: () => server.close() }
}

/** An output as it is reached from here. */
const output = (name: string, stack = 'News') =>
  cloud.toLocal(cloud.stacks.describe(stack).outputs.find(({ key }) => key === name)?.value ?? '')

/** A client that is pointed to the cloud by its configuration. */
function aws<C extends { destroy(): void }>(Client: new (configuration: any) => C): C {
  const { endpoint, credentials, account } = cloud
  const client = new Client({ endpoint, credentials, region: account.region, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  return client
}

async function connect(name: string, stack = 'News') {
  const knocked = await knock(output('Url', stack), name, {}, startTranscript(), HANG)
  if ('refused' in knocked) throw new Error(`refused with ${knocked.refused}`)
  onTestFinished(() => knocked.client.vanish())
  return knocked.client
}

/** The first event of its kind from `since` on; waits for it. */
async function happening<T extends CloudEvent>(is: (event: CloudEvent) => event is T, since = 0): Promise<T> {
  const find = () => cloud.events.history().find((event): event is T => event.id >= since && is(event))
  await expect.poll(find).toBeDefined()
  return find()!
}
const soFar = () => (cloud.events.history().at(-1)?.id ?? -1) + 1

/** Follows a link of SNS's to the cloud, as a program does for which AWS's names lead here. */
function follow(link: string): Promise<number | undefined> {
  const { host, pathname, search } = new URL(link)
  return new Promise((resolve, reject) => {
    http
      .get(`${cloud.endpoint}${pathname}${search}`, { headers: { host } }, response => {
        response.resume().on('end', () => resolve(response.statusCode))
      })
      .on('error', reject)
  })
}

/** Deploys the news, and follows the link with which SNS asks the endpoint to confirm. */
async function deployNews() {
  await cloud.deploy(news)
  const isAsked = (one: any) => one.Type === 'SubscriptionConfirmation' && one.TopicArn === output('TopicArn')
  await expect.poll(() => endpoint.heard.some(isAsked)).toBe(true)
  expect(await follow(endpoint.heard.findLast(isAsked).SubscribeURL)).toBe(200)
}

/** Receives until there is a message, and deletes it. */
async function take(QueueUrl: string) {
  const sqs = aws(SQSClient)
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      WaitTimeSeconds: 20,
      AttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  )
  const [message] = Messages
  if (message) {
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle! }))
  }
  return message
}

test('what is published comes by queue, by function, by HTTP and through a filter, once each', async () => {
  await deployNews()
  const [ana, ben] = [await connect('ana'), await connect('ben')]
  ana.send({ action: 'publish', text: 'hello' })
  ben.send({ action: 'publish', text: 'HELLO', tone: 'loud' })
  for (const person of [ana, ben]) {
    for (const text of ['hello', 'HELLO']) {
      await person.hears({ by: 'queue', text }, { within: HANG })
      await person.hears({ by: 'topic', text }, { within: HANG })
    }
  }
  const posted = () =>
    endpoint.heard
      .filter(({ Type }) => Type === 'Notification')
      .map(({ Message }) => Message)
      .sort()
  await expect.poll(posted).toEqual(['HELLO', 'hello'])
  expect(await take(output('LoudUrl'))).toMatchObject({
    Body: 'HELLO',
    MessageAttributes: { tone: { DataType: 'String', StringValue: 'loud' } },
  })

  await cloud.settled()
  expect([ana.unheard, ben.unheard]).toEqual([[], []])
  for (const name of ['LinesUrl', 'LoudUrl', 'DeadUrl'])
    expect(await counts(output(name))).toEqual(['0', '0'])
})

async function counts(QueueUrl: string) {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
  const { Attributes } = await aws(SQSClient).send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  )
  return AttributeNames.map(name => Attributes?.[name])
}

test('a message that is reported twice ends among the dead, and the rest arrive once', async () => {
  await deployNews()
  const ana = await connect('ana')
  ana.send({ action: 'enqueue', lines: ['one', 'poison', 'two', 'three'] })
  for (const text of ['one', 'two', 'three']) await ana.hears({ by: 'queue', text }, { within: HANG })
  const inFlight = async (count: string) =>
    expect.poll(() => counts(output('LinesUrl'))).toEqual(['0', count])
  await inFlight('1')
  await cloud.settled()

  const before = soFar()
  const isRun = (event: CloudEvent): event is CloudEvent & { kind: 'invocation' } =>
    event.kind === 'invocation' && event.functionName.includes('tell')
  cloud.clock.advance(60_000)
  expect(await happening(isRun, before)).toMatchObject({ outcome: 'returned' })
  await cloud.settled()
  cloud.clock.advance(60_000)
  const dead = await take(output('DeadUrl'))
  expect(dead).toMatchObject({
    Body: 'poison',
    Attributes: { DeadLetterQueueSourceArn: output('LinesArn') },
  })
  await inFlight('0')
  expect(ana.unheard).toEqual([])
})

test('an ordered topic keeps the order of each group, through its queue, to the client', async () => {
  await deployNews()
  const ana = await connect('ana')
  const texts = Array.from({ length: 10 }, (_, index) => `line ${index}`)
  const ordered = texts.map((text, index) => ({ text, group: index % 2 === 0 ? 'even' : 'odd' }))
  ana.send({ action: 'publish', ordered })
  // Within five minutes the same is not said again.
  ana.send({ action: 'publish', ordered })
  const heard: { text: string; group: string }[] = []
  while (heard.length < texts.length) heard.push(await ana.hears({ by: 'queue' }, { within: HANG }))
  for (const group of ['even', 'odd']) {
    const ofGroup = (all: readonly { text: string; group: string }[]) =>
      all.filter(one => one.group === group).map(({ text }) => text)
    expect(ofGroup(heard)).toEqual(ofGroup(ordered))
  }
  await cloud.settled()
  expect(ana.unheard).toEqual([])
  expect(await counts(output('InOrderUrl'))).toEqual(['0', '0'])
})

test('an update changes a filter and a batch size, and lets the rest be', async () => {
  await deployNews()
  const before = { topic: output('TopicArn'), lines: output('LinesUrl') }
  await cloud.deploy(changed)
  expect({ topic: output('TopicArn'), lines: output('LinesUrl') }).toEqual(before)
  const { EventSourceMappings } = await aws(LambdaClient).send(
    new ListEventSourceMappingsCommand({ EventSourceArn: output('LinesArn') }),
  )
  expect(EventSourceMappings).toMatchObject([
    { BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] },
  ])

  const ana = await connect('ana')
  ana.send({ action: 'enqueue', lines: ['one', 'two', 'three'] })
  for (const text of ['one', 'two', 'three']) {
    await ana.hears({ by: 'queue', text, of: 1 }, { within: HANG })
  }
  ana.send({ action: 'publish', text: 'HELLO', tone: 'loud' })
  await ana.hears({ by: 'topic', text: 'HELLO' }, { within: HANG })
  ana.send({ action: 'publish', text: 'psst', tone: 'quiet' })
  expect(await take(output('LoudUrl'))).toMatchObject({ Body: 'psst' })
  expect(await counts(output('LoudUrl'))).toEqual(['0', '0'])
})

test('a queue that asks for TLS takes what comes by the plain door, and no policy is broken by it', async () => {
  await deployNews()
  const sent = await aws(SQSClient).send(
    new SendMessageCommand({ QueueUrl: output('LoudUrl'), MessageBody: 'from outside' }),
  )
  expect(await take(output('LoudUrl'))).toMatchObject({ MessageId: sent.MessageId, Body: 'from outside' })
})

test('a queue’s URL leads to the cloud, whichever way a client is pointed to it', async () => {
  await deployNews()
  const raw = cloud.stacks.describe('News').outputs.find(({ key }) => key === 'LoudUrl')!.value
  expect(raw).toMatch(/^https:\/\/sqs\.us-east-1\.amazonaws\.com\/123456789012\/News-Loud/)
  expect(output('LoudUrl')).toBe(
    `${cloud.endpoint.replace('127.0.0.1', 'localhost')}${new URL(raw).pathname}`,
  )
  // An endpoint in the configuration is all that counts.
  for (const QueueUrl of [raw, output('LoudUrl')]) {
    await aws(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: 'by configuration' }))
    expect(await take(QueueUrl)).toMatchObject({ Body: 'by configuration' })
  }
  // With AWS_ENDPOINT_URL the SDK goes where the URL says: that of an output, and that which SQS answers.
  const name = new URL(raw).pathname.split('/')[2]!
  const script = `
    import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
    const sqs = new SQSClient({ maxAttempts: 1 })
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: ${JSON.stringify(name)} }))
    for (const one of [QueueUrl, ${JSON.stringify(output('LoudUrl'))}]) {
      await sqs.send(new SendMessageCommand({ QueueUrl: one, MessageBody: 'by environment' }))
    }`
  const { accessKeyId, secretAccessKey } = cloud.credentials
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: HANG,
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_REGION: cloud.account.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    },
  })
  for (let messages = 0; messages < 2; messages++) {
    expect(await take(output('LoudUrl'))).toMatchObject({ Body: 'by environment' })
  }
})

test('a queue that does not let its topic in gets nothing, and the decision says why', async () => {
  await cloud.deploy(others, { stacks: ['Sealed'] })
  const queueArn = output('QueueArn', 'Sealed')
  await aws(SNSClient).send(
    new PublishCommand({ TopicArn: output('TopicArn', 'Sealed'), Message: 'let me in' }),
  )
  const isAboutQueue = (event: CloudEvent): event is CloudEvent & { kind: 'decision' } =>
    event.kind === 'decision' && event.resource === queueArn
  expect(await happening(isAboutQueue)).toMatchObject({
    principal: 'sns.amazonaws.com',
    action: 'sqs:SendMessage',
    allowed: false,
    because: 'because no resource-based policy allows the sqs:SendMessage action',
  })
  expect(await counts(output('QueueUrl', 'Sealed'))).toEqual(['0', '0'])
  await cloud.stacks.delete('Sealed')
})

test('a function that may not read a queue is not given its messages: the deployment is refused', async () => {
  const failure = await cloud.deploy(others, { stacks: ['Unread'] }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(StackFailed)
  expect(failure).toMatchObject({
    stackName: 'Unread',
    logicalId: expect.stringMatching(/^ReaderMapping/),
    type: 'AWS::Lambda::EventSourceMapping',
    reason: expect.stringContaining(
      'The provided execution role does not have permissions to call ReceiveMessage on SQS',
    ),
  })
})

test('C17: what an API sends to a queue by itself is answered as SQS answers it, in JSON, refusals too', async () => {
  await cloud.deploy(others, { stacks: ['Corners'] })
  const ana = await connect('ana', 'Corners')
  ana.send({ action: 'job', kind: 'nothing' })
  const { SendMessageResponse } = await ana.hears(message => message.SendMessageResponse, {
    within: HANG,
  })
  expect(SendMessageResponse).toEqual({
    ResponseMetadata: { RequestId: expect.any(String) },
    SendMessageResult: {
      MD5OfMessageAttributes: null,
      MD5OfMessageBody: expect.stringMatching(/^\w{32}$/),
      MD5OfMessageSystemAttributes: null,
      MessageId: expect.stringMatching(/^[\w-]{36}$/),
      SequenceNumber: null,
    },
  })
  ana.send({ action: 'nowhere' })
  // Its role may not, and so is not told that there is none.
  const refused = await ana.hears(message => message.Error, { within: HANG })
  expect(refused.Error).toEqual({
    Type: 'Sender',
    Code: 'AccessDenied',
    Message: expect.stringContaining('is not authorized to perform: sqs:sendmessage on resource'),
  })
})

test('what becomes of an event goes to its destinations, and what a subscriber does not take to dead letters', async () => {
  await cloud.deploy(others, { stacks: ['Corners'] })
  const [sns, TopicArn] = [aws(SNSClient), output('TopicArn', 'Corners')]
  const publish = (message: object) =>
    sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message) }))
  await publish({ kind: 'other' })
  await publish({ kind: 'job' })
  await publish({ kind: 'job', fail: true })

  const success = JSON.parse((await take(output('SuccessesUrl', 'Corners')))!.Body!)
  expect(success).toMatchObject({
    requestContext: { condition: 'Success', approximateInvokeCount: 1 },
    requestPayload: { Records: [{ EventSource: 'aws:sns', Sns: { Message: '{"kind":"job"}' } }] },
    responsePayload: { records: 1 },
  })
  const failure = JSON.parse((await take(output('FailuresUrl', 'Corners')))!.Body!)
  expect(failure).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
    responsePayload: { errorMessage: 'told to' },
  })
  for (const message of ['{"kind":"other"}', '{"kind":"job"}', '{"kind":"job","fail":true}']) {
    const { Body, Attributes } = (await take(output('MissedUrl', 'Corners')))!
    expect(JSON.parse(Body!)).toMatchObject({ Type: 'Notification', Message: message, TopicArn })
    expect(Attributes).not.toHaveProperty('DeadLetterQueueSourceArn')
  }
  await cloud.settled()
  for (const name of ['SuccessesUrl', 'FailuresUrl', 'MissedUrl']) {
    expect(await counts(output(name, 'Corners'))).toEqual(['0', '0'])
  }
})

test('a mapping that gathers waits by the cloud’s clock, and drops what its filter does not want', async () => {
  await cloud.deploy(others, { stacks: ['Corners'] })
  const [sqs, QueueUrl] = [aws(SQSClient), output('JobsUrl', 'Corners')]
  for (const kind of ['job', 'other', 'job']) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ kind }) }))
  }
  // The other one is dropped, these two are held.
  await expect.poll(() => counts(QueueUrl)).toEqual(['0', '2'])
  const before = soFar()
  cloud.clock.advance(30_000)
  const isGatherer = (event: CloudEvent): event is CloudEvent & { kind: 'invocation' } =>
    event.kind === 'invocation' && event.functionName.includes('Gatherer')
  expect(await happening(isGatherer, before)).toMatchObject({ outcome: 'returned' })
  await expect.poll(() => counts(QueueUrl)).toEqual(['0', '0'])
  await cloud.settled()
  expect(cloud.events.history().filter(event => event.id >= before && isGatherer(event))).toHaveLength(1)
})

test('of stacks that are deleted nothing is left', async () => {
  await deployNews()
  await connect('ana')
  await cloud.deploy(others, { stacks: ['Corners'] })
  for (const { stackName } of cloud.stacks.list()) await cloud.stacks.delete(stackName)
  const [sqs, sns, lambda] = [aws(SQSClient), aws(SNSClient), aws(LambdaClient)]
  expect((await sqs.send(new ListQueuesCommand())).QueueUrls ?? []).toEqual([])
  expect((await sns.send(new ListTopicsCommand())).Topics).toEqual([])
  expect((await sns.send(new ListSubscriptionsCommand())).Subscriptions).toEqual([])
  expect((await lambda.send(new ListEventSourceMappingsCommand())).EventSourceMappings).toEqual([])
  expect((await lambda.send(new ListFunctionsCommand())).Functions).toEqual([])
  expect((await aws(IAMClient).send(new ListRolesCommand())).Roles).toEqual([])
  expect((await aws(DynamoDBClient).send(new ListTablesCommand())).TableNames).toEqual([])
  expect(cloud.sockets()).toEqual([])
})
