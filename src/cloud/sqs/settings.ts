import { AwsError } from '../error.ts'
import { validatePolicy } from '../iam/validate.ts'
import { invalidParameter, refusal } from './errors.ts'
import { type Grave, type Redriven, readRedriveAllowPolicy, readRedrivePolicy } from './redrive.ts'

/** A queue's attributes that can be set, by name, as SQS shows them: texts. What is not set is not there. */
export type Settings = Readonly<Record<string, string>>

/** The most that a message, or a batch of them, may weigh: 1 MiB since August 2025. */
export const MAX_MESSAGE_BYTES = 1_048_576

/** What a new queue is like. */
export const defaultSettings = (isFifo: boolean): Settings => ({
  VisibilityTimeout: '30',
  MaximumMessageSize: String(MAX_MESSAGE_BYTES),
  MessageRetentionPeriod: '345600',
  DelaySeconds: '0',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  ...(isFifo
    ? {
        FifoQueue: 'true',
        DeduplicationScope: 'queue',
        FifoThroughputLimit: 'perQueue',
        ContentBasedDeduplication: 'false',
      }
    : {}),
})

/** Attributes that SQS shows and nobody can set. */
export const shownOnly = [
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
]

/**
 * `current` with what was asked for, checked as SQS checks it. An empty Policy, RedrivePolicy, RedriveAllowPolicy or
 * KmsMasterKeyId takes it away. Throws InvalidAttributeName, InvalidAttributeValue or InvalidParameterValue.
 */
export function changeSettings(
  current: Settings,
  asked: Readonly<Record<string, unknown>>,
  queue: Redriven,
  find: (arn: string) => Grave | undefined,
): Settings {
  const changed: Record<string, string> = { ...current }
  for (const [name, value] of Object.entries(asked)) {
    if (!queue.isFifo && Object.hasOwn(forFifo, name)) throw unknownAttribute(name, forFifo[name])
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (!read) throw unknownAttribute(name)
    const text = String(value)
    changed[name] = text === '' && canBeEmpty.has(name) ? '' : read(text, queue, find)
    if (changed[name] === '') delete changed[name]
  }
  chooseEncryption(changed, asked)
  if (changed.FifoThroughputLimit === 'perMessageGroupId' && changed.DeduplicationScope !== 'messageGroup') {
    throw invalidParameter(
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup',
    )
  }
  return changed
}

/** Whether there is such an attribute at all, for those who ask for it. Throws InvalidAttributeName. */
export function checkAttributeName(name: string): void {
  if (name !== 'All' && !Object.hasOwn(readers, name) && !shownOnly.includes(name))
    throw unknownAttribute(name)
}

type Reader = (text: string, queue: Redriven, find: (arn: string) => Grave | undefined) => string

const within =
  (name: string, least: number, most: number): Reader =>
  text => {
    if (!/^\d{1,9}$/.test(text) || Number(text) < least || Number(text) > most) throw invalidValue(name)
    return String(Number(text))
  }

const oneOf =
  (name: string, ...values: string[]): Reader =>
  text => {
    if (!values.includes(text)) throw invalidValue(name)
    return text
  }

/** AWS takes `True` as well. */
const yesOrNo =
  (name: string): Reader =>
  text =>
    oneOf(name, 'true', 'false')(text.toLowerCase(), { arn: '', isFifo: false }, () => undefined)

/** SQS's quotas on each attribute. Seconds and bytes. */
const readers: Readonly<Record<string, Reader>> = {
  DelaySeconds: within('DelaySeconds', 0, 900),
  MaximumMessageSize: within('MaximumMessageSize', 1024, MAX_MESSAGE_BYTES),
  MessageRetentionPeriod: within('MessageRetentionPeriod', 60, 1_209_600),
  ReceiveMessageWaitTimeSeconds: within('ReceiveMessageWaitTimeSeconds', 0, 20),
  VisibilityTimeout: within('VisibilityTimeout', 0, 43_200),
  KmsDataKeyReusePeriodSeconds: within('KmsDataKeyReusePeriodSeconds', 60, 86_400),
  KmsMasterKeyId: text => text,
  SqsManagedSseEnabled: yesOrNo('SqsManagedSseEnabled'),
  ContentBasedDeduplication: yesOrNo('ContentBasedDeduplication'),
  DeduplicationScope: oneOf('DeduplicationScope', 'queue', 'messageGroup'),
  FifoThroughputLimit: oneOf('FifoThroughputLimit', 'perQueue', 'perMessageGroupId'),
  FifoQueue(text) {
    if (text.toLowerCase() === 'true') return 'true'
    throw refusal(
      'InvalidAttributeValue',
      'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    )
  },
  Policy: readPolicy,
  RedrivePolicy: readRedrivePolicy,
  RedriveAllowPolicy: readRedriveAllowPolicy,
}

/** What standard queues do not take, and what they say to it beyond the ordinary. */
const forFifo: Readonly<Record<string, string | undefined>> = {
  FifoQueue: undefined,
  ContentBasedDeduplication: undefined,
  DeduplicationScope: 'You can specify the DeduplicationScope only when FifoQueue is set to true.',
  FifoThroughputLimit: 'You can specify the FifoThroughputLimit only when FifoQueue is set to true.',
}

const canBeEmpty = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId'])

function readPolicy(text: string): string {
  try {
    validatePolicy(text, 'resource')
    return text
  } catch (error) {
    // IAM's reasons are its own: SQS says the same to all of them.
    if (error instanceof AwsError && error.code === 'MalformedPolicyDocument') throw invalidValue('Policy')
    throw error
  }
}

/** A key of KMS or one of SQS's own, not both: to choose one gives up the other. */
function chooseEncryption(changed: Record<string, string>, asked: Readonly<Record<string, unknown>>): void {
  const byKms = Boolean(asked.KmsMasterKeyId)
  const bySqs = String(asked.SqsManagedSseEnabled).toLowerCase() === 'true'
  if (byKms && bySqs) {
    throw refusal(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    )
  }
  if (byKms) changed.SqsManagedSseEnabled = 'false'
  if (bySqs) delete changed.KmsMasterKeyId
  // 300 is what it is anyhow, and AWS does not show it; without a key there is nothing to reuse.
  if (!changed.KmsMasterKeyId || changed.KmsDataKeyReusePeriodSeconds === '300') {
    delete changed.KmsDataKeyReusePeriodSeconds
  }
}

const invalidValue = (name: string) =>
  refusal('InvalidAttributeValue', `Invalid value for the parameter ${name}.`)

const unknownAttribute = (name: string, message = `Unknown Attribute ${name}.`) =>
  refusal('InvalidAttributeName', message)
