import { expect, test } from 'vitest'
import { mutantsOf, mutantsOfFile } from './generate.ts'
import { difference, inOneLine, keyOf } from './mutant.ts'
import { shuffled } from './sample.ts'

const handler = `import { note } from './note.ts'
export const handler = async event => {
  await note(event)
  await note(event)
}
`

test('a mutant is told by its operator, its file and the lines that differ', () => {
  const [first] = mutantsOfFile('handlers/connect.ts', handler)
  expect(first).toMatchObject({
    operator: 'drop-await',
    file: 'handlers/connect.ts',
    line: 3,
    was: 'await note(event)',
    becomes: 'note(event)',
  })
  expect(first?.text.split('\n')[2]).toBe('  note(event)')
})

test('the same change in two places has two keys', () => {
  const dropped = mutantsOfFile('a.ts', handler).filter(one => one.operator === 'drop-await')
  expect(dropped.map(({ nth, line }) => ({ nth, line }))).toEqual([
    { nth: undefined, line: 3 },
    { nth: 2, line: 4 },
  ])
  expect(new Set(dropped.map(keyOf)).size).toBe(2)
})

test('a key survives that lines are added above', () => {
  const keys = (source: string) => mutantsOfFile('a.ts', source).map(keyOf)
  expect(keys(`// A comment.\n\n${handler}`)).toEqual(keys(handler))
})

test('a stack has the mistakes of stacks, and a handler those of handlers', () => {
  const stack = "import { Stack } from 'aws-cdk-lib'\nif (a) table.grantReadData(b)\n"
  expect(mutantsOfFile('stack.ts', stack).map(({ appliesTo }) => appliesTo)).toContain('stack')
  expect(mutantsOfFile('stack.ts', stack).every(({ appliesTo }) => appliesTo === 'stack')).toBe(true)
  expect(mutantsOfFile('a.ts', 'if (a) b()').every(({ appliesTo }) => appliesTo === 'handler')).toBe(true)
})

test('a text that differs from the solution in blanks only is no mutant', () => {
  const texts = mutantsOfFile('a.ts', handler).map(({ text }) => text.replace(/\s+/g, ' '))
  expect(texts).not.toContain(handler.replace(/\s+/g, ' '))
  expect(new Set(texts).size).toBe(texts.length)
})

test('the difference is what lies between the first and the last line that differ', () => {
  expect(difference('a\nb\nc\nd', 'a\nx\nd')).toEqual({ line: 2, was: ['b', 'c'], becomes: ['x'] })
  expect(difference('a\na', 'a\na\na')).toEqual({ line: 3, was: [], becomes: ['a'] })
  expect(inOneLine(['  a(', '', '    // Why.', '    b,', '  )'])).toBe('a( b, )')
})

test('a seed decides the order, and another seed another one', async () => {
  const all = await mutantsOf('lab1-missing-route')
  const keys = (seed: string) => shuffled(all, seed).map(keyOf)
  expect(keys('one')).toEqual(keys('one'))
  expect(keys('one')).not.toEqual(keys('two'))
  expect(keys('one').toSorted()).toEqual(all.map(keyOf).toSorted())
})
