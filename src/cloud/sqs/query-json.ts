import type { Input } from './access.ts'

/** Members that AWS's JSON has even when there is nothing to say: then they are null. */
const always: Readonly<Record<string, readonly string[]>> = {
  SendMessage: ['MD5OfMessageAttributes', 'MD5OfMessageSystemAttributes', 'SequenceNumber'],
  ReceiveMessage: ['messages'],
  ListQueues: ['queueUrls', 'NextToken'],
  ListDeadLetterSourceQueues: ['queueUrls', 'NextToken'],
  GetQueueAttributes: ['Attributes'],
  ListQueueTags: ['Tags'],
  SendMessageBatch: ['Successful', 'Failed'],
  DeleteMessageBatch: ['Successful', 'Failed'],
  ChangeMessageVisibilityBatch: ['Successful', 'Failed'],
}
const alwaysInMessage = ['Attributes', 'MD5OfMessageAttributes', 'MessageAttributes']

/** These lists begin in lower case here. */
const renamed: Readonly<Record<string, string>> = { Messages: 'messages', QueueUrls: 'queueUrls' }

/** Maps are lists of these pairs here: those of messages are assumed to be like the captured ones of queues. */
const keys: Readonly<Record<string, string>> = { Attributes: 'Name', MessageAttributes: 'Name', Tags: 'Key' }

/**
 * An output as AWS writes it in the JSON that the Query protocol speaks too (captures of SendMessage, ReceiveMessage and
 * GetQueueAttributes behind API Gateway; the others are assumed to be alike): what is not there is undefined.
 */
export function forJson(output: Input | undefined, operation: string): Input | undefined {
  if (output === undefined) return undefined
  const members = Object.entries(output).map(([name, value]) => [
    renamed[name] ?? name,
    memberOf(name, value, operation),
  ])
  return { ...absent(always[operation] ?? []), ...Object.fromEntries(members) }
}

function memberOf(name: string, value: any, operation: string): unknown {
  const key = keys[name]
  if (key !== undefined) return Object.entries(value).map(([name, Value]) => ({ [key]: name, Value }))
  if (name === 'Messages')
    return value.map((one: Input) => ({ ...absent(alwaysInMessage), ...forJson(one, '') }))
  // An entry of SendMessageBatch has what SendMessage answers.
  if (name === 'Successful') return value.map((one: Input) => forJson(one, operation.replace(/Batch$/, '')))
  return value
}

const absent = (names: readonly string[]) => Object.fromEntries(names.map(name => [name, undefined]))
