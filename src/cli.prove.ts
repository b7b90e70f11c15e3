import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

let house: SecondHouse
beforeAll(() => {
  house = secondHouse()
})
afterAll(() => house.remove())

test('a check that has failed is where hints begin', async () => {
  expect((await house.run('check', 'lab1')).code).toBe(1)
})

test('hints get stronger, follow the last check, and end', async () => {
  const hints = []
  for (let asked = 0; asked < 4; asked++) hints.push(await house.run('hint', 'lab1'))
  expect(hints.map(hint => hint.code)).toEqual([0, 0, 0, 0])
  expect(hints[0]?.stdout).toMatch(/Hint 1 of 3/)
  expect(hints[0]?.stdout).not.toContain('```')
  expect(hints[2]?.stdout).toMatch(/```[\s\S]*Hint 3 of 3[\s\S]*last one/)
  expect(hints[3]?.stdout).toBe(hints[2]?.stdout)
})

test('a hand-in that the local cloud cannot run could not be checked: exit code 2', async () => {
  const folder = join(house.directory, 'hand-ins', 'ana')
  mkdirSync(folder, { recursive: true })
  const solution = readFileSync(join(house.directory, 'solutions/lab1-missing-route/stack.ts'), 'utf8')
  writeFileSync(
    join(folder, 'stack.ts'),
    solution
      .replace(/new CfnOutput/, "new CfnResource(this, 'Job', { type: 'AWS::Glue::Job' })\n    new CfnOutput")
      .replace('CfnOutput,', 'CfnOutput, CfnResource,'),
  )
  const { code, stdout } = await house.run('check', 'lab1', '--from', 'hand-ins/ana')
  expect(stdout).toMatch(/! The stack can be deployed[\s\S]*Job: AWS::Glue::Job[\s\S]*AWS may accept this/)
  expect(stdout).toMatch(/Could not check[\s\S]*What you can do: docs\/when-it-does-not-deploy\.md#/)
  expect(stdout).not.toMatch(/npm run (hint|doctor)/)
  expect(code).toBe(2)
})

test('a hand-in that is one folder too deep is wrong usage, and the folder is named', async () => {
  const { code, stderr } = await house.run('check', 'lab1', '--from', 'hand-ins')
  expect(stderr).toMatch(/hand-ins holds no file of lab1-missing-route.*Did you mean hand-ins\/ana\?/)
  expect(code).toBe(3)
})

test('the solution is shown after a pass, or to somebody who wants it spoilt', async () => {
  const kept = await house.run('diff', 'lab2')
  expect(kept).toMatchObject({ code: 1, stdout: expect.stringContaining('--spoil') })
  const spoilt = await house.run('diff', 'lab2', '--spoil')
  expect(spoilt).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\+.*grant/m) })
})

test('the labs are listed with how the last check of each ended', async () => {
  const { code, stdout } = await house.run('labs')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /lab1-missing-route[\s\S]*promises kept[\s\S]*lab2-wrong-permissions[\s\S]*not tried/,
  )
})

test('the doctor finds a machine that runs these tests ready', async () => {
  const { code, stdout } = await house.run('doctor')
  expect(stdout).toMatch(/Ready\. Start with/)
  expect(code).toBe(0)
})

/** What npm makes of a command line in the second house. */
const npm = (...args: string[]) =>
  spawnSync('npm', args, {
    cwd: house.directory,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })

test('an option before -- is honoured where npm kept it, and a misspelt command is not silent', () => {
  const honoured = npm('run', 'check', 'lab1', '--from=nowhere')
  expect(honoured.stderr).toMatch(/There is no folder nowhere/)
  expect(honoured.status).toBe(3)
  const lost = npm('run', 'check', 'lab1', '--from', 'nowhere')
  expect(lost.stderr).toMatch(/npx wslab check lab1 --from nowhere/)
  expect(lost.status).toBe(3)
  const misspelt = npm('run', 'chek')
  expect(misspelt.stderr).toMatch(/Did you mean check\?/)
  expect(misspelt.status).toBe(3)
})

test('a hint can be for one promise, and reset begins the ladder anew', async () => {
  const asked = () => house.run('hint', 'lab2', 'everybody-hears')
  expect((await asked()).stdout).toMatch(/Hint 1 of 3 .*npm run hint -- lab2 everybody-hears\n$/)
  expect((await house.run('reset', 'lab2')).code).toBe(0)
  expect((await asked()).stdout).toMatch(/Hint 1 of 3/)
})

test('what was wrong is explained after a pass, or to somebody who wants it spoilt', async () => {
  const kept = await house.run('explain', 'lab2')
  expect(kept).toMatchObject({ code: 1, stdout: expect.stringContaining('--spoil') })
  const spoilt = await house.run('explain', 'lab2', '--spoil')
  expect(spoilt).toMatchObject({ code: 0, stdout: expect.stringMatching(/^#+ What was wrong/) })
})
