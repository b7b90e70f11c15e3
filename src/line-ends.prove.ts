import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lab1 } from '../labs/lab1-missing-route/lab.ts'
import { treeIn, writeTree } from './fixes/tree.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

let other: SecondHouse
beforeAll(() => {
  other = secondHouse()
})
afterAll(() => other.remove())

test('a solution saved with CRLF passes its check', async () => {
  const folder = join(other.directory, 'solutions', lab1.id)
  const crlf = [...treeIn(folder)].map(([path, text]) => [path, text.replaceAll('\n', '\r\n')] as const)
  writeTree(new Map(crlf), folder)
  const { code, stdout } = await other.run('check', 'lab1', '--solution')
  expect(stdout).toContain('Fixed: lab1')
  expect(code).toBe(0)
})
