import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lab1 } from '../labs/lab1-missing-route/lab.ts'
import { toTheSolution } from './fixes/to-the-solution.ts'
import { treeIn, writeTree } from './fixes/tree.ts'
import { house } from './run/house.ts'
import { publishedStarter } from './run/published-starter.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

let other: SecondHouse
const starter = () => join(other.directory, 'starter', lab1.id)
beforeAll(() => {
  other = secondHouse()
  saveWithCrlf(starter())
})
afterAll(() => other.remove())

/** As an editor on Windows may do it. */
function saveWithCrlf(folder: string): void {
  writeTree(new Map([...treeIn(folder)].map(([path, text]) => [path, text.replaceAll('\n', '\r\n')])), folder)
}

test('diff shows what differs, and no line that differs by its end only', () => {
  expect(readFileSync(join(starter(), 'stack.ts'), 'utf8')).toContain('\r\n')
  expect(toTheSolution(lab1, other.directory)).toBe(toTheSolution(lab1, house))
})

test('the attempt that reset saves can be checked again, and the starter has LF after it', async () => {
  const text = readFileSync(join(starter(), 'stack.ts'), 'utf8').replace("'live'", "'live' // mine")
  writeFileSync(join(starter(), 'stack.ts'), text)
  const { code, stdout } = await other.run('reset', 'lab1')
  expect(code).toBe(0)
  const [saved = ''] = /\.wslab\/attempts\/\S+/.exec(stdout.replaceAll('\\', '/')) ?? []
  expect(readFileSync(join(other.directory, saved, 'stack.ts'), 'utf8')).toBe(text)
  expect(Object.fromEntries(treeIn(starter()))).toEqual(Object.fromEntries(await publishedStarter(lab1.id)))
})

test('a solution saved with CRLF passes its check', async () => {
  const folder = join(other.directory, 'solutions', lab1.id)
  const crlf = [...treeIn(folder)].map(([path, text]) => [path, text.replaceAll('\n', '\r\n')] as const)
  writeTree(new Map(crlf), folder)
  const { code, stdout } = await other.run('check', 'lab1', '--solution')
  expect(stdout).toContain('Fixed: lab1')
  expect(code).toBe(0)
})
