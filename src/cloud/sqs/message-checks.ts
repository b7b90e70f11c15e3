import { invalidParameter, missingParameter, refusal } from './errors.ts'
import type { MessageAttribute, NewMessage } from './queues.ts'

type Attributes = Readonly<Record<string, MessageAttribute>>

/** What SQS asks of every message before it looks at the queue's kind. `mostBytes` is the queue's limit. Throws `AwsError`. */
export function checkMessage({ body, attributes = {} }: NewMessage, mostBytes: number): void {
  if (typeof body !== 'string' || body === '') throw missingParameter('MessageBody')
  if (FORBIDDEN.test(body)) throw refusal('InvalidMessageContents', forbiddenText)
  checkAttributes(attributes)
  if (bytesOf(body, attributes) > mostBytes) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${mostBytes} bytes.`,
    )
  }
}

/** What counts towards the limits: the body, and of each attribute its name, type and value. */
export function bytesOf(body: unknown, attributes: Attributes = {}): number {
  const ofAttributes = Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum +
      Buffer.byteLength(name + DataType + StringValue) +
      Buffer.byteLength(String(BinaryValue), 'base64'),
    0,
  )
  return Buffer.byteLength(String(body ?? '')) + ofAttributes
}

/** A group or deduplication id: 1 to 128 letters, digits and punctuation marks. Throws InvalidParameterValue. */
export function checkId(name: 'MessageGroupId' | 'MessageDeduplicationId', value: string | undefined): void {
  if (value === undefined || /^[!-~]{1,128}$/.test(value)) return
  throw invalidParameter(
    `Value ${value} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  )
}

/** SQS's quota on a message's attributes. */
const MAX_ATTRIBUTES = 10
const MAX_NAME = 256

function checkAttributes(attributes: Attributes): void {
  const count = Object.keys(attributes).length
  if (count > MAX_ATTRIBUTES) {
    throw invalidParameter(
      `Number of message attributes [${count}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    )
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    checkName(name)
    checkValue(name, attribute)
  }
}

function checkName(name: string): void {
  if (name === '') {
    throw invalidParameter('The request must contain non-empty message (user) attribute names.')
  }
  if (name.length > MAX_NAME) {
    throw invalidParameter(`Message (user) attribute name must be shorter than ${MAX_NAME} bytes.`)
  }
  if (/^(aws|amazon)\./i.test(name)) {
    throw invalidParameter(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.",
    )
  }
  const no = (rule: string) => invalidParameter(`Message (user) attribute name must not ${rule}`)
  if (name.startsWith('.')) throw no("begin with character '.'.")
  if (name.endsWith('.')) throw no("end with character '.'.")
  if (name.includes('..')) throw no("have successive '.' characters.")
  // Letters with accents are let through as well: measured, and against the documentation.
  if (!/^[\w.\-À-ſ]+$/.test(name)) {
    throw invalidParameter(
      'Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ',
    )
  }
}

function checkValue(name: string, { DataType, StringValue, BinaryValue, ...more }: MessageAttribute): void {
  const the = `message (user) attribute '${name}'`
  const Message = `Message (user) attribute '${name}'`
  if ('StringListValues' in more || 'BinaryListValues' in more) {
    throw refusal(
      'UnsupportedOperation',
      'Message attribute list values in SendMessage operation are not supported.',
      'AWS.SimpleQueueService.UnsupportedOperation',
    )
  }
  if (!DataType) throw invalidParameter(`The ${the} must contain a non-empty message attribute type.`)
  const type = /^(String|Number|Binary)(\..*)?$/s.exec(DataType)?.[1]
  if (!type) {
    throw invalidParameter(
      `The type of ${the} is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    )
  }
  if (DataType.length > MAX_NAME) {
    throw invalidParameter('Message (user) attribute type must be shorter than 256 bytes.')
  }
  if (StringValue !== undefined && BinaryValue !== undefined) {
    throw invalidParameter(`${Message} must have a single value.`)
  }
  if (!StringValue && !BinaryValue) {
    throw invalidParameter(`${Message} must contain a non-empty value of type '${DataType}'.`)
  }
  if (type === 'Binary' ? !BinaryValue : !StringValue) {
    const field = type === 'Binary' ? 'Binary' : 'String'
    throw invalidParameter(`${Message} with type '${DataType}' must use field '${field}'.`)
  }
  if (StringValue && FORBIDDEN.test(StringValue)) throw invalidParameter(forbiddenText)
  if (type === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(StringValue ?? '')) {
    throw invalidParameter(`Can't cast the value of ${the} to a number.`)
  }
}

/** What XML cannot hold. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u
const forbiddenText =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF'
