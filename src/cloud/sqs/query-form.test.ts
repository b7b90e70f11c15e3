import { createHash, createHmac } from 'node:crypto'
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Principal } from '../iam/principal.ts'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
let QueueUrl: string
let path: string

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(async () => {
  const QueueName = `query-${made++}`
  QueueUrl = (await trial.client.send(new CreateQueueCommand({ QueueName }))).QueueUrl!
  path = `/123456789012/${QueueName}`
})

const ask = async (parameters: Record<string, string>, at?: string) => {
  const { status, body } = await trial.query({ Version: '2012-11-05', ...parameters }, at)
  return { status, body: String(body).replace(/<RequestId>[\w-]+<\/RequestId>/, '<RequestId/>') }
}

test('C17: what API Gateway sends to a queue’s path arrives', async () => {
  const { status, body } = await ask({ Action: 'SendMessage', MessageBody: '{"a":"b c+d&e"}' }, path)
  expect(status).toBe(200)
  expect(body).toMatch(
    /^<\?xml version="1.0"\?><SendMessageResponse xmlns="http:\/\/queue.amazonaws.com\/doc\/2012-11-05\/"><SendMessageResult><MessageId>[\w-]{36}<\/MessageId><MD5OfMessageBody>\w{32}<\/MD5OfMessageBody><\/SendMessageResult><ResponseMetadata><RequestId\/><\/ResponseMetadata><\/SendMessageResponse>$/,
  )
  const { Messages } = await trial.client.send(new ReceiveMessageCommand({ QueueUrl }))
  expect(Messages).toMatchObject([{ Body: '{"a":"b c+d&e"}' }])
})

test('a signed request reaches the same queues over HTTP, by POST and by GET', async () => {
  const { port, hostname } = new URL(trial.endpoint)
  const signer = new SignatureV4({
    credentials: trial.credentials,
    region: 'us-east-1',
    service: 'sqs',
    sha256: Sha256,
  })
  const common = { protocol: 'http:', hostname, port: Number(port), headers: { host: `${hostname}:${port}` } }
  const body = 'Action=SendMessage&Version=2012-11-05&MessageBody=hello'
  const post = await signer.sign({ ...common, method: 'POST', path, body })
  const sent = await fetch(`${trial.endpoint}${path}`, { method: 'POST', headers: post.headers, body })
  expect([sent.status, sent.headers.get('content-type')]).toEqual([200, 'text/xml'])
  const query = { Action: 'ReceiveMessage', QueueUrl, Version: '2012-11-05' }
  const get = await signer.sign({ ...common, method: 'GET', path: '/', query })
  const url = `${trial.endpoint}/?${new URLSearchParams(query)}`
  expect(await (await fetch(url, { headers: get.headers })).text()).toContain('<Body>hello</Body>')
})

test('lists and maps are flat, going in and coming out', async () => {
  const parameters = {
    Action: 'SendMessage',
    QueueUrl,
    MessageBody: '<a>\r\n&',
    DelaySeconds: '0',
    'MessageAttribute.1.Name': 'one',
    'MessageAttribute.1.Value.DataType': 'String',
    'MessageAttribute.1.Value.StringValue': '1',
    'MessageAttribute.2.Name': 'two',
    'MessageAttribute.2.Value.DataType': 'Binary',
    'MessageAttribute.2.Value.BinaryValue': 'AAE=',
  }
  expect((await ask(parameters)).body).toContain('<MD5OfMessageAttributes>')
  const received = await ask({
    Action: 'ReceiveMessage',
    QueueUrl,
    'AttributeName.1': 'ApproximateReceiveCount',
    'AttributeName.2': 'SenderId',
    'MessageAttributeName.1': 'All',
    MaxNumberOfMessages: '10',
  })
  expect(received.body).toMatch(
    /<ReceiveMessageResult><Message><MessageId>.*<\/MessageId><ReceiptHandle>.*<\/ReceiptHandle><MD5OfBody>\w{32}<\/MD5OfBody><Body>&lt;a&gt;&#xD;\n&amp;<\/Body><Attribute><Name>SenderId<\/Name><Value>AIDA\w+<\/Value><\/Attribute><Attribute><Name>ApproximateReceiveCount<\/Name><Value>1<\/Value><\/Attribute><MD5OfMessageAttributes>\w{32}<\/MD5OfMessageAttributes><MessageAttribute><Name>one<\/Name><Value><DataType>String<\/DataType><StringValue>1<\/StringValue><\/Value><\/MessageAttribute><MessageAttribute><Name>two<\/Name><Value><DataType>Binary<\/DataType><BinaryValue>AAE=<\/BinaryValue><\/Value><\/MessageAttribute><\/Message><\/ReceiveMessageResult>/,
  )
  const handle = /<ReceiptHandle>(.*)<\/ReceiptHandle>/.exec(received.body)![1]!
  expect(await ask({ Action: 'DeleteMessage', QueueUrl, ReceiptHandle: handle })).toEqual({
    status: 200,
    body: '<?xml version="1.0"?><DeleteMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ResponseMetadata><RequestId/></ResponseMetadata></DeleteMessageResponse>',
  })
  expect((await ask({ Action: 'ReceiveMessage', QueueUrl })).body).toContain(
    '<ReceiveMessageResult></ReceiveMessageResult>',
  )
})

