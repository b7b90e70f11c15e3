import { nonceOf } from './awkward.ts'
import { type Change, changes } from './changes.ts'
import { atTheDifference, visible } from './shortened.ts'

/** What follows a text that was cut, in some people's code. */
const dots = ['', '…', '...', ' …', ' ...']

/**
 * How a text came back changed, in plain English: `it came back trimmed at both ends and lower-cased`. Undefined for a faithful copy.
 * Knows what people's code does to texts, and two of it together; of anything else says where the difference begins.
 */
export function howItChanged(sent: string, got: unknown): string | undefined {
  if (got === sent) return undefined
  return `it came back ${typeof got === 'string' ? inWords(sent, got) : asAnotherType(sent, got)}`
}

function inWords(sent: string, got: string): string {
  if (got === '') return 'empty'
  return (
    byOne(sent, got) ??
    cut(sent, got) ??
    withMore(sent, got) ??
    asPattern(sent, got) ??
    byTwo(sent, got) ??
    piece(sent, got) ??
    differently(sent, got)
  )
}

function byOne(sent: string, got: string): string | undefined {
  return changes.find(({ of }) => of(sent) === got)?.as
}

/** Two changes, one after the other, the second of which may be a cut. */
function byTwo(sent: string, got: string): string | undefined {
  // Each change is tried on the outcome of each other one that changes anything.
  for (const first of changes) {
    const once = first.of(sent)
    if (once === sent) continue
    const second = byOne(once, got) ?? cut(once, got) ?? withMore(once, got)
    if (second) return `${first.as} and ${second}`
  }
  return cutAndThen(sent, got)
}

/** A cut before any other change leaves fewer characters than the change of the whole would. */
function cutAndThen(sent: string, got: string): string | undefined {
  const mayCut = changes.filter(({ of }) => of(sent) !== sent)
  for (const change of mayCut) {
    const length = lengthBefore(sent, got, change)
    if (length !== undefined) return `cut after ${length} characters and ${change.as}`
  }
  return undefined
}

function lengthBefore(sent: string, got: string, { of }: Change): number | undefined {
  // Lengths that people choose: few change a text and cut it anywhere else.
  return lengths.find(length => length < sent.length && of(sent.slice(0, length)) === got)
}

const lengths = [
  10, 16, 20, 32, 50, 64, 80, 100, 120, 128, 140, 160, 200, 250, 255, 256, 280, 300, 500, 512, 1000, 1024,
  2000,
]

function cut(sent: string, got: string): string | undefined {
  for (const end of dots) {
    if (!got.endsWith(end)) continue
    const kept = got.slice(0, got.length - end.length)
    // A cut through the middle of a character leaves a replacement character.
    const certain = kept.replace(/\ufffd+$/, '')
    if (certain === '' || !sent.startsWith(certain) || certain.length === sent.length) continue
    return `cut after ${lengthOf(kept)}${end === '' ? '' : `, with "${end}" behind it`}`
  }
  return undefined
}

/** In bytes only where that is the rounder number: then bytes were counted. */
function lengthOf(text: string): string {
  const bytes = Buffer.byteLength(text)
  return lengths.includes(bytes) && !lengths.includes(text.length)
    ? `${bytes} bytes`
    : `${text.length} characters`
}

/** A piece from anywhere but the beginning. */
function piece(sent: string, got: string): string | undefined {
  const at = got.length >= 4 ? sent.indexOf(got) : -1
  if (at < 0) return undefined
  return at + got.length === sent.length
    ? `without its first ${at} characters`
    : `cut to its characters ${at + 1} to ${at + got.length}`
}

/** String.replace puts what it has found for $&, and one $ for two. */
function asPattern(sent: string, got: string): string | undefined {
  const parts = sent.split('$&').map(part => part.replaceAll('$$', () => '$'))
  if (parts.length < 2) return undefined
  let from = 0
  for (const part of parts) {
    const at = got.indexOf(part, from)
    if (at < 0) return undefined
    from = at + part.length
  }
  return 'changed by String.replace, which takes $& and $$ in a text for patterns'
}

function withMore(sent: string, got: string): string | undefined {
  const at = got.indexOf(sent)
  if (at < 0) return undefined
  const [before, after] = [got.slice(0, at), got.slice(at + sent.length)]
  if (after === sent || before === sent) return 'twice in a row'
  const quoted = (text: string) => JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 40)}…`)
  return `with ${[before && `${quoted(before)} before it`, after && `${quoted(after)} behind it`].filter(Boolean).join(' and ')}`
}

/** Where the difference begins, and which characters are missing altogether. */
function differently(sent: string, got: string): string {
  const missing = [...new Set(sent)].filter(character => !got.includes(character)).slice(0, 8)
  const [was, is] = atTheDifference(sent, got)
  const without = missing.length > 0 ? `, and has no ${missing.map(one => visible(one)).join(' ')} in it` : ''
  return `changed: where ${was} was sent, it has ${is || 'nothing'}${without}`
}

function asAnotherType(sent: string, got: unknown): string {
  if (got === undefined) return 'missing'
  if (got === null) return 'as null'
  if (Array.isArray(got)) return got.join('') === sent ? 'as a list of its characters' : 'as a list'
  if (typeof got !== 'object') return `as ${got}, which is no text`
  const { type, data } = got as Record<string, unknown>
  if (type === 'Buffer' && Array.isArray(data)) return 'as a Buffer in JSON: a list of its bytes'
  return 'as an object'
}

/**
 * How the copy of a text changed that is somewhere in these messages; undefined when none of them has a copy, or a faithful one is
 * among them. An awkward text is known by its nonce, any other by being part of what came, or the other way round.
 */
export function howItCame(messages: readonly unknown[], sent: string): Changed | undefined {
  const texts = messages.flatMap(textsIn)
  if (texts.includes(sent)) return undefined
  const got = texts.find(text => isCopy(text, sent))
  if (got === undefined) return undefined
  return { how: howItChanged(sent, got)!, got }
}

/** A copy that is not faithful. */
export interface Changed {
  /** `it came back lower-cased`. */
  readonly how: string
  readonly got: string
}

/** Every text in a value, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}

function isCopy(text: string, sent: string): boolean {
  const [mine, its] = [sent.toLowerCase(), text.toLowerCase()]
  const nonce = nonceOf(sent)
  if (nonce === undefined) return its.length >= 4 && (mine.includes(its) || its.includes(mine))
  // Nothing of an encoding is left of the nonce: then the whole is compared.
  return its.includes(nonce) || changes.some(({ of }) => of(sent) === text)
}
