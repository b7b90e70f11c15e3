import { encodeJson, namespace, wantsJson } from '../door/protocols/query.ts'
import { AwsError } from '../error.ts'
import type { Call, Operation, Service, WireAnswer } from '../service.ts'
import type { Input } from './access.ts'
import { refusal } from './errors.ts'
import { forJson } from './query-json.ts'
import { xml } from './xml.ts'

/** SQS's version of the Query protocol. */
export const QUERY_VERSION = '2012-11-05'

const NAMESPACE = namespace({ signingName: 'sqs', version: QUERY_VERSION })

/**
 * The same operation in the Query protocol, in which lists and maps are flattened: `Attribute.1.Name=…`. The queue may
 * be named by the path of the request instead of `QueueUrl`, as API Gateway does it (facts: C17).
 */
export const asQuery = (operation: Operation<Input>): Operation<Input> => ({
  name: operation.name,
  access: (input, call) => operation.access(read(input, operation.name, call), call),
  async run(input, call) {
    try {
      return written(await operation.run(read(input, operation.name, call), call), operation.name, call)
    } catch (error) {
      throw error instanceof AwsError ? inQuery(error) : error
    }
  },
})

/** A refusal as the Query protocol has it: without the JSON protocol's header, and in XML with AWS's empty Detail. */
export function inQuery({ code, message, status }: AwsError): AwsError {
  const text =
    code === 'AWS.SimpleQueueService.NonExistentQueue'
      ? 'The specified queue does not exist for this wsdl version.'
      : message
  return new AwsError(code, text, status, { Detail: '' })
}

/** How the Query protocol names the items of a list or map, and what they are called in JSON. */
const lists = new Map([
  ['AttributeName', 'AttributeNames'],
  ['MessageAttributeName', 'MessageAttributeNames'],
  ['MessageSystemAttributeName', 'MessageSystemAttributeNames'],
  ['AWSAccountId', 'AWSAccountIds'],
  ['ActionName', 'Actions'],
  ['TagKey', 'TagKeys'],
])
const maps = new Map([
  ['Attribute', { member: 'Attributes', key: 'Name' }],
  ['MessageAttribute', { member: 'MessageAttributes', key: 'Name' }],
  ['MessageSystemAttribute', { member: 'MessageSystemAttributes', key: 'Name' }],
  ['Tag', { member: 'Tags', key: 'Key' }],
])
const numbers = [
  'DelaySeconds',
  'MaxNumberOfMessages',
  'MaxNumberOfMessagesPerSecond',
  'MaxResults',
  'VisibilityTimeout',
  'WaitTimeSeconds',
]

function read(input: Input, operation: string, { wire }: Call): Input {
  const path = wire.target.replace(/\?.*$/s, '')
  const isAtQueue = path !== '/' && path !== ''
  if (isAtQueue && (operation === 'CreateQueue' || operation === 'ListQueues')) {
    throw refusal('InvalidAction', `The action ${operation} is not valid for this endpoint.`)
  }
  return { ...(isAtQueue ? { QueueUrl: path } : {}), ...members(input, operation) }
}

function members(input: Input, operation: string): Input {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      const list = lists.get(name)
      if (list) return [list, listOf(value)]
      const map = maps.get(name)
      if (map) {
        return [map.member, Object.fromEntries(listOf(value).map(one => [one[map.key], one.Value]))]
      }
      if (name === `${operation}RequestEntry`) {
        return ['Entries', listOf(value).map(entry => members(entry, operation))]
      }
      // What is no number stays a text, and is refused for it.
      return [name, numbers.includes(name) && /^-?\d+$/.test(value) ? Number(value) : value]
    }),
  )
}

const listOf = (value: any): any[] => (Array.isArray(value) ? value : value === '' ? [] : [value])

function written(output: any, operation: string, { requestId, wire }: Call): WireAnswer {
  if (wantsJson(wire)) return encodeJson(forJson(output, operation), operation, requestId)
  const result = output === undefined ? {} : { [`${operation}Result`]: flattened(output, operation) }
  const answer = { ...result, ResponseMetadata: { RequestId: requestId } }
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0"?><${operation}Response xmlns="${NAMESPACE}">${xml(answer)}</${operation}Response>`,
  }
}

/** An output with the names that the items have in XML; xml.ts writes a list as its items, one after another. */
function flattened(output: Input, operation: string): Input {
  const items = new Map([
    ['QueueUrls', 'QueueUrl'],
    ['queueUrls', 'QueueUrl'],
    ['Messages', 'Message'],
    ['Results', 'ListMessageMoveTasksResultEntry'],
    ['Successful', `${operation}ResultEntry`],
    ['Failed', 'BatchResultErrorEntry'],
  ])
  return Object.fromEntries(
    Object.entries(output).map(([name, value]) => {
      const item = items.get(name)
      if (item) {
        return [item, value.map((one: any) => (typeof one === 'object' ? flattened(one, operation) : one))]
      }
      for (const [entry, { member, key }] of maps) {
        if (member === name) {
          return [entry, Object.entries(value).map(([name, Value]) => ({ [key]: name, Value }))]
        }
      }
      return [name, value]
    }),
  )
}

/** A service in the Query protocol that says no as its JSON sister does, in its own form. */
export const queryService = (json: Service): Service => ({
  signingName: json.signingName,
  protocol: 'query',
  version: QUERY_VERSION,
  operations: json.operations.map(asQuery),
  denied: (access, decision, call) => inQuery(json.denied(access, decision, call)),
})
