import { expect, test } from 'vitest'
import { onCycle, waves, wavesDown } from './order.ts'

const needs = (graph: Record<string, readonly string[]>) =>
  new Map(Object.entries(graph).map(([name, needed]) => [name, new Set(needed)]))

test('each wave needs only earlier ones, in the written order', () => {
  const graph = needs({ stage: ['api', 'route'], route: ['api', 'say'], api: [], say: ['role'], role: [] })
  expect(waves(graph)).toEqual([['api', 'role'], ['say'], ['route'], ['stage']])
})

test('going down is the way up, backwards', () => {
  const graph = needs({ api: [], role: [], say: ['role'], route: ['api', 'say'] })
  expect(wavesDown(graph)).toEqual([['route'], ['say'], ['role', 'api']])
})

test('a need that is not in the graph is taken as met', () => {
  expect(waves(needs({ a: ['elsewhere'] }))).toEqual([['a']])
})

test('a cycle is named without those who only wait for it', () => {
  const graph = needs({ waits: ['a'], a: ['b'], b: ['c'], c: ['a'], free: [] })
  expect(() => waves(graph)).toThrow('Circular dependency between resources: [a, b, c]')
})

test('one that needs itself is a cycle', () => {
  expect(() => waves(needs({ a: ['a'] }))).toThrow('Circular dependency between resources: [a]')
  expect(onCycle(needs({ a: ['a'], b: ['a'] }), ['a', 'b'])).toEqual(['a'])
})
