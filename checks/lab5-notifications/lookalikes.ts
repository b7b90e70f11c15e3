import type { Scene } from '#kit'
import type { Row } from '../rows.ts'
import { LONGEST_NAME, type Topic, topic } from './people.ts'

/** Something that is not what is waited for, and looks the same to code that changes names before it compares them. */
export interface Lookalike extends Topic {
  /** What such code does, for a report: `lower-cased`. */
  readonly as: string
}

/** What people's code does to a name on its way into a key, and by which two names become one. */
const ways: readonly (readonly [as: string, of: (name: string) => string])[] = [
  ['lower-cased', name => name.toLowerCase()],
  ['upper-cased', name => name.toUpperCase()],
  ['trimmed', name => name.trim()],
  ['Unicode-normalized (NFC)', name => name.normalize('NFC')],
  ['Unicode-normalized (NFD)', name => name.normalize('NFD')],
  ['Unicode-normalized (NFKC)', name => name.normalize('NFKC')],
  ['without its accents', name => name.normalize('NFD').replace(/\p{M}/gu, '')],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  ['without what is not ASCII', name => name.replace(/[^\u0000-\u007f]/g, '')],
  ['without its quotes', name => name.replace(/["'`]/g, '')],
  ['with only its letters and digits', name => name.replace(/[^\p{L}\p{N}]/gu, '')],
  ['with another end: the rest is the same', name => `${name.slice(0, -4)}z  `],
]

/** What a topic is mistaken for by code that changes one of its names. Each name of the topic should be as awkward as can be. */
export const changedNames = ({ merchant_id, ref }: Topic): Lookalike[] =>
  ways.flatMap(([how, of]) => [
    { as: `the ref ${how}`, merchant_id, ref: of(ref) },
    { as: `the merchant's name ${how}`, merchant_id: of(merchant_id), ref },
  ])

/** Others that have one half in common with a topic, or both halves the other way round. */
export const halves = (scene: Scene, { merchant_id, ref }: Topic): Lookalike[] => [
  { as: 'the same ref of another merchant', merchant_id: topic(scene).merchant_id, ref },
  { as: 'another ref of the same merchant', merchant_id, ref: topic(scene).ref },
  { as: 'a ref that continues it', merchant_id, ref: `${ref}0` },
  { as: 'a ref that it continues', merchant_id, ref: ref.slice(0, -1) },
  { as: "a merchant whose name continues this one's", merchant_id: `${merchant_id}0`, ref },
  { as: "a merchant whose name this one's continues", merchant_id: merchant_id.slice(0, -1), ref },
  { as: 'merchant and ref exchanged', merchant_id: ref, ref: merchant_id },
]

/** Signs by which people join two texts to one. A merchant's name and a ref may have any of them inside. */
const SIGNS = ['', '#', ':', '/', '|', '-', '_', '.', ',', ' ', '::', '\n']

/** Two topics that are the same once their two names are joined by a sign. */
export interface Pair {
  readonly as: string
  readonly waits: Topic
  readonly published: Topic
}

/**
 * Pairs for the usual signs, and for what stands between the names in the rows that a registration made. A client that waits for all
 * of them also waits for what begins like `part`, with such a sign behind it.
 */
export function joined({ merchant_id, ref }: Topic, made: readonly Row[]): { part: Topic; pairs: Pair[] } {
  const texts = made.flatMap(stringsIn)
  const signs = new Set([...SIGNS, ...texts.flatMap(one => between(one, merchant_id, ref))])
  const turned = new Set([...SIGNS, ...texts.flatMap(one => between(one, ref, merchant_id))])
  const part = { merchant_id, ref: 'y' }
  const pairs = [
    ...[...signs].map(sign => ({
      as: `merchant and ref joined by ${JSON.stringify(sign)}`,
      waits: { merchant_id: `${merchant_id}${sign}x`, ref: 'y' },
      published: { merchant_id, ref: `x${sign}y` },
    })),
    ...[...turned].map(sign => ({
      as: `ref and merchant joined by ${JSON.stringify(sign)}`,
      waits: { merchant_id, ref: `y${sign}x` },
      published: { merchant_id: `x${sign}${merchant_id}`, ref: 'y' },
    })),
  ]
  return { part, pairs: [...pairs, ...lastCharacter({ merchant_id, ref })] }
}

/** Names that are as long as they may be, and differ in their last character only. */
function lastCharacter({ merchant_id, ref }: Topic): Pair[] {
  const long = (name: string, last: string) => name.padEnd(LONGEST_NAME - 1, '.').concat(last)
  return [
    {
      as: 'a ref of 200 characters, of which only the last is another',
      waits: { merchant_id, ref: long(ref, 'a') },
      published: { merchant_id, ref: long(ref, 'b') },
    },
    {
      as: "a merchant's name of 200 characters, of which only the last is another",
      waits: { merchant_id: long(merchant_id, 'a'), ref },
      published: { merchant_id: long(merchant_id, 'b'), ref },
    },
  ]
}

/** The longest sign that is believed to be one: what stands between two names may be another attribute's text. */
const LONGEST_SIGN = 24

function between(whole: string, first: string, second: string): string[] {
  const start = whole.indexOf(first)
  const end = whole.indexOf(second, start + first.length)
  if (start < 0 || end < 0) return []
  const sign = whole.slice(start + first.length, end)
  return sign.length <= LONGEST_SIGN ? [sign] : []
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}
