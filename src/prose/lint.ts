import { proseOfCode } from './code.ts'
import { proseOfMarkdown } from './markdown.ts'
import { hide, lineAt } from './mask.ts'
import { hitsIn } from './words.ts'

/** Text that a user reads, or what only the next owner of the code reads. */
export type Reader = 'user' | 'owner'

export interface Finding {
  readonly file: string
  readonly line: number
  readonly word: string
  readonly rule: string
  readonly write: string
  readonly reader: Reader
}

interface Text {
  readonly reader: Reader
  readonly prose: string
}

/** Every word of a file that the list of words knows, where nothing allows it; and every allow comment that allows nothing. */
export function lint(file: string, source: string): Finding[] {
  const allowed = allowancesOf(source)
  const found = textsOf(file, source.replace(/allow-word [a-z ]+:/g, hide))
    .flatMap(text => findingsIn(file, text))
    .filter(({ rule, line }) => {
      const by = allowed.find(one => one.rule === rule && (one.line === line || one.line === line - 1))
      if (by) by.used = true
      return !by
    })
  const idle = allowed.filter(({ used }) => !used).map(({ rule, line }) => idleAllowance(file, rule, line))
  return [...found, ...idle].sort((a, b) => a.line - b.line)
}

/** A finding as one line: where, which word, and what to write instead. */
export const inWords = ({ file, line, word, rule, write }: Finding): string =>
  `${file}:${line}: "${word}" (${rule}): write ${write}`

function textsOf(file: string, source: string): Text[] {
  if (file.endsWith('.md')) return [{ reader: 'user', prose: proseOfMarkdown(source) }]
  if (file.endsWith('.diff')) return [{ reader: 'user', prose: headerOf(source) }]
  if (file.endsWith('.html')) return [{ reader: 'user', prose: source.replace(/<[^>]*>/g, hide) }]
  const { comments, strings } = proseOfCode(source)
  return [
    { reader: isHandedOut(file) ? 'user' : 'owner', prose: comments },
    { reader: isTest(file) ? 'owner' : 'user', prose: strings },
  ]
}

const isHandedOut = (file: string): boolean => /^(?:starter|solutions)\//.test(file)
const isTest = (file: string): boolean => /\.(?:test|fixture)\.ts$|^src\/selfproof\//.test(file)

/** What stands before a fix's difference: where it is refused, and why. */
const headerOf = (fix: string): string => fix.slice(0, /^--- /m.exec(fix)?.index ?? fix.length)

const findingsIn = (file: string, { reader, prose }: Text): Finding[] =>
  hitsIn(prose).map(({ rule, word, index }) => ({
    file,
    line: lineAt(prose, index),
    word,
    rule: rule.name,
    write: rule.write,
    reader,
  }))

interface Allowance {
  readonly rule: string
  readonly line: number
  used: boolean
}

/** `allow-word <rule>: <why>` in a comment allows the word on its own line and on the next. */
const allowancesOf = (source: string): Allowance[] =>
  [...source.matchAll(/(?<!`)(?:\/\/|\/\*|<!--)\s*allow-word ([a-z ]+): \S/g)].map(
    ({ 1: rule = '', index }) => ({
      rule,
      line: lineAt(source, index),
      used: false,
    }),
  )

const idleAllowance = (file: string, rule: string, line: number): Finding => ({
  file,
  line,
  word: `allow-word ${rule}`,
  rule: 'allow-word',
  write: 'nothing: no such word stands here',
  reader: 'user',
})
