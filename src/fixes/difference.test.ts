import { expect, test } from 'vitest'
import { applyDifference, DoesNotApply } from './apply.ts'
import { BadDifference, differenceOf, parseDifference } from './difference.ts'
import type { Tree } from './tree.ts'

const tree = (files: Readonly<Record<string, string>>): Tree => new Map(Object.entries(files))
const numbered = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => `line ${index + from}\n`).join('')

/** Makes the difference and applies it again. */
const thereAndBack = (before: Tree, after: Tree) => applyDifference(differenceOf(before, after), before)

test.each([
  ['a changed line', 'one\ntwo\n', 'one\n2\n'],
  ['a text without a line feed at its end', 'one', 'one\ntwo'],
  ['a line feed that is added at the end', 'one\ntwo', 'one\ntwo\n'],
  ['a line feed that is taken from the end', 'one\ntwo\n', 'one\ntwo'],
  ['a last line without a line feed that stays', 'one\ntwo\nthree', '1\ntwo\nthree'],
  ['CRLF that stays', 'one\r\ntwo\r\n', 'one\r\n2\r\n'],
  ['CRLF that becomes LF', 'one\r\ntwo\r\n', 'one\ntwo\n'],
  ['LF that becomes CRLF', 'one\ntwo\n', 'one\r\ntwo\r\n'],
  ['a single CR', 'one\rtwo\n', 'one\rthree\n'],
  ['blank lines and blanks at the ends of lines', 'one\n\n  \ntwo \n', 'one\n \n\ntwo\n'],
  [
    'lines that look like parts of a diff',
    '-- a\n++ b\n@@ -1 +1 @@\n',
    '--- a\n+++ b\n@@ -1,1 +1,1 @@\n\\ x\n',
  ],
  ['an empty file that gets a text', '', 'one\n'],
  ['a text that becomes empty', 'one\n', ''],
  ['a byte order mark', '\ufeffone\n', '\ufefftwo\n'],
  ['several hunks that shift one another', numbered(60), `zero\n${numbered(29)}${numbered(28, 33)}end`],
])('a difference gives back, byte for byte, %s', (_what, before, after) => {
  expect(thereAndBack(tree({ 'a.ts': before }), tree({ 'a.ts': after }))).toEqual(tree({ 'a.ts': after }))
})

test.each(['', 'one', 'one\n', 'one\r\ntwo'])('a file with the text %j is created and deleted', text => {
  const without = tree({ 'stack.ts': 'x\n' })
  const with_ = tree({ 'handlers/a b.ts': text, 'stack.ts': 'x\n' })
  expect(differenceOf(without, with_)).toContain('--- /dev/null\n+++ b/handlers/a b.ts\n')
  expect(thereAndBack(without, with_)).toEqual(with_)
  expect(thereAndBack(with_, without)).toEqual(without)
})

test('two trees that are the same have no difference', () => {
  expect(differenceOf(tree({ a: 'x' }), tree({ a: 'x' }))).toBe('')
})

const before = tree({ 'stack.ts': numbered(40), 'other.ts': 'x\n' })
const change = differenceOf(
  before,
  tree({ 'stack.ts': numbered(40).replace('line 20\n', 'twenty\n'), 'other.ts': 'x\n' }),
)

test.each([
  ['the same lines stand one line further down', tree({ 'stack.ts': `zero\n${numbered(40)}` })],
  ['a line of the context is another', tree({ 'stack.ts': numbered(40).replace('line 18', 'line  18') })],
  ['the lines end in CRLF', tree({ 'stack.ts': numbered(40).replaceAll('\n', '\r\n') })],
  ['the file is too short', tree({ 'stack.ts': numbered(21) })],
])('a hunk does not apply when %s', (_what, base) => {
  expect(() => applyDifference(change, base)).toThrow(DoesNotApply)
  expect(() => applyDifference(change, base)).toThrow(/Hunk 1 of stack\.ts \(@@ -17,7 … @@\) does not apply/)
})

test('the second hunk is named when only that does not apply', () => {
  const two = differenceOf(
    before,
    tree({ ...Object.fromEntries(before), 'stack.ts': `zero\n${numbered(39)}` }),
  )
  const base = tree({ 'stack.ts': numbered(39), 'other.ts': 'x\n' })
  expect(() => applyDifference(two, base)).toThrow(/^Hunk 2 of stack\.ts/)
})

test('a hunk whose new line number is not that of its place does not apply', () => {
  expect(() => applyDifference(change.replace('+17,7', '+18,7'), before)).toThrow(DoesNotApply)
})

test('a diff neither creates what is there nor changes or deletes what is not', () => {
  const created = differenceOf(tree({}), tree({ 'a.ts': 'x\n' }))
  expect(() => applyDifference(created, tree({ 'a.ts': 'x\n' }))).toThrow(/creates a\.ts, which is there/)
  expect(() => applyDifference(change, tree({}))).toThrow(/changes stack\.ts, which is not there/)
  const deleted = differenceOf(tree({ 'a.ts': 'x\n' }), tree({}))
  expect(() => applyDifference(deleted, tree({}))).toThrow(/deletes a\.ts, which is not there/)
  expect(() => applyDifference(deleted, tree({ 'a.ts': 'x\ny\n' }))).toThrow(DoesNotApply)
})

test.each([
  ['a hunk that does not begin as one', change.replace('@@ -17', '@ -17'), /Line 7 is no part.*@ -17/],
  ['a text between two files', `${change}Only in here: x\n`, /Line \d+ is no part.*Only in here/],
  ['a count that is wrong', change.replace('-17,7', '-17,6'), /line 7/],
  ['a file twice', change + change, /stack\.ts has two parts/],
  ['a file that is renamed', change.replace('b/stack.ts', 'b/other.ts'), /cannot be renamed/],
  ['a file outside', change.replaceAll('/stack.ts', '/../stack.ts'), /no path inside a fix/],
  ['an absolute path', change.replaceAll(/[ab]\/stack/g, '/stack'), /must begin with a\//],
  ['a file without hunks', '--- a/x.ts\n+++ b/x.ts\n', /no hunk/],
  ['no file name', '@@ -1,1 +1,1 @@\n-a\n+b\n', /named undefined/],
])('what is no diff is refused by its line or its file: %s', (_what, text, says) => {
  const parse = () => parseDifference(text, 5)
  expect(parse).toThrow(BadDifference)
  expect(parse).toThrow(says)
})
