import { expect, test } from 'vitest'
import { labs } from '../labs/index.ts'
import { fixes as lab1 } from './lab1-missing-route/fixes.ts'
import { fixes as lab2 } from './lab2-wrong-permissions/fixes.ts'
import { fixes as lab3 } from './lab3-authentication/fixes.ts'
import { fixes as lab4 } from './lab4-stale-connections/fixes.ts'
import { fixes as lab5 } from './lab5-notifications/fixes.ts'
import { fixes as lab6 } from './lab6-graphql-subscriptions/fixes.ts'

const tables = [lab1, lab2, lab3, lab4, lab5, lab6]

test('every lab has its table of fixes', () => {
  expect(tables.length).toBe(labs.length)
})

test.each(labs.map(({ id, criteria }, index) => ({ id, criteria, fixes: tables[index]! })))(
  'every criterion of $id refuses a wrong fix, and every wrong fix is refused by a criterion or a step',
  ({ criteria, fixes }) => {
    const refusing = new Set(Object.values(fixes.wrong).map(fix => fix.refusedAt))
    const ids = criteria.map(one => one.id)
    for (const id of ids) expect(refusing).toContain(id)
    for (const step of refusing) expect(['compiles', 'synthesizes', 'deploys', ...ids]).toContain(step)
  },
)
