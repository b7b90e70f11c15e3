import {
  CreateTopicCommand,
  type MessageAttributeValue,
  PublishBatchCommand,
  PublishCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { refusal, startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
  await trial.client.send(new CreateTopicCommand({ Name: 'Room' }))
  await trial.client.send(new CreateTopicCommand({ Name: 'Room.fifo', Attributes: { FifoTopic: 'true' } }))
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const TopicArn = 'arn:aws:sns:us-east-1:123456789012:Room'
const fifo = `${TopicArn}.fifo`
const publish = (more: object = {}) =>
  trial.client.send(new PublishCommand({ TopicArn, Message: 'hello', ...more }))
const publishBatch = (entries: readonly object[], arn = TopicArn) =>
  trial.client.send(
    new PublishBatchCommand({
      TopicArn: arn,
      PublishBatchRequestEntries: entries as { Id: string; Message: string }[],
    }),
  )
const invalid = (what: string) => ['InvalidParameter', `Invalid parameter: ${what}`, 400]
const subscribed = async (name: string, arn = TopicArn) => {
  const queue = trial.queue(name)
  const Attributes = { RawMessageDelivery: 'true' }
  await trial.client.send(
    new SubscribeCommand({ TopicArn: arn, Protocol: 'sqs', Endpoint: queue.arn, Attributes }),
  )
  return queue
}

test('publishing answers with an id of the message', async () => {
  expect((await publish()).MessageId).toMatch(/^[\da-f-]{36}$/)
  expect((await publish({ TopicArn: undefined, TargetArn: TopicArn })).MessageId).toBeDefined()
})

const endpoint = 'arn:aws:sns:us-east-1:123456789012:endpoint/APNS/app/1'
test.each<[object, string]>([
  [{ Message: '' }, 'Empty message'],
  [{ Subject: '' }, 'Subject'],
  [{ Subject: 'a\nb' }, 'Subject'],
  [{ Subject: 'x'.repeat(101) }, 'Subject'],
  [{ TopicArn: 'randomstring' }, 'TopicArn Reason: An ARN must have at least 6 elements, not 1'],
  [{ TopicArn: 'randomstring:1' }, 'TopicArn Reason: An ARN must have at least 6 elements, not 2'],
  [{ TopicArn: '' }, 'TopicArn Reason: An ARN must have at least 6 elements, not 1'],
  [{ TopicArn: undefined }, 'TopicArn or TargetArn Reason: no value for required parameter'],
  [
    { TopicArn: undefined, TargetArn: endpoint },
    'TargetArn Reason: No endpoint found for the target arn specified',
  ],
  [
    { TopicArn: undefined, PhoneNumber: '+15551234567' },
    'PhoneNumber Reason: the local cloud sends no text messages',
  ],
  [{ Message: 'This is a test message'.repeat(12_000) }, 'Message too long'],
  [
    { MessageStructure: 'json', Message: '{"sqs":"x"}' },
    'Message Structure - No default entry in JSON message body',
  ],
  [
    { MessageStructure: 'json', Message: '{"default":{"object":"test"}}' },
    'Message Structure - No default entry in JSON message body',
  ],
  [{ MessageStructure: 'json', Message: 'no JSON' }, 'Message Structure - JSON message body failed to parse'],
  [
    { MessageDeduplicationId: 'x' },
    'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
  ],
  [{ TopicArn: fifo }, 'The MessageGroupId parameter is required for FIFO topics'],
  [
    { TopicArn: fifo, MessageGroupId: 'g' },
    'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  ],
])('publishing %j is refused: %s', async (more, problem) => {
  expect(await refusal(publish(more))).toEqual(invalid(problem))
})

test('a topic that is not there is 404 NotFound', async () => {
  const none = ['NotFound', 'Topic does not exist', 404]
  expect(await refusal(publish({ TopicArn: `${TopicArn}s` }))).toEqual(none)
  expect(await refusal(publishBatch([{ Id: '1', Message: 'x' }], `${TopicArn}s`))).toEqual(none)
})

test('attributes count: 262144 bytes pass, one more does not', async () => {
  const MessageAttributes = { attr1: { DataType: 'Number', StringValue: '1' } }
  const room = 262_144 - 'attr1Number1'.length
  await publish({ MessageAttributes, Message: 'a'.repeat(room) })
  expect(await refusal(publish({ MessageAttributes, Message: 'a'.repeat(room + 1) }))).toEqual(
    invalid('Message too long'),
  )
})

const bytes = new Uint8Array([1, 2, 3])
test.each<[string, MessageAttributeValue, string, string?]>([
  ['attr1', { DataType: 'String', StringValue: '' }, nonEmpty('String')],
  ['attr1', { DataType: 'String' }, nonEmpty('String')],
  ['attr1', { DataType: 'Binary', BinaryValue: new Uint8Array() }, nonEmpty('Binary')],
  [
    'attr1',
    { DataType: 'String', BinaryValue: bytes },
    "The message attribute 'attr1' with type 'String' must use field 'String'.",
  ],
  [
    'attr1',
    { DataType: 'Number', BinaryValue: bytes },
    "The message attribute 'attr1' with type 'Number' must use field 'String'.",
  ],
  [
    'attr1',
    { DataType: 'Binary', StringValue: '123' },
    "The message attribute 'attr1' with type 'Binary' must use field 'Binary'.",
  ],
  ['attr1', { DataType: 'InvalidType', StringValue: '1' }, unknownType()],
  ['attr1', { DataType: 'String.', StringValue: '1' }, unknownType()],
  ['attr1', { DataType: 'Stringprefixed', StringValue: '1' }, unknownType()],
  [
    'a'.repeat(257),
    { DataType: 'String', StringValue: '1' },
    'Length of message attribute name must be less than 256 bytes.',
  ],
  [
    'a^*?',
    { DataType: 'String', StringValue: '1' },
    "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
  ],
  [
    '.abc',
    { DataType: 'String', StringValue: '1' },
    "Invalid message attribute name starting with character '.' was found.",
  ],
  [
    'abc.',
    { DataType: 'String', StringValue: '1' },
    "Invalid message attribute name ending with character '.' was found.",
  ],
  [
    'a..bc',
    { DataType: 'String', StringValue: '1' },
    "Message attribute name can not have successive '.' character.",
  ],
])('attribute %s %j is refused', async (name, attribute, problem) => {
  const MessageAttributes = { [name]: attribute }
  const refused = ['ParameterValueInvalid', problem, 400]
  expect(await refusal(publish({ MessageAttributes }))).toEqual(refused)
  expect(await refusal(publishBatch([{ Id: '1', Message: 'x', MessageAttributes }]))).toEqual(refused)
})

function nonEmpty(type: string) {
  return `The message attribute 'attr1' must contain non-empty message attribute value for message attribute type '${type}'.`
}

function unknownType() {
  return "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
}

test('an attribute without a type is told by its place', async () => {
  const MessageAttributes = { attr1: { StringValue: 'value' } }
  const problem = (path: string) => [
    'ValidationError',
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
    400,
  ]
  expect(await refusal(publish({ MessageAttributes }))).toEqual(
    problem('messageAttributes.attr1.member.dataType'),
  )
  const entry = { Id: '1', Message: 'x' }
  expect(await refusal(publishBatch([entry, { ...entry, Id: '2', MessageAttributes }]))).toEqual(
    problem('publishBatchRequestEntries.2.member.messageAttributes.attr1.member.dataType'),
  )
})

test('a batch is taken message by message', async () => {
  const queue = await subscribed('Inbox')
  const MessageAttributes = { n: { DataType: 'Number', StringValue: '2' } }
  const { Successful, Failed } = await publishBatch([
    { Id: 'a', Message: 'one' },
    { Id: 'b', Message: 'two', MessageAttributes },
  ])
  expect(Failed ?? []).toEqual([])
  expect(Successful?.map(one => one.Id)).toEqual(['a', 'b'])
  await queue.holds(2)
  expect(queue.sent.map(one => one.body)).toEqual(['one', 'two'])
  expect(queue.sent[1]?.attributes).toEqual(MessageAttributes)
})

const entries = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Id: `${index}`, Message: 'x' }))
test.each<[string, readonly object[], string, string]>([
  ['nothing', [], 'EmptyBatchRequest', "The batch request doesn't contain any entries."],
  [
    'eleven messages',
    entries(11),
    'TooManyEntriesInBatchRequest',
    'The batch request contains more entries than permissible.',
  ],
  [
    'an id twice',
    [...entries(1), ...entries(1)],
    'BatchEntryIdsNotDistinct',
    'Two or more batch entries in the request have the same Id.',
  ],
  [
    'an id with a dot',
    [{ Id: 'message.id', Message: 'x' }],
    'InvalidBatchEntryId',
    'The Id of a batch entry in the batch request contains an impermissible character: message.id',
  ],
  [
    'a long id',
    [{ Id: 'a'.repeat(81), Message: 'x' }],
    'InvalidBatchEntryId',
    `The Id of a batch entry in the batch request is too long: ${'a'.repeat(81)}`,
  ],
  [
    'too much',
    [
      { Id: '1', Message: 'a'.repeat(131_072) },
      { Id: '2', Message: 'b'.repeat(131_073) },
    ],
    'BatchRequestTooLong',
    'The length of all the messages put together is more than the limit.',
  ],
])('a batch with %s is refused', async (_, batch, code, message) => {
  expect(await refusal(publishBatch(batch))).toEqual([code, message, 400])
})

