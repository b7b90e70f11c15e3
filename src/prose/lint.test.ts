import { expect, test } from 'vitest'
import { inWords, lint } from './lint.ts'

const places = (file: string, source: string): string[] =>
  lint(file, source).map(({ line, word, reader }) => `${line} ${word} (${reader})`)

test('strings are what a user reads, comments what the next owner reads', () => {
  const source = [
    '// Mends it.',
    "const says = 'mend it'",
    'const more = `mend ${what} and mend that`',
    '/**',
    ' * What becomes',
    ' * of it.',
    ' */',
  ].join('\n')
  expect(places('src/a.ts', source)).toEqual([
    '1 Mends (owner)',
    '2 mend (user)',
    '3 mend (user)',
    '3 mend (user)',
    '5 What becomes of (owner)',
  ])
})

test('names in code, modules and regular expressions are not read', () => {
  const source =
    "import { mend } from './mend.ts'\nconst whoever = /mend it/.test(whomever) // `mend` is a name"
  expect(places('src/a.ts', source)).toEqual([])
})

test('a sentence in two strings that are added up is one sentence', () => {
  expect(places('src/a.ts', "says('None of them is none ' +\n  'the wiser.')")).toEqual([
    '1 none the wiser (user)',
  ])
})

test('comments that are handed out with a lab are for users; strings of tests are for owners', () => {
  expect(places('starter/lab1/stack.ts', '// Mend this.')).toEqual(['1 Mend (user)'])
  expect(places('src/a.test.ts', "test('it mends', run)")).toEqual(['1 mends (owner)'])
})

test('of a page, prose and the comments in its code are read, nothing else', () => {
  const page = [
    'Mend `mend` at [the gate](mend.md "mend").',
    '```ts',
    'mend() // mend it',
    '```',
    '```text',
    'mend',
    '```',
    '<!-- mend -->',
    'It is *mended* by',
    'whoever',
  ].join('\n')
  expect(places('docs/a.md', page)).toEqual([
    '1 Mend (user)',
    '3 mend (user)',
    '9 mended (user)',
    '10 whoever (user)',
  ])
})

test('of a fix that is a difference only the header is read', () => {
  const fix = 'Refused at the door: it mends nothing.\n\n--- a/stack.ts\n+++ b/stack.ts\n+// mend\n'
  expect(places('checks/lab1/wrong/a.diff', fix)).toEqual(['1 mends (user)'])
})

test('a comment allows a word on its own line and on the next, with a reason', () => {
  expect(
    places('src/a.ts', "// allow-word archaic: AWS's own words\nconst says = 'hence creating one'"),
  ).toEqual([])
  expect(places('docs/a.md', '<!-- allow-word mend: a quotation -->\nMend it.\n')).toEqual([])
  expect(places('src/a.ts', "// allow-word archaic:\nconst says = 'hence creating one'")).toEqual([
    '2 hence (user)',
  ])
})

test('a comment that allows nothing is found, too', () => {
  expect(places('src/a.ts', "// allow-word mend: a quotation\nconst says = 'fix it'")).toEqual([
    '1 allow-word mend (user)',
  ])
})

test('a finding says where it is, and what to write instead', () => {
  expect(lint('docs/a.md', '# A\n\nMend it.').map(inWords)).toEqual([
    'docs/a.md:3: "Mend" (mend): write "fix", "repair"',
  ])
})
