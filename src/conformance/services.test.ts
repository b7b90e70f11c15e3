import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { servicesSection } from './fidelity.ts'
import { services } from './services.ts'

const house = join(import.meta.dirname, '..', '..')

test('every row about a service points at a file that there is', () => {
  const rows = Object.values(services).flat()

  expect(rows.filter(({ held }) => !existsSync(join(house, held)))).toEqual([])
  for (const { standing, held, says } of rows) {
    // What was compared is held by a test.
    if (standing === 'compared') expect(held, says).toMatch(/\.(test|prove)\.ts$/)
  }
})

test('docs/fidelity.md ends with the tables of the services', () => {
  const page = readFileSync(join(house, 'docs', 'fidelity.md'), 'utf8')

  expect(page.slice(page.indexOf('## The services beside'))).toBe(`${servicesSection()}\n`)
})
