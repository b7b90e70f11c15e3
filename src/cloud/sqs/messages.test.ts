import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
let QueueUrl: string

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(async () => {
  QueueUrl = await create()
})

const create = async (Attributes: Record<string, string> = {}) =>
  (await trial.client.send(new CreateQueueCommand({ QueueName: `messages-${made++}`, Attributes }))).QueueUrl!
const send = (more: Partial<SendMessageCommandInput> = {}) =>
  trial.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello', ...more }))
const receive = async (more: Partial<ReceiveMessageCommandInput> = {}) =>
  (await trial.client.send(new ReceiveMessageCommand({ QueueUrl, ...more }))).Messages ?? []
const hide = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
  trial.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }))
const remove = (ReceiptHandle: string | undefined) =>
  trial.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
const counts = async () => {
  const { Attributes = {} } = await trial.client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  )
  return [
    Attributes.ApproximateNumberOfMessages,
    Attributes.ApproximateNumberOfMessagesNotVisible,
    Attributes.ApproximateNumberOfMessagesDelayed,
  ].map(Number)
}
const bodies = (messages: { Body?: string | undefined }[]) => messages.map(({ Body }) => Body)

test('a message is sent, received, hidden from others, and deleted', async () => {
  const sent = await send()
  expect(await counts()).toEqual([1, 0, 0])
  const [message] = await receive()
  expect(message).toMatchObject({
    Body: 'hello',
    MessageId: sent.MessageId,
    MD5OfBody: sent.MD5OfMessageBody,
  })
  expect(message).not.toHaveProperty('Attributes')
  expect(message!.ReceiptHandle).toMatch(/^AQEB/)
  expect(await receive()).toEqual([])
  expect(await counts()).toEqual([0, 1, 0])
  await remove(message!.ReceiptHandle)
  expect(await counts()).toEqual([0, 0, 0])
  await remove(message!.ReceiptHandle)
})

test('the visibility timeout of queue, request and message follows the cloud’s clock', async () => {
  await send()
  await receive()
  trial.clock.advance(29_000)
  expect(await receive()).toEqual([])
  trial.clock.advance(1000)
  expect(await receive({ VisibilityTimeout: 100 })).toHaveLength(1)
  trial.clock.advance(99_000)
  expect(await receive()).toEqual([])
  trial.clock.advance(1000)
  const [message] = await receive()
  await hide(message!.ReceiptHandle, 300)
  trial.clock.advance(299_000)
  expect(await receive()).toEqual([])
  await hide(message!.ReceiptHandle, 0)
  const [last] = await receive({ MessageSystemAttributeNames: ['All'] })
  expect(last!.Attributes?.ApproximateReceiveCount).toBe('4')
})

