import { expect, test } from 'vitest'
import { labs } from '../../labs/index.ts'
import { markdownInWords } from './markdown.ts'
import { painter } from './paint.ts'
import { section } from './section.ts'
import { columnsOf } from './wrap.ts'

const plain = painter(false)

test('a page is set to the width, code stays as it is, and links tell where they lead', () => {
  const text = [
    '## A heading with `code`\n',
    'A paragraph that was broken\nin the **middle**, with [a link](routes.md#connect) in it.\n',
    '1. One item that is longer than the line is wide, so that it hangs\n2. Two\n   - inner\n',
    '| A | B |\n| --- | --- |\n| `x` | y |\n',
    '```ts\nconst   kept = `as it is`\n```\n',
  ].join('\n')
  expect(`${markdownInWords(text, 'docs/gone.md', 40, plain)}\n`).toBe(`A heading with \`code\`

A paragraph that was broken in the
middle, with a link
(docs/routes.md#connect) in it.

1. One item that is longer than the line
   is wide, so that it hangs
2. Two
   - inner

A    B
\`x\`  y

    const   kept = \`as it is\`
`)
})

test('a folded answer is a question and its answer: a terminal folds nothing', () => {
  const folded = '<details>\n<summary>What is <code>x</code>, and\nwhy?</summary>\n\nIt is 1.\n\n</details>\n'
  expect(markdownInWords(folded, 'docs/routes.md', 80, plain)).toBe('What is x, and why?\n\nIt is 1.')
})

test('every hint fits the narrowest and the widest terminal, code aside, and loses no word', async () => {
  for (const place of labs.flatMap(lab => [lab.explanation, ...Object.values(lab.hints).flat()])) {
    const source = await section(place)
    for (const width of [60, 200]) {
      const words = markdownInWords(source, place.replace(/#.*/, ''), width, plain)
      for (const line of words.split('\n'))
        if (!line.startsWith('    ')) expect(columnsOf(line), place).toBeLessThanOrEqual(width)
      const bare = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '')
      // The language of a code block and headings repeated in a table may differ; nothing of the text may be missing.
      const letters = bare(words).length
      expect(letters, place).toBeGreaterThan(bare(source).length * 0.95)
    }
  }
})
