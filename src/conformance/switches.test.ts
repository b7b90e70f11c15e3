import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { house } from '../run/house.ts'
import { mistakes } from './mistakes/all.ts'
import { facts } from './rows/all.ts'
import { switches } from './switches.ts'

describe('the list', () => {
  test.for(switches.map(one => [one.row, one.what, one] as const))('%s %s', ([, , one]) => {
    const { row, file, find, replace } = one
    expect(readFileSync(join(house, file), 'utf8').split(find)).toHaveLength(2)
    expect(replace).not.toBe(find)
    expect([...facts, ...mistakes].map(({ id }) => id)).toContain(row)
  })

  test('there are twenty at least, and every section that is about behaviour has some', () => {
    expect(switches.length).toBeGreaterThanOrEqual(20)
    const least = { A: 6, B: 3, C: 3, D: 2, E: 3, F: 3, H: 1, J: 3 }
    for (const [section, count] of Object.entries(least)) {
      const some = switches.filter(({ row }) => row.startsWith(section))
      expect(some.length, section).toBeGreaterThanOrEqual(count)
    }
  })
})
