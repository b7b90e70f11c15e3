import { expect, test } from 'vitest'
import { labs } from '../../labs/index.ts'
import { whatNext } from './what-next.ts'

const passed = '2026-01-01T00:00:00Z'
const allBut = (...open: string[]) =>
  Object.fromEntries(labs.filter(({ id }) => !open.includes(id)).map(({ id }) => [id, { passed }]))
const [first, second, third] = labs.slice(1) as [(typeof labs)[0], (typeof labs)[0], (typeof labs)[0]]
const last = labs.at(-1)!

test('after a pass the next lab that is not fixed is named, the earlier ones last', () => {
  expect(whatNext(labs, labs[0]!, {})).toMatch(/^What you have seen, .*\nNext: .*npm run check -- lab1\n/)
  expect(whatNext(labs, first, {})).toMatch(/^What was wrong, .*\nNext: .*npm run check -- lab2\n/)
  expect(whatNext(labs, first, allBut(third.id))).toContain('npm run check -- lab3')
  expect(whatNext(labs, last, allBut(second.id))).toContain('npm run check -- lab2')
})

test('after the last lab there is an ending, and ways on', () => {
  const words = whatNext(labs, last, allBut(last.id))
  expect(words).toMatch(/all \d+ labs are fixed[\s\S]*docs\/aws\.md[\s\S]*docs\/local-cloud\.md/)
  expect(words).not.toContain('Next:')
})
