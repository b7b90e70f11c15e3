import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alive, descendants, eventually } from './selfproof/processes.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

let house: SecondHouse
let stack: string
beforeAll(() => {
  house = secondHouse()
  stack = join(house.directory, 'starter/lab1-missing-route/stack.ts')
})
afterAll(() => house.remove())

test.for(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'a check that is ended by %s leaves no process and no folder',
  async signal => {
    const check = house.start('check', 'lab1')
    await check.says(/✓ A client can connect/)
    const children = descendants(check.pid)
    expect(children.length).toBeGreaterThan(0)
    check.kill(signal)
    const ended = await check.ended
    expect(ended.code ?? ended.signal).toBe({ SIGINT: 130, SIGTERM: 143, SIGKILL: 'SIGKILL' }[signal])
    expect(await eventually(() => children.every(pid => !alive(pid)))).toBe(true)
    expect(await eventually(() => readdirSync(join(house.directory, '.wslab', 'work')).length === 0)).toBe(
      true,
    )
  },
)

test('a check that is interrupted while it synthesizes says nothing, notes nothing, and ends at once', async () => {
  const check = house.start('check', 'lab1')
  await check.says(/lab1-missing-route/)
  expect(await eventually(() => descendants(check.pid).length > 2)).toBe(true)
  const children = descendants(check.pid)
  const notes = join(house.directory, '.wslab', 'progress.json')
  const before = existsSync(notes) && readFileSync(notes, 'utf8')
  check.kill('SIGINT')
  const { code, stdout, stderr } = await check.ended
  expect(code).toBe(130)
  expect(stdout).not.toMatch(/✓|✗|!|Fixed|fixed|Could not/)
  expect(stderr).toBe('')
  expect(existsSync(notes) && readFileSync(notes, 'utf8')).toBe(before)
  expect(await eventually(() => children.every(pid => !alive(pid)))).toBe(true)
})

test('a cloud that cannot start is an error of ours, and holds nobody up', async () => {
  const poor = secondHouse({ tmp: '/missing' })
  try {
    const { code, stdout } = await poor.run('check', 'lab1')
    expect(stdout).toMatch(/Could not check/)
    expect(code).toBe(2)
  } finally {
    await poor.remove()
  }
})

test('reset puts the published starter back in a folder that is no git clone, and keeps the attempt', async () => {
  const published = readFileSync(stack, 'utf8')
  appendFileSync(stack, '\n// my attempt\n')
  writeFileSync(join(house.directory, 'starter/lab1-missing-route/notes.txt'), 'mine')

  const { code, stdout } = await house.run('reset', 'lab1')
  expect(code).toBe(0)
  expect(readFileSync(stack, 'utf8')).toBe(published)
  expect(readdirSync(join(house.directory, 'starter/lab1-missing-route')).sort()).toEqual([
    'app.ts',
    'cdk.json',
    'handlers',
    'stack.ts',
  ])
  const attempt = /Your attempt: (\S+)/.exec(stdout)?.[1] ?? ''
  expect(readFileSync(join(house.directory, attempt, 'stack.ts'), 'utf8')).toContain('// my attempt')
  expect(readFileSync(join(house.directory, attempt, 'notes.txt'), 'utf8')).toBe('mine')
})

test('an instructor whose starter is solved still refuses a hand-in that changes nothing', async () => {
  const published = readFileSync(stack, 'utf8')
  mkdirSync(join(house.directory, 'hand-in'))
  writeFileSync(join(house.directory, 'hand-in', 'stack.ts'), published)
  cpSync(join(house.directory, 'solutions/lab1-missing-route'), dirname(stack), { recursive: true })
  const { code, stdout } = await house.run('check', 'lab1', '--from', 'hand-in')
  expect(stdout).toMatch(/Not fixed yet/)
  expect(code).toBe(1)
  await house.run('reset', 'lab1')
})

test('with --watch a saved file is checked again, and Ctrl-C ends it', async () => {
  const published = readFileSync(stack, 'utf8')
  const check = house.start('check', 'lab1', '--watch')
  await check.says(/Not fixed yet[\s\S]*Watching/)
  writeFileSync(stack, readFileSync(join(house.directory, 'solutions/lab1-missing-route/stack.ts'), 'utf8'))
  await check.says(/Watching[\s\S]*Fixed/)
  check.kill('SIGINT')
  await check.ended
  writeFileSync(stack, published)
})

test('with --keep the stack stays up after the check', async () => {
  const check = house.start('check', 'lab1', '--keep')
  await check.says(/Not fixed yet[\s\S]*wscat -c ws:\/\/localhost:\d+/)
  check.kill('SIGINT')
  expect((await check.ended).code).toBe(1)
})

test('all labs at once: the worst verdict counts, and there is one document', async () => {
  const at = (...path: string[]) => join(house.directory, ...path)
  // A kit of two labs, one of them solved.
  writeFileSync(
    at('labs/index.ts'),
    `export { labs }
     import { lab1 } from './lab1-missing-route/lab.ts'
     import { lab2 } from './lab2-wrong-permissions/lab.ts'
     const labs = [lab1, lab2]`,
  )
  cpSync(at('solutions/lab1-missing-route'), at('starter/lab1-missing-route'), { recursive: true })

  const { code, stdout } = await house.run('check', 'all', '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    verdict: 'fail',
    labs: [
      { lab: 'lab1-missing-route', verdict: 'pass' },
      { lab: 'lab2-wrong-permissions', verdict: 'fail' },
    ],
  })
  expect(code).toBe(1)
})
