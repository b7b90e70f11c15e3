import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGuardian } from '../cloud/guardian.ts'
import { house } from '../run/house.ts'
import { localTarget } from '../targets/local.ts'
import { page, tableOf } from './fidelity.ts'
import { mistakes } from './mistakes/all.ts'
import { facts } from './rows/all.ts'
import { here, type Result, tryRows } from './run.ts'
import { openAccount } from './world.ts'

const rows = [...facts, ...mistakes]
const known = new Map<string, Result>()
const tellers = new Map<string, (result: Result) => void>()
const resultOf = (id: string): Promise<Result> =>
  new Promise(resolve => {
    const result = known.get(id)
    if (result) resolve(result)
    else tellers.set(id, resolve)
  })
const guardian = startGuardian()
let close: () => Promise<void>
let results: Promise<readonly Result[]>

beforeAll(async () => {
  const targets: Awaited<ReturnType<typeof localTarget>>[] = []
  const start = async (isClockStopped: boolean) => {
    const target = await localTarget(guardian, { isClockStopped })
    targets.push(target)
    return target
  }
  const root = guardian.temporaryFolder('wslab-conformance-')
  const account = openAccount({ target: await start(false), root, another: () => start(true) })
  const tell = (result: Result) => {
    known.set(result.id, result)
    tellers.get(result.id)?.(result)
  }
  results = tryRows(rows, account, { ...here, tell })
  close = async () => {
    await results
    await account.close()
    await Promise.all(targets.map(target => target.stop()))
    await guardian.stop()
  }
})
afterAll(() => close(), 60_000)

describe.each([
  ['facts', facts],
  ['mistakes', mistakes],
])('%s', (_, some) => {
  test.for(some.map(row => [row.id, row.says] as const))('%s %s', async ([id]) => {
    const { status, because } = await resultOf(id)
    if (status === 'broken') throw new Error(because)
    expect(['held', 'assumed', 'not modelled']).toContain(status)
  })
})

test('docs/fidelity.md says what the tests say', async () => {
  const all = await results
  expect(readFileSync(join(house, 'docs', 'fidelity.md'), 'utf8')).toBe(
    page(tableOf(facts, all), tableOf(mistakes, all)),
  )
})

test('every row of the fact sheet is there, once and in its place', () => {
  const numbered = (letter: string, most: number) =>
    Array.from({ length: most }, (_, index) => `${letter}${index + 1}`)
  const sheet = { A: 50, B: 25, C: 27, D: 18, E: 28, F: 27, G: 14, H: 20, J: 12 }
  expect(facts.map(({ id }) => id)).toEqual(
    Object.entries(sheet).flatMap(([letter, most]) => numbered(letter, most)),
  )
  expect(mistakes.map(({ id }) => id)).toEqual(numbered('I', 37))
})
