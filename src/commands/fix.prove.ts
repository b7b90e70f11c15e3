import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house } from '../run/house.ts'
import { type SecondHouse, secondHouse } from '../selfproof/second-house.ts'
import { fix } from './fix.ts'
import { understand, WrongUsage } from './usage.ts'

/** Another house, for what writes into one. */
let other: SecondHouse
beforeAll(() => {
  other = secondHouse()
})
afterAll(() => other.remove())

const read = (...path: string[]) => readFileSync(join(other.directory, ...path), 'utf8')
const append = (text: string, ...path: string[]) =>
  writeFileSync(join(other.directory, ...path), read(...path) + text)

test('a fix is laid out, changed, and saved with its header', async () => {
  const file = 'checks/lab3-authentication/wrong/decodes-only.diff'
  const folder = '.wslab/fixes/lab3-authentication/wrong/decodes-only'
  const before = read(file)
  const laidOut = await other.run('fix', 'lab3', 'wrong/decodes-only')
  expect(laidOut).toMatchObject({ code: 0, stderr: '' })
  expect(laidOut.stdout).toMatch(/refused at forged-tokens-stay-out/)
  expect(laidOut.stdout).toContain(`npm run check -- lab3 --from ${folder}`)
  expect(read(folder, 'cdk.json')).toBe(read('starter/lab3-authentication/cdk.json'))

  append('// One more line.\n', folder, 'stack.ts')
  expect(await other.run('fix', 'lab3', 'wrong/decodes-only', '--save')).toMatchObject({
    code: 0,
    stderr: '',
  })
  const after = read(file)
  expect(after.split('\n\n')[0]).toBe(before.split('\n\n')[0])
  expect(after).toMatch(/^\+\/\/ One more line\.$/m)
})

test('a new fix begins as the solution or as a hand-in, with a header to fill in', async () => {
  const file = 'checks/lab1-missing-route/right/by-rote.diff'
  const begun = await other.run('fix', 'lab1', 'right/by-rote', 'mine', '--new')
  expect(begun).toMatchObject({ code: 0, stdout: expect.stringContaining('lab1 right/by-rote mine --save') })
  expect(read(file)).toBe('because: \nover: solution\n\n')
  expect(read('mine/stack.ts')).toBe(read('solutions/lab1-missing-route/stack.ts'))

  // A folder with one file is a hand-in: the rest of it is the starter's.
  mkdirSync(join(other.directory, 'handed-in'))
  writeFileSync(join(other.directory, 'handed-in/stack.ts'), read('starter/lab1-missing-route/stack.ts'))
  append('// Mine.\n', 'handed-in/stack.ts')
  const saved = await other.run('fix', 'lab1', 'right/handed-in', 'handed-in', '--new', '--save')
  const made = 'checks/lab1-missing-route/right/handed-in.diff'
  expect(saved).toMatchObject({ code: 1, stderr: `${made}: "because" is empty. Say why it is right.\n` })
  expect(read(made)).toMatch(/^because: \nover: starter\n\n--- a\/stack\.ts/)
})

const run = async (...args: string[]) => fix.run(understand('fix', fix, args))

test.each([
  [
    ['lab3', 'wrong/decode-only'],
    /no fix wrong\/decode-only\. Did you mean wrong\/decodes-only\?\nTo begin it: .* --new/,
  ],
  [['lab3', 'wrong/decode-only', '--save'], /Did you mean wrong\/decodes-only\?/],
  [['lab3', 'looks-them-up'], /no name of a fix: .* Did you mean wrong\/looks-them-up\?/],
  [['lab3', 'wrong/../../x', '--new'], /is no name of a fix/],
  [['lab3', 'wrong/decodes-only', '--new', '--save'], /decodes-only\.diff already\. Leave --new out/],
  [['lab3', 'wrong/decodes-only', 'nowhere', '--save'], /no folder .*nowhere\. Lay the fix out first/],
  [['lab3', 'wrong/decodes-only', 'docs'], /docs holds something already/],
  [['lab3', 'wrong/decodes-only', 'a', 'b'], /fix cannot use "b"/],
  [['lab3'], /Which fix of lab3-authentication\? There are:\nwrong\/a-shared-secret/],
])('what cannot be meant is refused, and nothing is written: %j', async (args, says) => {
  const refused = run(...args)
  await expect(refused).rejects.toThrow(WrongUsage)
  await expect(refused).rejects.toThrow(says)
  expect(existsSync(join(house, 'checks/lab3-authentication/wrong/decode-only.diff'))).toBe(false)
})
