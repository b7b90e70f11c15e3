import { lacking } from '../lack.ts'
import { invalidParameter, missing } from './errors.ts'
import type { Protocol, Topic } from './topic.ts'

/** Hosts of AWS's: nothing of this cloud reaches the real one. */
const OF_AWS = /(^|\.)(amazonaws\.com(\.cn)?|on\.aws)$/

/** Protocols of SNS's that nothing is delivered by here. */
const NOT_HERE = ['email', 'email-json', 'sms', 'application', 'firehose']

/**
 * A protocol and an endpoint that fit each other and the topic. Throws `InvalidParameter`: in AWS's words, or for what
 * only this cloud cannot do, by name. Whether there is such a queue or function AWS does not ask.
 */
export function checkEndpoint(
  protocol: string,
  endpoint: string | undefined,
  topic: Pick<Topic, 'isFifo' | 'arn'>,
): { readonly protocol: Protocol; readonly endpoint: string } {
  if (protocol === undefined) throw missing('Protocol')
  if (NOT_HERE.includes(protocol)) {
    throw lacking(invalidParameter(`Protocol Reason: the local cloud does not deliver by ${protocol}`))
  }
  if (!isProtocol(protocol)) {
    throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`)
  }
  if (!endpoint) throw missing('Endpoint')
  if (protocol === 'sqs') checkQueue(endpoint, topic.isFifo)
  else if (topic.isFifo)
    throw invalidParameter('Invalid parameter: Endpoint Reason: Please use FIFO SQS queue')
  else if (protocol === 'lambda') checkFunction(endpoint)
  else checkUrl(protocol, endpoint)
  return { protocol, endpoint }
}

/** What a template's survey says of a protocol that nothing is delivered by here. */
export const refuseProtocol = (protocol: unknown): readonly string[] =>
  NOT_HERE.some(one => one === protocol)
    ? [`Protocol ${protocol}: the local cloud does not deliver by it`]
    : []

const isProtocol = (protocol: string): protocol is Protocol =>
  ['sqs', 'lambda', 'http', 'https'].includes(protocol)

function checkQueue(endpoint: string, ofFifoTopic: boolean): void {
  if (!/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/.test(endpoint)) {
    throw invalidParameter('SQS endpoint ARN')
  }
  if (endpoint.endsWith('.fifo') && !ofFifoTopic) {
    throw invalidParameter(
      'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    )
  }
}

function checkFunction(endpoint: string): void {
  if (!/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(endpoint)) {
    throw invalidParameter('Lambda endpoint ARN')
  }
}

function checkUrl(protocol: 'http' | 'https', endpoint: string): void {
  if (!endpoint.startsWith(`${protocol}://`) || !URL.canParse(endpoint)) {
    throw invalidParameter('Endpoint must match the specified protocol')
  }
  const { hostname } = new URL(endpoint)
  if (OF_AWS.test(hostname)) {
    throw lacking(
      invalidParameter(`Endpoint Reason: the local cloud sends nothing to AWS itself (${hostname})`),
    )
  }
}