test('a batch is counted before its topic is looked for, and a wrong message is told before their length', async () => {
  const eleven = Array.from({ length: 11 }, (_, i) => ({ Id: `id_${i}`, Message: 'x' }))
  expect((await refusal(publishBatch(eleven, `${TopicArn}s`)))[0]).toBe('TooManyEntriesInBatchRequest')
  const twins = [
    { Id: 'a', Message: 'x' },
    { Id: 'a', Message: '' },
  ]
  expect((await refusal(publishBatch(twins, `${TopicArn}s`)))[0]).toBe('NotFound')
  expect((await refusal(publishBatch(twins)))[0]).toBe('BatchEntryIdsNotDistinct')
  const long = 'x'.repeat(200_000)
  const wrong = [
    { Id: 'a', Message: long },
    { Id: 'b', Message: long, MessageDeduplicationId: 'x' },
  ]
  expect((await refusal(publishBatch(wrong)))[0]).toBe('InvalidParameter')
  const tooLong = [{ Id: 'a', Message: long.repeat(2) }]
  expect((await refusal(publishBatch(tooLong)))[0]).toBe('BatchRequestTooLong')
})

test('one wrong message spoils the batch', async () => {
  const queue = await subscribed('Inbox')
  const call = publishBatch([
    { Id: '1', Message: 'fine' },
    { Id: '2', Message: '{}', MessageStructure: 'json' },
  ])
  expect(await refusal(call)).toEqual(invalid('Message Structure - No default entry in JSON message body'))
  await publish()
  await queue.holds(1)
  expect(queue.sent.map(one => one.body)).toEqual(['hello'])
})

