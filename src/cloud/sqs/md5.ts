import { createHash } from 'node:crypto'
import type { MessageAttribute, NewMessage } from './queues.ts'

/** What SQS tells of a message so that sender and receiver know that it arrived whole. The SDKs verify it. */
export function checksums({ body, attributes }: Pick<NewMessage, 'body' | 'attributes'>) {
  const ofAttributes = md5OfAttributes(attributes)
  return {
    md5OfBody: createHash('md5').update(body).digest('hex'),
    ...(ofAttributes ? { md5OfAttributes: ofAttributes } : {}),
  }
}

/**
 * Of a message's attributes, as the SQS guide has it under "Calculating the MD5 message digest for message attributes":
 * sorted by name; of each its name, its type and its value, each behind its length in four bytes, and before the value a
 * byte that says which kind it is. Undefined when there are none.
 */
export function md5OfAttributes(
  attributes: Readonly<Record<string, MessageAttribute>> = {},
): string | undefined {
  const names = Object.keys(attributes).sort()
  if (names.length === 0) return undefined
  const hash = createHash('md5')
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!
    hash.update(measured(Buffer.from(name))).update(measured(Buffer.from(DataType)))
    if (DataType.startsWith('Binary')) {
      hash.update(BINARY).update(measured(Buffer.from(BinaryValue ?? '', 'base64')))
    } else {
      hash.update(TEXT).update(measured(Buffer.from(StringValue ?? '')))
    }
  }
  return hash.digest('hex')
}

const TEXT = Buffer.from([1])
const BINARY = Buffer.from([2])

function measured(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
