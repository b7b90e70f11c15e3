import { createVerify } from 'node:crypto'
import {
  CreateTopicCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WireRequest } from '../service.ts'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
  await trial.client.send(new CreateTopicCommand({ Name: 'Room' }))
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const TopicArn = 'arn:aws:sns:us-east-1:123456789012:Room'
const fn = 'arn:aws:lambda:us-east-1:123456789012:function:say'
const publish = (more: object = {}) =>
  trial.client.send(new PublishCommand({ TopicArn, Message: 'hello', ...more }))
const subscribe = async (Protocol: string, Endpoint: string, Attributes = {}, arn = TopicArn) =>
  (
    await trial.client.send(
      new SubscribeCommand({ TopicArn: arn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }),
    )
  ).SubscriptionArn!
const event = (index = 0) => JSON.parse(trial.invoked[index]!.payload)
const MessageAttributes = {
  attr1: { DataType: 'Number', StringValue: '100.12' },
  attr2: { DataType: 'Binary', BinaryValue: new Uint8Array([2, 3, 4]) },
}

/** What an address that SNS writes into its messages answers to anybody. */
const visit = (url: string) =>
  trial.sns.withoutSignature({
    method: 'GET',
    target: url.slice('https://sns.us-east-1.amazonaws.com'.length),
    headers: {},
    body: Buffer.alloc(0),
    host: 'sns.us-east-1.amazonaws.com',
    sourceIp: '127.0.0.1',
  } satisfies WireRequest)

test("a queue gets AWS's envelope, key for key and line for line", async () => {
  const queue = trial.queue('Inbox')
  const subscription = await subscribe('sqs', queue.arn)
  const { MessageId } = await publish({ Subject: 'a "subject"', MessageAttributes })
  await queue.holds(1)
  const { body, senderId, attributes, ...rest } = queue.sent[0]!
  const { Timestamp, Signature, SigningCertURL } = JSON.parse(body)
  expect(body).toBe(`{
  "Type" : "Notification",
  "MessageId" : "${MessageId}",
  "TopicArn" : "${TopicArn}",
  "Subject" : "a \\"subject\\"",
  "Message" : "hello",
  "Timestamp" : "${Timestamp}",
  "SignatureVersion" : "1",
  "Signature" : "${Signature}",
  "SigningCertURL" : "${SigningCertURL}",
  "UnsubscribeURL" : "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscription}",
  "MessageAttributes" : {
    "attr1" : {"Type":"Number","Value":"100.12"},
    "attr2" : {"Type":"Binary","Value":"AgME"}
  }
}`)
  expect(Timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(SigningCertURL).toMatch(
    /^https:\/\/sns\.us-east-1\.amazonaws\.com\/SimpleNotificationService-[\da-f]{32}\.pem$/,
  )
  expect(senderId).toBe('AIDAIT2UOQQY3AUEKVGXU')
  expect(attributes).toBeUndefined()
  expect(rest).toEqual({})
})

test('what is not given is not there', async () => {
  const queue = trial.queue('Inbox')
  await subscribe('sqs', queue.arn)
  await publish()
  await queue.holds(1)
  expect(Object.keys(JSON.parse(queue.sent[0]!.body))).toEqual([
    'Type',
    'MessageId',
    'TopicArn',
    'Message',
    'Timestamp',
    'SignatureVersion',
    'Signature',
    'SigningCertURL',
    'UnsubscribeURL',
  ])
})

test.each(['1', '2'] as const)(
  'a signature of version %s holds, with the certificate at its address',
  async version => {
    const queue = trial.queue('Inbox')
    await subscribe('sqs', queue.arn)
    await trial.client.send(
      new SetTopicAttributesCommand({ TopicArn, AttributeName: 'SignatureVersion', AttributeValue: version }),
    )
    await publish({ Subject: 'about' })
    await queue.holds(1)
    const body = JSON.parse(queue.sent[0]!.body)
    const signed = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
    const text = signed.map(name => `${name}\n${body[name]}\n`).join('')
    const certificate = visit(body.SigningCertURL)?.body as string
    expect(body.SignatureVersion).toBe(version)
    const verify = createVerify(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text)
    expect(verify.verify(certificate, body.Signature, 'base64')).toBe(true)
  },
)

test('raw: a queue gets the text, and the attributes as its own', async () => {
  const queue = trial.queue('Inbox')
  await subscribe('sqs', queue.arn, { RawMessageDelivery: 'true' })
  await publish({ MessageAttributes })
  await queue.holds(1)
  expect(queue.sent[0]).toEqual({
    body: 'hello',
    senderId: 'AIDAIT2UOQQY3AUEKVGXU',
    attributes: {
      attr1: { DataType: 'Number', StringValue: '100.12' },
      attr2: { DataType: 'Binary', BinaryValue: 'AgME' },
    },
  })
})

test('raw: more than ten attributes are too many for a queue, and the message is lost', async () => {
  const raw = trial.queue('Raw')
  const other = trial.queue('Other')
  await subscribe('sqs', raw.arn, { RawMessageDelivery: 'true' })
  await subscribe('sqs', other.arn)
  const eleven = Object.fromEntries(
    Array.from({ length: 11 }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }]),
  )
  await publish({ MessageAttributes: eleven })
  await other.holds(1)
  expect(raw.sent).toEqual([])
})