test('a queue is made, tagged, changed, listed', async () => {
  const made = await ask({
    Action: 'CreateQueue',
    QueueName: 'by-query',
    'Attribute.1.Name': 'DelaySeconds',
    'Attribute.1.Value': '5',
    'Tag.1.Key': 'a',
    'Tag.1.Value': 'b',
  })
  const url = 'https://sqs.us-east-1.amazonaws.com/123456789012/by-query'
  expect(made.body).toContain(`<CreateQueueResult><QueueUrl>${url}</QueueUrl></CreateQueueResult>`)
  await ask({
    Action: 'SetQueueAttributes',
    'Attribute.1.Name': 'DelaySeconds',
    'Attribute.1.Value': '6',
    QueueUrl: url,
  })
  expect(
    (await ask({ Action: 'GetQueueAttributes', 'AttributeName.1': 'DelaySeconds', QueueUrl: url })).body,
  ).toContain(
    '<GetQueueAttributesResult><Attribute><Name>DelaySeconds</Name><Value>6</Value></Attribute></GetQueueAttributesResult>',
  )
  expect((await ask({ Action: 'ListQueueTags', QueueUrl: url })).body).toContain(
    '<Tag><Key>a</Key><Value>b</Value></Tag>',
  )
  expect((await ask({ Action: 'ListQueues', QueueNamePrefix: 'by' })).body).toContain(
    `<ListQueuesResult><QueueUrl>${url}</QueueUrl></ListQueuesResult>`,
  )
})

test('a batch goes in and comes out', async () => {
  const { body } = await ask({
    Action: 'SendMessageBatch',
    QueueUrl,
    'SendMessageBatchRequestEntry.1.Id': 'good',
    'SendMessageBatchRequestEntry.1.MessageBody': 'x',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Name': 'n',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType': 'String',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue': 'v',
    'SendMessageBatchRequestEntry.2.Id': 'bad',
    'SendMessageBatchRequestEntry.2.MessageBody': 'x',
    'SendMessageBatchRequestEntry.2.DelaySeconds': '901',
  })
  expect(body).toMatch(
    /<SendMessageBatchResult><SendMessageBatchResultEntry><Id>good<\/Id><MessageId>.*<\/SendMessageBatchResultEntry><BatchResultErrorEntry><Id>bad<\/Id><SenderFault>true<\/SenderFault><Code>InvalidParameterValue<\/Code>/,
  )
})

test('the queue in QueueUrl goes before the one in the path', async () => {
  const other = (await trial.client.send(new CreateQueueCommand({ QueueName: 'other' }))).QueueUrl!
  const parameters = { Action: 'GetQueueAttributes', 'AttributeName.1': 'QueueArn', QueueUrl: other }
  expect((await ask(parameters, path)).body).toContain(':other</Value>')
})

test('refusals are in AWS’s form, and a missing queue in other words than in JSON', async () => {
  const missing = await ask({ Action: 'GetQueueAttributes', 'AttributeName.1': 'All' }, `${path}-not`)
  expect(missing.status).toBe(400)
  expect(missing.body).toContain(
    '<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this wsdl version.</Message><Detail></Detail></Error>',
  )
  const empty = await ask({ Action: 'SendMessage' }, path)
  expect(empty.body).toContain(
    '<Code>MissingParameter</Code><Message>The request must contain the parameter MessageBody.</Message>',
  )
  const wrong = await ask({ Action: 'ReceiveMessage', WaitTimeSeconds: 'soon' }, path)
  expect(wrong.body).toContain('Value soon for parameter WaitTimeSeconds is invalid.')
  const unknown = await ask({ Action: 'GetQueueAttributes', 'AttributeName.1': 'Foobar' }, path)
  expect(unknown.body).toContain(
    '<Code>InvalidAttributeName</Code><Message>Unknown Attribute Foobar.</Message>',
  )
})

test('at a queue’s path there are no other queues', async () => {
  for (const Action of ['CreateQueue', 'ListQueues']) {
    const { status, body } = await ask({ Action, QueueName: 'x' }, path)
    expect(status).toBe(400)
    expect(body).toContain(
      `<Code>InvalidAction</Code><Message>The action ${Action} is not valid for this endpoint.</Message>`,
    )
  }
})

test('names that every object knows are only names', async () => {
  await trial.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
  const { status } = await ask({ Action: 'ReceiveMessage', 'constructor.1': 'x', ['__proto__']: 'x' }, path)
  expect(status).toBe(200)
})

