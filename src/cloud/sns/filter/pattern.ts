import { BlockList, isIP } from 'node:net'
import { matches, type Pattern as Wildcards, wildcards } from '../../iam/pattern.ts'

/** A value of a message as a filter policy sees it: as JSON writes it, a string in its quotation marks. `"rugby"`, `100`, `true`. */
export type Value = string

/** Whether one value meets one element of a policy's list. `absent` is met by a property that is not there. */
export type Pattern = ((value: Value) => boolean) | 'absent'

/** Strings are compared with their quotation marks on, so that `"1"` is not 1. */
export const quoted = (text: string): Value => `"${text}"`

export const exactly = (value: Value) => (actual: Value) => actual === value
export const ignoringCase = (text: string) => (actual: Value) =>
  actual.toLowerCase() === quoted(text).toLowerCase()
export const beginningWith = (text: string) => (actual: Value) => actual.startsWith(`"${text}`)
export const endingWith = (text: string) => (actual: Value) =>
  actual.endsWith(`${text}"`) && actual.length >= text.length + 2
export const beginningWithIgnoringCase = (text: string) => (actual: Value) =>
  actual.toLowerCase().startsWith(`"${text}`.toLowerCase())
export const endingWithIgnoringCase = (text: string) => (actual: Value) =>
  actual.toLowerCase().endsWith(`${text}"`.toLowerCase())
export const present = () => true

/** A number, however it is written: 100 is 1e2. */
export const equalTo = (wanted: number) => (actual: Value) => numberIn(actual) === wanted

/** A number within bounds. */
export const within = (holds: readonly ((actual: number) => boolean)[]) => (actual: Value) => {
  const number = numberIn(actual)
  return number !== undefined && holds.every(one => one(number))
}

/** Stars stand for anything; `\*` and `\\` for themselves. A question mark is no wildcard here. */
export function like(text: string): (actual: Value) => boolean {
  const parts: Wildcards[] = []
  for (const [part] of text.matchAll(/\\.|\*|[^\\*]+/gs)) {
    parts.push(part === '*' ? wildcards('*') : (part.startsWith('\\') ? part.slice(1) : part).split(''))
  }
  const pattern = ['"', ...parts.flat(), '"']
  return actual => matches(pattern, actual)
}

/** An IP address within a block. */
export function inBlock(network: string, bits: number): (actual: Value) => boolean {
  const family = isIP(network) === 4 ? 'ipv4' : 'ipv6'
  const block = new BlockList()
  block.addSubnet(network, bits, family)
  return actual => {
    const address = actual.slice(1, -1)
    return actual.startsWith('"') && isIP(address) === isIP(network) && block.check(address, family)
  }
}

function numberIn(value: Value): number | undefined {
  return /^-?\d/.test(value) ? Number(value) : undefined
}
