import { expect, test } from 'vitest'
import { labs } from '../../labs/index.ts'
import { mutantsOf } from './generate.ts'
import { keyOf } from './mutant.ts'

test.each(labs.map(({ id }) => ({ id })))(
  '$id has enough mutants to measure its check, and each has a key of its own',
  async ({ id }) => {
    const all = await mutantsOf(id)
    expect(all.length).toBeGreaterThanOrEqual(60)
    expect(new Set(all.map(keyOf)).size).toBe(all.length)
  },
)
