import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { mutantsOf, solutionOf } from './generate.ts'
import { measure } from './measure.ts'
import type { Mutant } from './mutant.ts'

const guardian = startGuardian()
afterAll(() => guardian.stop())

/** How long the solution and two mutants may take, in milliseconds: a bound for hangs. */
const BOUND = 300_000

test('of real mutants the check refuses those that are deployed, and those that never come up do not count', {
  timeout: BOUND,
}, async () => {
  const file = 'handlers/answer.ts'
  const source = await readFile(join(solutionOf(lab1.id), file), 'utf8')
  const like = (text: string): Mutant => ({
    operator: 'by-hand',
    says: 'changes something',
    appliesTo: 'handler',
    file,
    line: 1,
    was: '',
    becomes: '',
    text,
  })
  const dropped = (await mutantsOf(lab1.id)).filter(one => one.operator === 'drop-grant')
  expect(dropped.length).toBe(1)

  const told: string[] = []
  const tried = await measure(
    lab1,
    [
      like(source.replace('statusCode: 200', 'statusCode: "yes", to: nobody')),
      like(`${source}\n// A comment changes nothing that is deployed.\n`),
      ...dropped,
    ],
    guardian,
    {
      most: Number.POSITIVE_INFINITY,
      isTriedAgain: () => false,
      tell: ({ outcome }) => told.push(outcome.kind),
    },
  )

  expect(tried.map(({ outcome }) => outcome)).toEqual([
    { kind: 'dropped', because: 'compiles' },
    { kind: 'dropped', because: 'same' },
    { kind: 'refused', at: 'message-comes-back' },
  ])
  expect(told.length).toBe(3)
})
