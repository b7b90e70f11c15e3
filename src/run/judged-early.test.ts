import { expect, test } from 'vitest'
import type { Criterion, Finding } from '#kit'
import { judgedEarly } from './judged-early.ts'

const criterion = (id: string, more: Partial<Criterion> = {}): Criterion => ({
  ...{ id, says: id, hint: 'docs/handshake.md', ...more },
  async probe() {},
})
const judge = async ({ id, says }: Criterion): Promise<Finding> => ({ id, says, verdict: 'pass', ms: 0 })
const criteria = [criterion('door-opens'), criterion('nothing-more', { early: true })]

test('only what is early is begun before its turn', async () => {
  const begun = judgedEarly(criteria, {}, judge)
  expect([...begun.keys()]).toEqual(['nothing-more'])
  expect(await begun.get('nothing-more')).toMatchObject({ id: 'nothing-more', verdict: 'pass' })
})

test('nothing is begun early where IAM is late', () => {
  const settling = { within: 1, window: 1, every: 1, tell() {} }
  expect([...judgedEarly(criteria, { settling }, judge)]).toEqual([])
})
