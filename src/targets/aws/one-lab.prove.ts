import { afterAll, beforeAll, expect, test } from 'vitest'
import { lab1 } from '../../../labs/lab1-missing-route/lab.ts'
import { type LabsOnAws, labsOnAws, leavesNothing, teaches } from './labs.fixture.ts'

// `npm run prove` does the same with every lab.

let trial: LabsOnAws
beforeAll(async () => {
  trial = await labsOnAws()
})
afterAll(() => trial.stop())

test('by the CDK’s command line, a starter is refused where it breaks, and the solution is fixed', () =>
  teaches(lab1, trial, expect))

test('nothing is left, and nothing has left this machine', () => leavesNothing(trial, expect))