const askForJson = async (parameters: Record<string, string>, at?: string, principal?: Principal) => {
  const answer = await trial.query({ Version: '2012-11-05', ...parameters }, at, principal, {
    accept: 'application/json',
  })
  const text = String(answer.body).replace(/"RequestId":"[\w-]{36}"/, '"RequestId":"R"')
  return { status: answer.status, type: answer.headers['content-type'], text }
}

test('C17: a client that asks for JSON, as API Gateway does, is answered in JSON', async () => {
  const sent = await askForJson({ Action: 'SendMessage', MessageBody: 'hello' }, path)
  expect([sent.status, sent.type]).toEqual([200, 'application/json'])
  expect(sent.text.replace(/"MessageId":"[\w-]{36}"/, '"MessageId":"M"')).toBe(
    '{"SendMessageResponse":{"ResponseMetadata":{"RequestId":"R"},"SendMessageResult":{"MD5OfMessageAttributes":null,"MD5OfMessageBody":"5d41402abc4b2a76b9719d911017c592","MD5OfMessageSystemAttributes":null,"MessageId":"M","SequenceNumber":null}}}',
  )
  const received = JSON.parse((await askForJson({ Action: 'ReceiveMessage' }, path)).text)
  const [message] = received.ReceiveMessageResponse.ReceiveMessageResult.messages
  expect(Object.keys(message)).toEqual([
    'Attributes',
    'Body',
    'MD5OfBody',
    'MD5OfMessageAttributes',
    'MessageAttributes',
    'MessageId',
    'ReceiptHandle',
  ])
  expect(message).toMatchObject({ Attributes: null, Body: 'hello', MessageAttributes: null })
  expect((await askForJson({ Action: 'ReceiveMessage' }, path)).text).toBe(
    '{"ReceiveMessageResponse":{"ReceiveMessageResult":{"messages":null},"ResponseMetadata":{"RequestId":"R"}}}',
  )
  const { ReceiptHandle } = message
  expect((await askForJson({ Action: 'DeleteMessage', ReceiptHandle }, path)).text).toBe(
    '{"DeleteMessageResponse":{"ResponseMetadata":{"RequestId":"R"}}}',
  )
})

test('in JSON maps are lists of pairs, and lists are whole', async () => {
  const attributes = await askForJson(
    { Action: 'GetQueueAttributes', 'AttributeName.1': 'DelaySeconds' },
    path,
  )
  expect(attributes.text).toContain(
    '"GetQueueAttributesResult":{"Attributes":[{"Name":"DelaySeconds","Value":"0"}]}',
  )
  const batch = {
    Action: 'SendMessageBatch',
    'SendMessageBatchRequestEntry.1.Id': 'good',
    'SendMessageBatchRequestEntry.1.MessageBody': 'x',
  }
  const { SendMessageBatchResponse } = JSON.parse((await askForJson(batch, path)).text)
  expect(SendMessageBatchResponse.SendMessageBatchResult).toMatchObject({
    Failed: null,
    Successful: [{ Id: 'good', SequenceNumber: null }],
  })
  const listed = await askForJson({ Action: 'ListQueues', QueueNamePrefix: path.split('/')[2]! })
  // Asked by AWS's name for it, as API Gateway and functions do, SQS answers with AWS's URL.
  expect(listed.text).toContain(
    `"ListQueuesResult":{"NextToken":null,"queueUrls":["https://sqs.us-east-1.amazonaws.com${path}"]}`,
  )
  const none = await askForJson({ Action: 'ListQueueTags' }, path)
  expect(none.text).toContain('"ListQueueTagsResult":{"Tags":null}')
})

test('C17: refusals are in JSON too, without the Detail that they have in XML', async () => {
  const missing = await askForJson({ Action: 'SendMessage', MessageBody: 'x' }, `${path}-not`)
  expect(missing).toEqual({
    status: 400,
    type: 'application/json',
    text: '{"Error":{"Code":"AWS.SimpleQueueService.NonExistentQueue","Message":"The specified queue does not exist for this wsdl version.","Type":"Sender"},"RequestId":"R"}',
  })
  const { principal } = trial.somebody()
  const denied = await askForJson({ Action: 'SendMessage', MessageBody: 'x' }, path, principal)
  expect([denied.status, JSON.parse(denied.text).Error]).toEqual([
    403,
    {
      Code: 'AccessDenied',
      Message: expect.stringMatching(
        /^User: .* is not authorized to perform: sqs:sendmessage on resource: .* because no identity-based policy allows the sqs:sendmessage action$/,
      ),
      Type: 'Sender',
    },
  ])
})

test('an XML refusal is in the namespace of the answers', async () => {
  expect((await ask({ Action: 'SendMessage' }, path)).body).toContain(
    '<ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">',
  )
})

/** The hash as AWS's signer takes it. */
class Sha256 {
  readonly #hash
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }
  update(data: string | ArrayBuffer | ArrayBufferView) {
    this.#hash.update(bytesOf(data))
  }
  async digest() {
    return new Uint8Array(this.#hash.digest())
  }
  reset() {}
}

const bytesOf = (data: string | ArrayBuffer | ArrayBufferView) =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(data)
