import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GradeDocument } from './grade/document.ts'
import { alive, descendants, eventually } from './selfproof/processes.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

const LAB = 'lab1-missing-route'
let house: SecondHouse
beforeAll(() => {
  house = secondHouse()
})
afterAll(() => house.remove())

const starter = () => join(house.directory, 'starter', LAB)
const solution = () => join(house.directory, 'solutions', LAB)

/** A folder of hand-ins in the second house, and how to put one into it. */
function handIns(name: string) {
  const folder = join(house.directory, name)
  mkdirSync(folder)
  return {
    stack(who: string, text: string) {
      mkdirSync(join(folder, who))
      writeFileSync(join(folder, who, 'stack.ts'), text)
    },
    path: (...parts: string[]) => join(folder, ...parts),
  }
}

test('each hand-in has a row, whatever the others are, and nothing is left behind', async () => {
  const { stack, path } = handIns('hand-ins')
  const solved = readFileSync(join(solution(), 'stack.ts'), 'utf8')
  stack('ana', solved)
  stack('ben', readFileSync(join(starter(), 'stack.ts'), 'utf8').replaceAll('\n', '\r\n'))
  stack('eva', 'export const x: number = "not a number"\n')
  // Without a sandbox it ends the check that tries it, each time. In one it ends itself only.
  stack('fay', `process.kill(process.ppid, 'SIGKILL')\n${solved}`)
  writeFileSync(path('cem.zip'), zipSync({ 'cem/fix/stack.ts': strToU8(solved) }))
  writeFileSync(path('gus.zip'), 'no zip')
  writeFileSync(path('hal.zip'), zipSync({ '../../stack.ts': strToU8(solved) }))
  writeFileSync(path('grades.xlsx'), '')
  mkdirSync(path('ida'))

  const { code, stdout, stderr } = await house.run(
    'grade',
    'lab1',
    'hand-ins',
    '--jobs',
    '3',
    '--json',
    '--html',
    'report.html',
  )
  const document: GradeDocument = JSON.parse(stdout)
  const rows = Object.fromEntries(document.handIns.map(one => [one.name, one]))
  expect(document.handIns.map(one => one.name)).toEqual([
    'ana',
    'ben',
    'cem.zip',
    'eva',
    'fay',
    'gus.zip',
    'hal.zip',
    'ida',
  ])
  expect(rows.ana).toMatchObject({ grade: 'pass', unchanged: false, attempts: 1 })
  expect(rows.ana?.points).toBe(rows.ana?.of)
  expect(rows.ben).toMatchObject({ grade: 'fail', unchanged: true, broken: { id: 'whoami-is-true' } })
  expect(rows['cem.zip']).toMatchObject({ grade: 'pass', check: { source: 'cem.zip/cem/fix' } })
  expect(rows.eva).toMatchObject({
    grade: 'fail',
    points: 0,
    broken: { id: 'compiles' },
  })
  const isSandboxed = /runs in a sandbox/.test(stderr)
  expect(rows.fay).toMatchObject(
    isSandboxed ? { grade: 'fail', broken: { id: 'synthesizes' } } : { grade: 'look', attempts: 2 },
  )
  expect(rows['gus.zip']).toMatchObject({ grade: 'look', because: expect.stringContaining('as a ZIP') })
  expect(rows['hal.zip']).toMatchObject({
    grade: 'look',
    because: expect.stringContaining('out of the folder'),
  })
  expect(rows.ida).toMatchObject({ grade: 'look', because: expect.stringContaining('would change nothing') })
  expect(document.verdict).toBe('error')
  expect(code).toBe(2)
  expect(stderr).toMatch(/grades\.xlsx is neither/)

  const schema = JSON.parse(readFileSync(join(house.directory, 'docs/schemas/grade-1.schema.json'), 'utf8'))
  const valid = new Ajv2020.default({ strict: true, strictRequired: false }).compile(schema)
  expect(valid(document), JSON.stringify(valid.errors)).toBe(true)
  expect(readFileSync(join(house.directory, 'report.html'), 'utf8').match(/<details /g)).toHaveLength(8)
  expect(await eventually(() => house.leftovers().length === 0)).toBe(true)
})

test('a hand-in that never comes to an end is ended, and is to be looked at', async () => {
  const { stack } = handIns('endless')
  stack('ana', 'while (true) {}\n')
  const { code, stdout } = await house.run('grade', 'lab1', 'endless', '--limit', '0.2')
  expect(stdout).toMatch(/ana +to be looked at +\d+\.\d s {2}The check was ended after 0\.2 minutes\./)
  expect(code).toBe(2)
  expect(await eventually(() => house.leftovers().length === 0)).toBe(true)
})

test('Ctrl-C ends all checks that are under way, and leaves nothing', async () => {
  const { path } = handIns('interrupted')
  for (const who of ['ana', 'ben']) cpSync(solution(), path(who), { recursive: true })
  const grading = house.start('grade', 'lab1', 'interrupted', '--jobs', '2')
  await grading.says(/first broken promise/)
  expect(await eventually(() => descendants(grading.pid).length > 6)).toBe(true)
  const under = descendants(grading.pid)
  grading.kill('SIGINT')
  expect((await grading.ended).code).toBe(130)
  expect(await eventually(() => under.every(pid => !alive(pid)))).toBe(true)
  expect(await eventually(() => house.leftovers().length === 0)).toBe(true)
})

test('a folder that is a hand-in itself is not graded, and the line that checks it is told', async () => {
  const { path } = handIns('single')
  copyFileSync(join(solution(), 'stack.ts'), path('stack.ts'))
  const { code, stderr } = await house.run('grade', 'lab1', 'single')
  expect(stderr).toMatch(/single is one hand-in[\s\S]*npx wslab check lab1 --from single/)
  expect(code).toBe(3)
})
