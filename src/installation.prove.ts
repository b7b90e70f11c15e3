import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house as first } from './run/house.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

let house: SecondHouse
beforeAll(() => {
  house = secondHouse()
})
afterAll(() => house.remove())

/** Links every package of the first house but one into the second. */
function installWithout(missing: string): void {
  const packages = join(house.directory, 'node_modules')
  rmSync(packages, { recursive: true, force: true })
  mkdirSync(packages)
  for (const name of readdirSync(join(first, 'node_modules'))) {
    if (name !== missing) symlinkSync(join(first, 'node_modules', name), join(packages, name), 'junction')
  }
}

test.each(['aws-cdk-lib', 'typescript'])(
  'where %s is missing from the kit, the learner is not at fault',
  async missing => {
    installWithout(missing)
    const { code, stdout } = await house.run('check', 'lab1', '--json')
    const { criteria } = JSON.parse(stdout)
    expect(criteria).toMatchObject([{ id: 'the-check-itself', verdict: 'error' }])
    expect(criteria[0].observed).toMatch(
      new RegExp(`^The kit's own installation is incomplete: .*${missing}[\\s\\S]*npm ci`),
    )
    expect(code).toBe(2)
  },
)
