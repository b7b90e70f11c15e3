import { expect, test } from 'vitest'
import { printable, visibleLines } from './visible-lines.ts'

test('an escape sequence is shown, and lines stay lines', () => {
  expect(visibleLines('a\u001b[2Jb\nc\u009b31m\r')).toBe('a␛[2Jb\nc<U+009B>31m␍')
})

test('a printed document has no control characters, and reads back the same', () => {
  const document = { text: 'a\u001b[2J \u009b31m \u202egpj.exe\u007f' }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(printable(document)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  expect(JSON.parse(printable(document))).toEqual(document)
})
