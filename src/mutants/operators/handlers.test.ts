import { expect, test } from 'vitest'
import { made } from './cases.fixture.ts'
import { data } from './data.fixture.ts'
import { flow } from './flow.fixture.ts'
import { handlerOperators } from './handlers.ts'

const cases = [...flow, ...data]

test.each(cases.map(one => ({ ...one, name: one.operator.name })))('$name makes of $in', one => {
  expect(made(one)).toEqual(one.becomes)
})

test('every operator for handlers is tried where it applies and is one by a name of its own', () => {
  const tried = new Set(cases.filter(one => one.becomes.length > 0).map(one => one.operator.name))
  expect(handlerOperators.map(({ name }) => name).filter(name => !tried.has(name))).toEqual([])
  expect(new Set(handlerOperators.map(({ name }) => name)).size).toBe(handlerOperators.length)
})
