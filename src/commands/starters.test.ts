import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { starters } from './pristine.ts'
import { starterTrees } from './starters.ts'

test('labs/starters.json names the starters as they are (npm run starters notes them)', async () => {
  expect(JSON.parse(readFileSync(starters, 'utf8'))).toEqual(await starterTrees())
})
