import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exitCode } from '../report/exit-code.ts'
import { type Ended, type SecondHouse, secondHouse } from '../selfproof/second-house.ts'
import { type Switch, switches } from './switches.ts'

/** The rows of a run that printed its document. Throws what it printed instead. */
function rowsOf({
  code,
  stdout,
  stderr,
}: Ended): readonly { id: string; status: string; because?: string }[] {
  try {
    return JSON.parse(stdout).rows
  } catch {
    throw new Error(`No document, exit code ${code}\n${stdout}\n${stderr}`)
  }
}

describe('switched off', () => {
  // Two copies, because two switches are tried at a time (maxConcurrency), and each needs a house of its own.
  const houses: SecondHouse[] = []
  let unpatched: readonly Ended[]
  beforeAll(async () => {
    houses.push(secondHouse(), secondHouse())
    // Half of the rows in each: that also compiles everything once, and what is compiled is kept.
    const ids = [...new Set(switches.map(({ row }) => row))]
    unpatched = await Promise.all(
      houses.map((one, at) => one.run('conformance', '--json', ...ids.filter((_, n) => n % 2 === at))),
    )
  })
  afterAll(() => Promise.all(houses.map(one => one.remove())))

  test('nothing: every row holds', () => {
    const rows = unpatched.flatMap(rowsOf)
    expect(rows.filter(({ status }) => status !== 'held' && status !== 'assumed')).toEqual([])
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(switches.map(({ row }) => row)))
    expect(unpatched.map(({ code }) => code)).toEqual([exitCode.pass, exitCode.pass])
  })

  test.concurrent.for(switches.map(one => [one.row, one.what, one] as const))('%s: %s', async ([, , one]) => {
    const free = houses.pop()!
    try {
      const ended = await tryWithout(free, one)
      const [result] = rowsOf(ended)
      expect(result, result?.because).toMatchObject({ id: one.row, status: 'broken' })
      expect(ended.code).toBe(exitCode.fail)
    } finally {
      houses.push(free)
    }
  })

  async function tryWithout({ directory, run }: SecondHouse, { row, file, find, replace }: Switch) {
    const path = join(directory, file)
    const source = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      source.replace(find, () => replace),
    )
    try {
      return await run('conformance', '--json', row)
    } finally {
      writeFileSync(path, source)
    }
  }
})