test('a handle of a standard queue lives until the message is received again', async () => {
  await send()
  const [first] = await receive({ VisibilityTimeout: 1 })
  trial.clock.advance(1000)
  await hide(first!.ReceiptHandle, 5)
  expect(await receive()).toEqual([])
  trial.clock.advance(5000)
  const [second] = await receive()
  await remove(first!.ReceiptHandle)
  expect(await counts()).toEqual([0, 1, 0])
  await expect(hide(first!.ReceiptHandle, 5)).rejects.toThrow(
    `Value ${first!.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
  )
  trial.clock.advance(30_000)
  await remove(second!.ReceiptHandle)
  expect(await counts()).toEqual([0, 0, 0])
})

test('twelve hours are the most that one reception can hide a message', async () => {
  await send()
  const [message] = await receive()
  await hide(message!.ReceiptHandle, 43_200)
  trial.clock.advance(60_000)
  await expect(hide(message!.ReceiptHandle, 43_200)).rejects.toThrow(
    'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
  )
})

test('a handle that this queue has not given out is no handle', async () => {
  await expect(remove('garbage')).rejects.toMatchObject({
    name: 'ReceiptHandleIsInvalid',
    message: 'The input receipt handle "garbage" is not a valid receipt handle.',
    $metadata: { httpStatusCode: 404 },
  })
  await send()
  const [message] = await receive()
  QueueUrl = await create()
  await expect(remove(message!.ReceiptHandle)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' })
})

test('a message is delayed by the queue, or by its own word', async () => {
  QueueUrl = await create({ DelaySeconds: '60' })
  await send()
  await send({ MessageBody: 'at once', DelaySeconds: 0 })
  expect(await counts()).toEqual([1, 0, 1])
  expect(bodies(await receive({ MaxNumberOfMessages: 10 }))).toEqual(['at once'])
  trial.clock.advance(60_000)
  expect(bodies(await receive())).toEqual(['hello'])
  await expect(send({ DelaySeconds: 901 })).rejects.toThrow(
    'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
  )
})

test('a message is forgotten when its retention is over, in flight or not', async () => {
  QueueUrl = await create({ MessageRetentionPeriod: '60' })
  await send()
  await send()
  const [message] = await receive({ VisibilityTimeout: 600 })
  trial.clock.advance(59_999)
  expect(await counts()).toEqual([1, 1, 0])
  trial.clock.advance(1)
  expect(await counts()).toEqual([0, 0, 0])
  await remove(message!.ReceiptHandle)
})

test('MD5s of attributes are AWS’s', async () => {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue })
  expect(await send({ MessageBody: 'msg', MessageAttributes: { Foo: text('Bar') } })).toMatchObject({
    MD5OfMessageBody: '6e2baaf3b97dbeef01c0043275f9a0e7',
    MD5OfMessageAttributes: 'ae7155c6026991b6d54b11589678bf9c',
  })
  const traced = await send({
    MessageSystemAttributes: {
      AWSTraceHeader: text('Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'),
    },
  })
  expect(traced.MD5OfMessageSystemAttributes).toBe('5ae4d5d7636402d80f4eb6d213245a88')
  const bytes = Buffer.from('traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01')
  const binary = await send({ MessageAttributes: { attr1: { DataType: 'Binary', BinaryValue: bytes } } })
  expect(binary.MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984')
  const messages = await receive({ MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] })
  expect(Buffer.from(messages[2]!.MessageAttributes!.attr1!.BinaryValue!)).toEqual(bytes)
})

test('attributes are shown by name, by beginning or all, with the MD5 of what is shown', async () => {
  QueueUrl = await create({ VisibilityTimeout: '0' })
  const text = (StringValue: string) => ({ DataType: 'String', StringValue })
  const MessageAttributes = { 'Help.Me': text('Me'), Hello: text('There'), General: text('Kenobi') }
  const sent = await send({ MessageAttributes })
  expect(sent.MD5OfMessageAttributes).toBe('4c360f3fdafd970e05fae2f149d997f5')
  const asked = async (...MessageAttributeNames: string[]) => {
    const [message] = await receive({ MessageAttributeNames })
    return [message!.MD5OfMessageAttributes, Object.keys(message!.MessageAttributes ?? {}).sort()]
  }
  expect(await asked()).toEqual([undefined, []])
  expect(await asked('All')).toEqual(['4c360f3fdafd970e05fae2f149d997f5', ['General', 'Hello', 'Help.Me']])
  expect(await asked('*')).toEqual(['4c360f3fdafd970e05fae2f149d997f5', ['General', 'Hello', 'Help.Me']])
  expect(await asked('.*')).toEqual(['4c360f3fdafd970e05fae2f149d997f5', ['General', 'Hello', 'Help.Me']])
  expect(await asked('Hel.*')).toEqual(['83fee93c1bcd8b9a5a923ffacdc636c7', ['Hello', 'Help.Me']])
  expect(await asked('Hello', 'General')).toEqual(['fca026605781cb4126a1e9044df24232', ['General', 'Hello']])
  expect(await asked('Foo', 'Hello')).toEqual(['a311262e065454b75da111d535b8dacd', ['Hello']])
  expect(await asked('Foo', 'Hell')).toEqual([undefined, []])
})

test('system attributes tell who sent it when, and how often it was received', async () => {
  await send()
  const [message] = await receive({ MessageSystemAttributeNames: ['All'] })
  expect(message!.Attributes).toEqual({
    SenderId: trial.iam.learner.userId,
    SentTimestamp: expect.stringMatching(/^\d{13}$/),
    ApproximateReceiveCount: '1',
    ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
  })
  await hide(message!.ReceiptHandle, 0)
  const [again] = await receive({ AttributeNames: ['SenderId', 'SequenceNumber'] as never })
  expect(again!.Attributes).toEqual({ SenderId: trial.iam.learner.userId })
  await expect(receive({ AttributeNames: ['Nonsense' as never] })).rejects.toMatchObject({
    name: 'InvalidAttributeName',
    message: 'Unknown Attribute Nonsense.',
  })
})

test('a message of 1 MiB, attributes included, is taken; one byte more is not', async () => {
  const attribute = { n: { DataType: 'String', StringValue: 'v' } }
  const rest = 1_048_576 - 'nStringv'.length
  await send({ MessageBody: 'x'.repeat(rest), MessageAttributes: attribute })
  await expect(
    send({ MessageBody: 'x'.repeat(rest + 1), MessageAttributes: attribute }),
  ).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
  })
  QueueUrl = await create({ MaximumMessageSize: '1024' })
  await expect(send({ MessageBody: 'ä'.repeat(513) })).rejects.toThrow(
    'Message must be shorter than 1024 bytes.',
  )
})

test.each<[string, Partial<SendMessageCommandInput>, string, string]>([
  [
    'an empty body',
    { MessageBody: '' },
    'MissingParameter',
    'The request must contain the parameter MessageBody.',
  ],
  [
    'a character that XML cannot hold',
    { MessageBody: 'a\u0001' },
    'InvalidMessageContents',
    'Invalid characters found.',
  ],
  [
    'an empty attribute',
    { MessageAttributes: { ErrorDetails: { DataType: 'String', StringValue: '' } } },
    'InvalidParameterValue',
    "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
  ],
  [
    'an attribute of a type that is none',
    { MessageAttributes: { a: { DataType: 'Text', StringValue: 'b' } } },
    'InvalidParameterValue',
    "The type of message (user) attribute 'a' is invalid.",
  ],
  [
    'a number that is none',
    { MessageAttributes: { a: { DataType: 'Number', StringValue: 'b' } } },
    'InvalidParameterValue',
    "Can't cast the value of message (user) attribute 'a' to a number.",
  ],
  [
    'a name that is AWS’s',
    { MessageAttributes: { 'aWs.a': { DataType: 'String', StringValue: 'b' } } },
    'InvalidParameterValue',
    "You can't use message attribute names beginning with 'AWS.' or 'Amazon'.",
  ],
  [
    'more than ten attributes',
    {
      MessageAttributes: Object.fromEntries(
        Array.from({ length: 11 }, (_, i) => [`a${i}`, { DataType: 'String', StringValue: 'b' }]),
      ),
    },
    'InvalidParameterValue',
    'Number of message attributes [11] exceeds the allowed maximum [10].',
  ],
  [
    'a deduplication id',
    { MessageDeduplicationId: 'd' },
    'InvalidParameterValue',
    'Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.',
  ],
  [
    'a trace header that is empty',
    { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: '' } } },
    'InvalidParameterValue',
    "Message system attribute 'AWSTraceHeader' must contain a non-empty value of type 'String'.",
  ],
  [
    'a list of values',
    { MessageAttributes: { a: { DataType: 'String', StringListValues: ['b'] } } },
    'UnsupportedOperation',
    'are not supported.',
  ],
  [
    'a group id with a space',
    { MessageGroupId: 'group 123' },
    'InvalidParameterValue',
    'Value group 123 for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
  ],
])('a standard queue does not take %s', async (_, input, name, message) => {
  await expect(send(input)).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message),
    $metadata: { httpStatusCode: 400 },
  })
})

test.each<[Partial<ReceiveMessageCommandInput>, string]>([
  [
    { MaxNumberOfMessages: 11 },
    'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
  ],
  [
    { WaitTimeSeconds: 21 },
    'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
  ],
  [
    { VisibilityTimeout: 43_201 },
    'Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.',
  ],
])('receiving with %j is refused', async (input, message) => {
  await expect(receive(input)).rejects.toThrow(message)
})

test('a fair queue shows the group it was sent with', async () => {
  await send({ MessageGroupId: 'tenant' })
  const [message] = await receive({ MessageSystemAttributeNames: ['MessageGroupId'] })
  expect(message!.Attributes).toEqual({ MessageGroupId: 'tenant' })
})

test('a batch says of each entry how it ended', async () => {
  const { Successful, Failed } = await trial.client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'good', MessageBody: '1' },
        { Id: 'bad', MessageBody: '\u0001' },
        { Id: 'late', MessageBody: '2', DelaySeconds: 10 },
      ],
    }),
  )
  expect(Successful?.map(({ Id }) => Id)).toEqual(['good', 'late'])
  expect(Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'InvalidMessageContents' }])
  const [message] = await receive({ MaxNumberOfMessages: 10 })
  const handles = [message!.ReceiptHandle, 'garbage']
  const hidden = await trial.client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: handles.map((ReceiptHandle, i) => ({ Id: `${i}`, ReceiptHandle, VisibilityTimeout: 0 })),
    }),
  )
  expect(hidden.Successful).toEqual([{ Id: '0' }])
  expect(hidden.Failed).toMatchObject([{ Id: '1', Code: 'ReceiptHandleIsInvalid' }])
  expect(await counts()).toEqual([1, 0, 1])
  const deleted = await trial.client.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: handles.map((ReceiptHandle, i) => ({ Id: `${i}`, ReceiptHandle })),
    }),
  )
  expect(deleted).toMatchObject({ Successful: [{ Id: '0' }], Failed: [{ Id: '1' }] })
  expect(await counts()).toEqual([0, 0, 1])
})

test('an entry that is too long fails alone, a batch that is too long as a whole', async () => {
  const batch = (...texts: string[]) =>
    trial.client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: texts.map((MessageBody, i) => ({ Id: `${i}`, MessageBody })),
      }),
    )
  await expect(batch('x'.repeat(1_048_575), 'xx')).rejects.toMatchObject({
    name: 'BatchRequestTooLong',
    message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
  })
  QueueUrl = await create({ MaximumMessageSize: '1024' })
  const { Successful, Failed } = await batch('x'.repeat(1025), 'x')
  expect(Successful).toHaveLength(1)
  expect(Failed).toEqual([
    {
      Id: '0',
      SenderFault: true,
      Code: 'InvalidParameterValue',
      Message: 'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
    },
  ])
})

test.each([
  [[], 'EmptyBatchRequest', 'There should be at least one SendMessageBatchRequestEntry in the request.'],
  [['a', 'a'], 'BatchEntryIdsNotDistinct', 'Id a repeated.'],
  [
    ['a.b'],
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  ],
  [
    Array.from({ length: 20 }, (_, i) => `${i}`),
    'TooManyEntriesInBatchRequest',
    'Maximum number of entries per request are 10. You have sent 20.',
  ],
])('a batch of %j is refused', async (ids, name, message) => {
  const Entries = ids.map(Id => ({ Id, MessageBody: 'x' }))
  const refused = await trial.client
    .send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    .catch((error: unknown) => error)
  expect(refused).toMatchObject({ name, message, Code: `AWS.SimpleQueueService.${name}` })
})

test.each([
  { AttributeNames: 'All' },
  { QueueUrl: 5 },
  { MessageAttributes: { a: 'b' } },
  { Attributes: { a: { b: 'c' } } },
  { Entries: [{ Id: 5 }] },
  { MessageAttributes: { a: { DataType: 'Number', StringValue: 5 } } },
])('%j is not of the form that SQS reads', input => {
  const operation = trial.sqs.services[0]!.operations.find(({ name }) => name === 'ReceiveMessage')!
  expect(() => operation.run({ QueueUrl, ...input }, {} as never)).toThrowError(
    expect.objectContaining({
      code: 'MalformedInput',
      members: expect.objectContaining({ __type: 'com.amazon.coral.service#SerializationException' }),
    }),
  )
})
