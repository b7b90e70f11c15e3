import { createVerify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { refusal, startTrial, type Trial, type Watch, watch } from './test-server.ts'

interface Visit {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let trial: Trial
let server: Server
let Endpoint: string
let visits: Visit[]
let changed: Watch
/** What the endpoint answers with. */
let answer: (response: ServerResponse) => void

beforeEach(async () => {
  trial = await startTrial()
  await trial.client.send(new CreateTopicCommand({ Name: 'Room' }))
  visits = []
  changed = watch()
  answer = response => response.writeHead(200).end()
  server = createServer(async (incoming, response) => {
    let body = ''
    for await (const chunk of incoming) body += chunk
    visits.push({ headers: incoming.headers, body })
    answer(response)
    changed.tell()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sns-endpoint`
})
afterEach(async () => {
  await trial.stop()
  server.closeAllConnections()
  server.close()
  expect(trial.faults).toEqual([])
})

const TopicArn = 'arn:aws:sns:us-east-1:123456789012:Room'
const subscribe = async (Attributes: Record<string, string> = {}) =>
  (
    await trial.client.send(
      new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint, Attributes, ReturnSubscriptionArn: true }),
    )
  ).SubscriptionArn!
const visited = async (times: number) => {
  await changed.until(() => visits.length >= times)
  return visits[times - 1]!
}
const confirmed = async (Attributes?: Record<string, string>) => {
  const arn = await subscribe(Attributes)
  const { Token } = JSON.parse((await visited(visits.length + 1)).body)
  await trial.client.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))
  visits.length = 0
  return arn
}
const publish = (more: object = {}) =>
  trial.client.send(new PublishCommand({ TopicArn, Message: 'hello', ...more }))
const attributes = async (SubscriptionArn: string) =>
  (await trial.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes!
/** Follows a link of SNS's as a process does whose calls to AWS are redirected: unsigned, at the door. */
const follow = async (url: string) => {
  const { pathname, search, host } = new URL(url)
  const target = new URL(trial.endpoint)
  const asked = request({
    hostname: target.hostname,
    port: target.port,
    path: pathname + search,
    headers: { host },
  })
  asked.end()
  const [response] = await once(asked, 'response')
  let body = ''
  for await (const chunk of response) body += chunk
  return { status: response.statusCode as number, body }
}

test('an endpoint is asked, confirms by the link, is told, and leaves by the link', async () => {
  const answered = await trial.client.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }))
  expect(answered.SubscriptionArn).toBe('pending confirmation')
  const { Subscriptions } = await trial.client.send(new ListSubscriptionsCommand({}))
  expect(Subscriptions?.[0]?.SubscriptionArn).toBe('PendingConfirmation')

  const question = await visited(1)
  const asked = JSON.parse(question.body)
  expect(Object.keys(asked)).toEqual([
    'Type',
    'MessageId',
    'Token',
    'TopicArn',
    'Message',
    'SubscribeURL',
    'Timestamp',
    'SignatureVersion',
    'Signature',
    'SigningCertURL',
  ])
  expect(asked).toMatchObject({
    Type: 'SubscriptionConfirmation',
    TopicArn,
    Message: `You have chosen to subscribe to the topic ${TopicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TopicArn}&Token=${asked.Token}`,
  })
  expect(question.headers).toEqual({
    'x-amz-sns-message-type': 'SubscriptionConfirmation',
    'x-amz-sns-message-id': asked.MessageId,
    'x-amz-sns-topic-arn': TopicArn,
    'content-type': 'text/plain; charset=UTF-8',
    'content-length': String(Buffer.byteLength(question.body)),
    connection: 'close',
    'user-agent': 'Amazon Simple Notification Service Agent',
    'accept-encoding': 'gzip,deflate',
    host: new URL(Endpoint).host,
  })

  // Nobody is told before they have said yes.
  await publish({ Message: 'too early' })
  const yes = await follow(asked.SubscribeURL)
  expect(yes.status).toBe(200)
  const [, subscription] = /<SubscriptionArn>(.*)<\/SubscriptionArn>/.exec(yes.body) ?? []
  expect((await follow(asked.SubscribeURL)).body).toContain(subscription)
  expect(await attributes(subscription!)).toMatchObject({
    PendingConfirmation: 'false',
    ConfirmationWasAuthenticated: 'false',
  })

  const { MessageId } = await publish()
  const news = await visited(2)
  expect(JSON.parse(news.body)).toMatchObject({ Type: 'Notification', MessageId, Message: 'hello' })
  expect(news.headers).toMatchObject({
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-message-id': MessageId,
    'x-amz-sns-topic-arn': TopicArn,
    'x-amz-sns-subscription-arn': subscription,
    'content-type': 'text/plain; charset=UTF-8',
  })
  expect(news.headers).not.toHaveProperty('x-amz-sns-rawdelivery')

  const no = await follow(JSON.parse(news.body).UnsubscribeURL)
  expect([no.status, no.body]).toEqual([200, expect.stringContaining('<UnsubscribeResponse')])
  const farewell = await visited(3)
  const ended = JSON.parse(farewell.body)
  expect(ended).toMatchObject({
    Type: 'UnsubscribeConfirmation',
    Message: `You have chosen to deactivate subscription ${subscription}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`,
  })
  expect(farewell.headers).toMatchObject({ 'x-amz-sns-subscription-arn': subscription })
  await publish({ Message: 'to nobody' })

  expect((await follow(ended.SubscribeURL)).body).toContain(subscription)
  await publish({ Message: 'back again' })
  expect(JSON.parse((await visited(4)).body).Message).toBe('back again')
})

test('links that are no good', async () => {
  await subscribe()
  const { SubscribeURL, Token, Signature, ...rest } = JSON.parse((await visited(1)).body)
  const broken = await follow(SubscribeURL.replace(Token, 'abc123'))
  expect(broken.status).toBe(400)
  expect(broken.body).toContain('<Code>InvalidParameter</Code><Message>Invalid parameter: Token</Message>')
  expect((await follow(SubscribeURL.replace(TopicArn, 'not-an-arn'))).body).toContain(
    'Invalid parameter: Topic<',
  )
  expect((await follow(SubscribeURL.replace('ConfirmSubscription', 'Publish'))).status).toBe(403)
  // SNS does not look whether the topic is the right one, as long as it could be one of this region's.
  expect((await follow(SubscribeURL.replace(TopicArn, `${TopicArn}s`))).status).toBe(200)

  const signed = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const fields: Record<string, string> = { ...rest, SubscribeURL, Token }
  const verify = createVerify('RSA-SHA1').update(signed.map(name => `${name}\n${fields[name]}\n`).join(''))
  expect(verify.verify((await follow(fields.SigningCertURL!)).body, Signature, 'base64')).toBe(true)
})

test('a token is good for three days', async () => {
  await subscribe()
  const { Token } = JSON.parse((await visited(1)).body)
  trial.clock.advance(3 * 24 * 3600_000 + 1)
  expect((await refusal(trial.client.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))))[1]).toBe(
    'Invalid parameter: Token',
  )
})

test('who confirms with a signature can keep others from leaving', async () => {
  const SubscriptionArn = await subscribe()
  const { Token } = JSON.parse((await visited(1)).body)
  const confirm = new ConfirmSubscriptionCommand({ TopicArn, Token, AuthenticateOnUnsubscribe: 'true' })
  expect((await trial.client.send(confirm)).SubscriptionArn).toBe(SubscriptionArn)
  expect(await attributes(SubscriptionArn)).toMatchObject({ ConfirmationWasAuthenticated: 'true' })
  await publish()
  const { UnsubscribeURL } = JSON.parse((await visited(2)).body)
  expect((await follow(UnsubscribeURL)).status).toBe(403)
  expect(await attributes(SubscriptionArn)).toBeDefined()
})

test('raw: the body and a header that says so, in the content type of the delivery policy', async () => {
  const SubscriptionArn = await confirmed({
    RawMessageDelivery: 'true',
    DeliveryPolicy: '{"requestPolicy":{"headerContentType":"text/csv"}}',
  })
  const MessageAttributes = { a: { DataType: 'String', StringValue: 'x' } }
  await publish({ Message: 'a,b', MessageAttributes })
  const { body, headers } = await visited(1)
  expect(body).toBe('a,b')
  expect(headers).toMatchObject({ 'x-amz-sns-rawdelivery': 'true', 'content-type': 'text/csv' })
  const { DeliveryPolicy, EffectiveDeliveryPolicy } = await attributes(SubscriptionArn)
  expect(JSON.parse(DeliveryPolicy!)).toEqual({
    healthyRetryPolicy: null,
    sicklyRetryPolicy: null,
    throttlePolicy: null,
    requestPolicy: { headerContentType: 'text/csv' },
    guaranteed: false,
  })
  expect(JSON.parse(EffectiveDeliveryPolicy!)).toMatchObject({
    healthyRetryPolicy: { numRetries: 3, minDelayTarget: 20 },
    requestPolicy: { headerContentType: 'text/csv' },
  })
})

test("an endpoint that fails is tried three more times, twenty seconds apart by the cloud's clock, then given up", async () => {
  const dead = trial.queue('Dead')
  await confirmed({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }) })
  const times: number[] = []
  answer = response => {
    times.push(trial.clock.now())
    response.writeHead(503).end()
  }
  await publish()
  // When SNS has heard an answer and waits only SNS knows: so time passes in steps, until it has had enough.
  let isDead = false
  const burial = dead.holds(1).finally(() => {
    isDead = true
  })
  while (!isDead) {
    trial.clock.advance(1000)
    await new Promise(setImmediate)
  }
  await burial
  expect(times).toHaveLength(4)
  for (const [index, time] of times.slice(1).entries()) {
    expect(time - times[index]!).toBeGreaterThanOrEqual(20_000)
  }
  expect(new Set(visits.map(one => one.headers['x-amz-sns-message-id'])).size).toBe(1)
  expect(JSON.parse(dead.sent[0]!.body).Message).toBe('hello')
})

test('an endpoint that refuses is not asked again', async () => {
  const dead = trial.queue('Dead')
  await confirmed({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }) })
  answer = response => response.writeHead(404).end()
  await publish()
  await dead.holds(1)
  expect(visits).toHaveLength(1)
})

test('an endpoint that is not there is tried as the delivery policy says', async () => {
  const dead = trial.queue('Dead')
  await confirmed({
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }),
    DeliveryPolicy: '{"healthyRetryPolicy":{"numRetries":0}}',
  })
  server.closeAllConnections()
  server.close()
  await publish()
  await dead.holds(1)
})

test('stopping ends what is under way: an answer that does not come, and the wait for another try', async () => {
  await confirmed()
  answer = () => {}
  await publish()
  await visited(1)
  answer = response => response.writeHead(500).end()
  await publish()
  await visited(2)
  await trial.sns.stop()
})

test('a throttle policy holds back what comes too fast', async () => {
  await trial.client.send(
    new SetTopicAttributesCommand({
      TopicArn,
      AttributeName: 'DeliveryPolicy',
      AttributeValue: '{"http":{"defaultThrottlePolicy":{"maxReceivesPerSecond":1}}}',
    }),
  )
  await confirmed()
  await publish({ Message: 'one' })
  await visited(1)
  await publish({ Message: 'two' })
  expect(visits).toHaveLength(1)
  trial.clock.advance(1000)
  expect(JSON.parse((await visited(2)).body).Message).toBe('two')
})
