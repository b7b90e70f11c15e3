import type { KeptItem } from '../cloud/kept.ts'

type AttributeValue = Readonly<Record<string, unknown>>

const TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS']

/** A value that DynamoDB has no type for, and where it is: `.tags[2]`. */
export class NoAttributeValue extends Error {
  readonly at: string

  constructor(at: string, what: string) {
    super(what)
    this.at = at
  }
}

/**
 * A row in DynamoDB JSON: as it is, if all its attributes say their type (`{ "id": { "S": "a" } }`), or made of plain values. A row of
 * plain values never looks like the other, for its key is a text or a number.
 *
 * @throws NoAttributeValue
 */
export function itemFrom(row: Readonly<Record<string, unknown>>): KeptItem {
  const values = Object.values(row)
  if (values.length > 0 && values.every(saysItsType)) return row as KeptItem
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, valueFrom(value, `.${name}`)]))
}

const saysItsType = (value: unknown): boolean =>
  isPlainObject(value) && Object.keys(value).length === 1 && TYPES.includes(Object.keys(value)[0] ?? '')

function valueFrom(value: unknown, at: string): AttributeValue {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value === null) return { NULL: true }
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) {
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw new NoAttributeValue(
        at,
        `${value} has more digits than a number keeps here. Write { "N": "…" }, in all attributes.`,
      )
    }
    return { N: String(value) }
  }
  if (ArrayBuffer.isView(value)) {
    return { B: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }
  }
  if (isOf('Set', value)) return setFrom(value as ReadonlySet<unknown>, at)
  if (Array.isArray(value)) return { L: value.map((one, index) => valueFrom(one, `${at}[${index}]`)) }
  if (isPlainObject(value)) {
    return {
      M: Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, valueFrom(one, `${at}.${name}`)]),
      ),
    }
  }
  throw new NoAttributeValue(at, `DynamoDB has no type for ${String(value)}`)
}

function setFrom(value: ReadonlySet<unknown>, at: string): AttributeValue {
  const all = [...value]
  if (all.length > 0 && all.every(one => typeof one === 'string')) return { SS: all }
  if (all.length > 0 && all.every(one => typeof one === 'number')) return { NS: all.map(String) }
  throw new NoAttributeValue(at, 'a set holds texts only, or numbers only, and at least one')
}

const isPlainObject = (value: unknown): value is Record<string, unknown> => isOf('Object', value)

/** By its name and not by its prototype: Jest runs tests where `Object` and `Set` are others. */
const isOf = (name: string, value: unknown): boolean =>
  Object.prototype.toString.call(value) === `[object ${name}]`
