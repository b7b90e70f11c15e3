import { AwsError } from '../error.ts'
import { invalidAttribute } from './errors.ts'
import type { MessageAttribute } from './message.ts'

/** An attribute as the caller sent it. */
interface GivenAttribute {
  readonly DataType?: string
  readonly StringValue?: string
  readonly BinaryValue?: string
}

/** SNS's limit on an attribute's name, in bytes. */
const MAX_NAME = 256

/** MessageAttributes as the Query protocol's decoder reads them: an empty map is ''. */
export type GivenAttributes = Readonly<Record<string, GivenAttribute | undefined>> | ''

/**
 * What a request has as MessageAttributes, checked. Throws `ParameterValueInvalid`, `ValidationError`. `path` is what
 * stands before an attribute's name in a complaint.
 */
export function checkAttributes(
  given: GivenAttributes | undefined,
  path = '',
): ReadonlyMap<string, MessageAttribute> {
  return new Map(
    Object.entries(given || {}).map(([name, attribute = {}]) => [name, check(name, attribute, path)]),
  )
}

function check(name: string, { DataType, StringValue, BinaryValue }: GivenAttribute, path: string) {
  if (DataType === undefined) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value null at '${path}messageAttributes.${name}.member.dataType' failed to satisfy constraint: Member must not be null`,
    )
  }
  checkName(name)
  const [, kind] = /^(String|Number|Binary)(?:\..+)?$/.exec(DataType) ?? []
  const about = `The message attribute '${name}'`
  if (!kind) {
    throw invalidAttribute(
      `${about} has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    )
  }
  const field = kind === 'Binary' ? 'Binary' : 'String'
  const [value, other] = field === 'Binary' ? [BinaryValue, StringValue] : [StringValue, BinaryValue]
  if (value === undefined && other) {
    throw invalidAttribute(`${about} with type '${DataType}' must use field '${field}'.`)
  }
  if (!value) {
    throw invalidAttribute(
      `${about} must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    )
  }
  return { type: DataType, value }
}

function checkName(name: string): void {
  if (Buffer.byteLength(name) >= MAX_NAME) {
    throw invalidAttribute('Length of message attribute name must be less than 256 bytes.')
  }
  const [bad] = /[^\w.-]/u.exec(name) ?? []
  if (bad) {
    const code = bad.codePointAt(0)!.toString(16).toUpperCase()
    throw invalidAttribute(
      `Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    )
  }
  if (name.startsWith('.')) {
    throw invalidAttribute("Invalid message attribute name starting with character '.' was found.")
  }
  if (name.endsWith('.')) {
    throw invalidAttribute("Invalid message attribute name ending with character '.' was found.")
  }
  if (name.includes('..')) {
    throw invalidAttribute("Message attribute name can not have successive '.' character.")
  }
}

/** Bytes that attributes take of a message's size: names, types and values. */
export function sizeOf(attributes: ReadonlyMap<string, MessageAttribute>): number {
  let size = 0
  for (const [name, { type, value }] of attributes) {
    const bytes = type.startsWith('Binary')
      ? Buffer.from(value, 'base64').byteLength
      : Buffer.byteLength(value)
    size += Buffer.byteLength(name) + Buffer.byteLength(type) + bytes
  }
  return size
}