test("a function gets AWS's event, in its own spelling", async () => {
  const subscription = await subscribe('lambda', fn)
  const { MessageId } = await publish()
  await trial.called(1)
  const { payload, ...how } = trial.invoked[0]!
  expect(how).toEqual({
    functionName: fn,
    caller: { kind: 'service', service: 'sns.amazonaws.com' },
    sourceArn: TopicArn,
    sourceAccount: '123456789012',
  })
  expect(JSON.parse(payload)).toEqual({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription,
        Sns: {
          Type: 'Notification',
          MessageId,
          TopicArn,
          Subject: null,
          Message: 'hello',
          Timestamp: expect.any(String),
          SignatureVersion: '1',
          Signature: expect.any(String),
          SigningCertUrl: expect.stringMatching(/^https:\/\/sns\.us-east-1\.amazonaws\.com\/SimpleN.*\.pem$/),
          UnsubscribeUrl: `https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
          MessageAttributes: {},
        },
      },
    ],
  })
})

test('each protocol gets its own text, the others the default', async () => {
  const queue = trial.queue('Inbox')
  await subscribe('sqs', queue.arn)
  await subscribe('lambda', fn)
  await publish({
    MessageStructure: 'json',
    Message: JSON.stringify({ default: 'for all', sqs: '{"for":"queues"}' }),
  })
  await queue.holds(1)
  await trial.called(1)
  expect(JSON.parse(queue.sent[0]!.body).Message).toBe('{"for":"queues"}')
  expect(event().Records[0].Sns.Message).toBe('for all')
})

test('a filter policy lets through what it wants, by attributes and by body', async () => {
  const [wanted, body, all] = [trial.queue('Wanted'), trial.queue('Body'), trial.queue('All')]
  await subscribe('sqs', wanted.arn, { FilterPolicy: '{"attr1":[{"numeric":[">",0,"<=",100]}]}' })
  await subscribe('sqs', body.arn, {
    FilterPolicy: '{"kind":{"name":["chat"]}}',
    FilterPolicyScope: 'MessageBody',
  })
  await subscribe('sqs', all.arn)
  const numbered = (StringValue: string) => ({ attr1: { DataType: 'Number', StringValue } })
  await publish({ MessageAttributes: numbered('111') })
  await publish({ MessageAttributes: numbered('99'), Message: 'just right' })
  await publish({ Message: '{"kind":{"name":"chat"}}' })
  await all.holds(3)
  const texts = ({ sent }: typeof all) => sent.map(one => JSON.parse(one.body).Message)
  expect(texts(wanted)).toEqual(['just right'])
  expect(texts(body)).toEqual(['{"kind":{"name":"chat"}}'])
})

test('a queue whose policy does not let the topic in gets nothing; the stream of events says why', async () => {
  const open = trial.queue('Open')
  const ofAnother = trial.queue('OfAnother', {
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
      Condition: { ArnEquals: { 'aws:SourceArn': `${TopicArn}s` } },
    },
  })
  const closed = trial.queue('Closed', 'none')
  for (const one of [closed, ofAnother, open]) await subscribe('sqs', one.arn)
  await publish()
  await open.holds(1)
  expect([closed.sent, ofAnother.sent]).toEqual([[], []])
  const decisions = trial.events
    .history()
    .filter(one => one.kind === 'decision' && one.principal === 'sns.amazonaws.com')
  expect(decisions).toMatchObject([
    { action: 'sqs:SendMessage', resource: closed.arn, allowed: false },
    { resource: ofAnother.arn, allowed: false },
    { resource: open.arn, allowed: true },
  ])
})

test('what does not arrive goes to the dead-letter queue, as it would have arrived', async () => {
  const dead = trial.queue('Dead')
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn })
  trial.closed.add(fn)
  await subscribe('lambda', fn, { RedrivePolicy })
  await subscribe('sqs', 'arn:aws:sqs:us-east-1:123456789012:Gone', {
    RedrivePolicy,
    RawMessageDelivery: 'true',
  })
  await publish({ MessageAttributes })
  await dead.holds(2)
  const bodies = dead.sent.map(one => one.body)
  expect(bodies).toContain('hello')
  const letter = bodies.find(body => body !== 'hello')!
  expect(JSON.parse(letter)).toMatchObject({ Type: 'Notification', TopicArn, Message: 'hello' })
  expect(dead.sent.find(one => one.body === 'hello')?.attributes).toHaveProperty('attr1')
})

test('a FIFO topic sends numbers instead of signatures, and order to queues that have one', async () => {
  const Attributes = { FifoTopic: 'true', ContentBasedDeduplication: 'true' }
  const { TopicArn: arn } = await trial.client.send(new CreateTopicCommand({ Name: 'R.fifo', Attributes }))
  const [ordered, plain] = [trial.queue('Inbox.fifo'), trial.queue('Inbox')]
  const subscription = await subscribe('sqs', ordered.arn, {}, arn)
  await subscribe('sqs', plain.arn, {}, arn)
  const said = await trial.client.send(
    new PublishCommand({ TopicArn: arn!, Message: 'Test', MessageGroupId: 'g' }),
  )
  await ordered.holds(1)
  await plain.holds(1)
  const { body, ...order } = ordered.sent[0]!
  const letter = JSON.parse(body)
  expect(Object.keys(letter)).toEqual([
    'Type',
    'MessageId',
    'SequenceNumber',
    'TopicArn',
    'Message',
    'Timestamp',
    'UnsubscribeURL',
  ])
  expect(letter).toMatchObject({
    MessageId: said.MessageId,
    SequenceNumber: said.SequenceNumber,
    UnsubscribeURL: expect.stringContaining(subscription),
  })
  expect(order).toMatchObject({
    groupId: 'g',
    deduplicationId: '532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25',
  })
  expect(plain.sent[0]).not.toHaveProperty('groupId')
})

test('a standard topic hands a group on to a standard queue, which is fair to groups', async () => {
  const queue = trial.queue('Inbox')
  await subscribe('sqs', queue.arn)
  await publish({ MessageGroupId: 'my-group-id-1' })
  await queue.holds(1)
  expect(queue.sent[0]?.groupId).toBe('my-group-id-1')
})

test("the publisher's trace goes on to queues", async () => {
  const queue = trial.queue('Inbox')
  await subscribe('sqs', queue.arn)
  const traced = new PublishCommand({ TopicArn, Message: 'x' })
  const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1'
  traced.middlewareStack.add(
    next => args => {
      Object.assign((args.request as { headers: object }).headers, { 'X-Amzn-Trace-Id': trace })
      return next(args)
    },
    { step: 'build' },
  )
  await trial.client.send(traced)
  await queue.holds(1)
  expect(queue.sent[0]?.traceHeader).toBe(trace)
})

test('a filter that is changed counts from the next message on', async () => {
  const [queue, other] = [trial.queue('Inbox'), trial.queue('Other')]
  const SubscriptionArn = await subscribe('sqs', queue.arn, { FilterPolicy: '{"attr1":["x"]}' })
  await subscribe('sqs', other.arn)
  await publish()
  await trial.client.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn,
      AttributeName: 'FilterPolicy',
      AttributeValue: '{"attr1":[{"exists":false}]}',
    }),
  )
  const MessageAttributes = { attr2: { DataType: 'String', StringValue: 'y' } }
  await publish({ Message: 'second', MessageAttributes })
  await other.holds(2)
  await queue.holds(1)
  expect(queue.sent.map(one => JSON.parse(one.body).Message)).toEqual(['second'])
})
