import { expect, test } from 'vitest'
import { labs } from '../labs/index.ts'
import { fixesOf } from '../src/fixes/fixes.ts'
import { STEPS } from '../src/fixes/header.ts'
import { treeOf } from '../src/fixes/lay-out.ts'
import { sampleOf } from '../src/fixes/sample.ts'

const cases = labs.map(lab => ({ id: lab.id, lab }))
/** In the others there is nothing to fix. */
const withFault = cases.filter(({ lab }) => lab.starterBreaks.length > 0)

test.each(cases)('every criterion of $id refuses a wrong fix', ({ lab }) => {
  const wrong = fixesOf(lab).filter(fix => fix.kind === 'wrong')
  const refusing = new Set(wrong.map(fix => fix.refusedAt))
  for (const { id } of lab.criteria) expect(refusing).toContain(id)
})

test.each(withFault)('$id has at least eight wrong fixes', ({ lab }) => {
  expect(fixesOf(lab).filter(fix => fix.kind === 'wrong').length).toBeGreaterThanOrEqual(8)
})

test.each(withFault)('$id has right fixes of at least six kinds', ({ lab }) => {
  expect(fixesOf(lab).filter(fix => fix.kind === 'right').length).toBeGreaterThanOrEqual(6)
})

test.each(cases)('every fix of $id applies, line by line', async ({ lab }) => {
  for (const fix of fixesOf(lab)) expect((await treeOf(fix)).has('stack.ts'), fix.name).toBe(true)
})

test.each(cases)('the sample of $id is five wrong fixes at five criteria, and a right one', ({ lab }) => {
  const sample = sampleOf(lab, fixesOf(lab))
  const places = sample.filter(fix => fix.kind === 'wrong').map(fix => fix.refusedAt)
  // Lab 0 has four promises.
  expect(new Set(places).size).toBe(Math.min(5, lab.criteria.length))
  expect(places.filter(place => STEPS.includes(place ?? ''))).toEqual([])
  expect(sample.filter(fix => fix.kind === 'right').length).toBe(1)
})
