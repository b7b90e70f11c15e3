import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Verdict } from '#kit'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

let house: SecondHouse
beforeAll(() => {
  house = secondHouse()
})
afterAll(() => house.remove())

const documentOf = (stdout: string): Verdict => JSON.parse(stdout)

test.for([
  [['chekc'], /There is no command chekc\. Did you mean check\?/],
  [['check', 'lab1', '--from', 'nowhere'], /There is no folder nowhere/],
] as const)('%j is wrong usage: exit code 3, words on stderr, nothing on stdout', async ([args, words]) => {
  const { code, stdout, stderr } = await house.run(...args)
  expect(stderr).toMatch(words)
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
})

test.skipIf(process.platform === 'win32')(
  'a reader that has seen enough ends the command without a word',
  () => {
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', `{ "${process.execPath}" src/start.mjs labs; echo $? >&2; } | true`],
      { cwd: house.directory, encoding: 'utf8' },
    )
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '141\n' })
  },
)

test.skipIf(process.platform !== 'linux')('a full disk is said in one sentence: exit code 2', () => {
  const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" src/start.mjs labs > /dev/full`], {
    cwd: house.directory,
    encoding: 'utf8',
  })
  expect(status).toBe(2)
  expect(stderr).toMatch(/^Could not go on: ENOSPC/)
})

test('the untouched starter is not fixed yet: exit code 1, one JSON document on stdout and nothing else', async () => {
  const { code, stdout, stderr } = await house.run('check', 'lab1', '--json')
  const verdict = documentOf(stdout)
  expect(stderr).toBe('')
  expect(code).toBe(1)
  expect(verdict).toMatchObject({
    version: 1,
    lab: 'lab1-missing-route',
    target: 'local',
    source: 'starter',
    verdict: 'fail',
  })
  const broken = verdict.criteria.find(one => one.verdict === 'fail')
  expect(broken).toMatchObject({
    did: expect.stringContaining('sent'),
    expected: expect.any(String),
    observed: expect.stringContaining('Forbidden'),
    evidence: expect.arrayContaining([expect.stringContaining('"Forbidden"')]),
    means: expect.any(String),
    where: expect.stringMatching(/^starter\/lab1-missing-route\/stack\.ts:\d+$/),
    hint: expect.stringMatching(/^docs\/.+\.md#/),
  })
  expect(verdict.ms.total).toBeGreaterThanOrEqual(verdict.ms.synth + verdict.ms.deploy + verdict.ms.probe - 3)
})

/** What npm makes of a command line in the second house. */
const npm = (...args: string[]) =>
  spawnSync('npm', args, {
    cwd: house.directory,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })

test('through npm, too, --json is the only thing on stdout', () => {
  const { stdout, status } = npm('run', 'check', '--', 'lab1', '--solution', '--json')
  expect(documentOf(stdout)).toMatchObject({ verdict: 'pass' })
  expect(status).toBe(0)
})