test('a FIFO topic numbers its messages, and tells the same one only once in five minutes', async () => {
  const queue = await subscribed('Inbox.fifo', fifo)
  const say = (Message: string, MessageDeduplicationId: string, MessageGroupId = 'g') =>
    publish({ TopicArn: fifo, Message, MessageDeduplicationId, MessageGroupId })
  const first = await say('one', 'd1')
  expect(first.SequenceNumber).toBe('10000000000000000000')
  expect(await say('again', 'd1', 'other')).toMatchObject({ MessageId: first.MessageId })
  expect((await say('two', 'd2')).SequenceNumber).toBe('10000000000000001000')
  trial.clock.advance(5 * 60_000)
  await say('three', 'd1')
  await queue.holds(3)
  expect(queue.sent.map(({ body, groupId, deduplicationId }) => [body, groupId, deduplicationId])).toEqual([
    ['one', 'g', 'd1'],
    ['two', 'g', 'd2'],
    ['three', 'g', 'd1'],
  ])
})

test('with FifoThroughputScope MessageGroup the same id in another group is another message', async () => {
  const Attributes = { FifoTopic: 'true', FifoThroughputScope: 'MessageGroup' }
  const { TopicArn: arn } = await trial.client.send(new CreateTopicCommand({ Name: 'G.fifo', Attributes }))
  const queue = await subscribed('Inbox.fifo', arn)
  for (const MessageGroupId of ['a', 'b', 'a']) {
    await publish({ TopicArn: arn, Message: MessageGroupId, MessageDeduplicationId: 'd', MessageGroupId })
  }
  await queue.holds(2)
  expect(queue.sent.map(one => one.body)).toEqual(['a', 'b'])
})

test('content makes the deduplication id: the SHA-256 of the message', async () => {
  const Attributes = { FifoTopic: 'true', ContentBasedDeduplication: 'true' }
  const { TopicArn: arn } = await trial.client.send(new CreateTopicCommand({ Name: 'C.fifo', Attributes }))
  const queue = await subscribed('Inbox.fifo', arn)
  await publish({ TopicArn: arn, Message: 'Test', MessageGroupId: 'g' })
  await queue.holds(1)
  expect(queue.sent[0]?.deduplicationId).toBe(
    '532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25',
  )
})
