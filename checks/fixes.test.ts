import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { criteria as criteria1 } from './lab1-missing-route/criteria.ts'
import { fixes as fixes1 } from './lab1-missing-route/fixes.ts'
import { criteria as criteria2 } from './lab2-wrong-permissions/criteria.ts'
import { fixes as fixes2 } from './lab2-wrong-permissions/fixes.ts'

const labs = [
  { lab: 'lab1-missing-route', criteria: criteria1, fixes: fixes1 },
  { lab: 'lab2-wrong-permissions', criteria: criteria2, fixes: fixes2 },
]

test.each(labs)(
  'every fix of $lab is in its table, and every fix in the table has its folder',
  ({ lab, fixes }) => {
    expect(foldersOf(lab, 'wrong')).toEqual(Object.keys(fixes.wrong).sort())
    expect(foldersOf(lab, 'right')).toEqual(Object.keys(fixes.right).sort())
  },
)

test.each(labs)('every criterion of $lab has a wrong fix that it refuses', ({ criteria, fixes }) => {
  const refusing = Object.values(fixes.wrong).map(fix => fix.refusedAt)
  for (const { id } of criteria) expect(refusing).toContain(id)
})

test.each(labs)('no fix of $lab is refused by something that is not there', ({ criteria, fixes }) => {
  const known = ['compiles', 'synthesizes', 'deploys', ...criteria.map(one => one.id)]
  for (const { refusedAt } of Object.values(fixes.wrong)) expect(known).toContain(refusedAt)
})

const foldersOf = (lab: string, kind: 'wrong' | 'right'): string[] =>
  readdirSync(new URL(`${lab}/${kind}`, import.meta.url)).sort()
