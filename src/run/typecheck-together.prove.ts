import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { house } from './house.ts'
import { type Choice, findSource } from './source.ts'
import { fingerprint, thatCompile } from './typecheck-together.ts'
import { workspace } from './workspace.ts'

const guardian = startGuardian()
afterAll(() => guardian.stop())

const starter = readFileSync(join(house, 'starter', lab1.id, 'stack.ts'), 'utf8')

function handIn(files: Readonly<Record<string, string>>): Choice {
  const directory = workspace(guardian, 'hand-in')
  for (const [file, text] of Object.entries({ 'stack.ts': starter, ...files }))
    writeFileSync(join(directory, file), text)
  return { kind: 'from', directory, given: 'hand-in' }
}

/** Which of them compile, when all are checked together. */
async function compile(...choices: readonly Choice[]): Promise<boolean[]> {
  const those = await thatCompile(lab1, choices, guardian)
  return Promise.all(
    choices.map(async choice => {
      const { directory } = await findSource(lab1, choice, workspace(guardian, 'copy'))
      return those.has(await fingerprint(directory))
    }),
  )
}

test('each that has an error is found, and no other', async () => {
  const right = handIn({ 'more.ts': 'export const right = 1\n' })
  const wrong = handIn({ 'more.ts': "export const wrong: number = 'one'\n" })
  const syntax = handIn({ 'stack.ts': `${starter}\nexport class {\n` })
  expect(await compile({ kind: 'starter' }, wrong, right, syntax)).toEqual([true, false, true, false])
})

test('what one declares for all is not in sight of another', async () => {
  const declares = handIn({ 'declared.ts': 'declare global {\n  var declared: number\n}\nexport {}\n' })
  const uses = handIn({ 'uses.ts': 'export const used = declared\n' })
  expect(await compile(declares, uses)).toEqual([true, false])
})

test('one that cannot be found is none of the others’ business', async () => {
  const missing: Choice = { kind: 'from', directory: join(house, 'nowhere'), given: 'nowhere' }
  const those = await thatCompile(lab1, [missing, { kind: 'starter' }], guardian)
  expect(those.size).toBe(1)
})

test('after an error that is in no project, nothing is known of any', async () => {
  const imports = handIn({ 'imports.ts': `import ${JSON.stringify(join(house, 'src/no-such-file.ts'))}\n` })
  const elsewhere = workspace(guardian, 'elsewhere')
  writeFileSync(join(elsewhere, 'wrong.ts'), "export const wrong: number = 'one'\n")
  const reaches = handIn({ 'reaches.ts': `export * from ${JSON.stringify(join(elsewhere, 'wrong.ts'))}\n` })
  expect(await compile(imports, { kind: 'starter' })).toEqual([false, true])
  expect(await compile(reaches, { kind: 'starter' })).toEqual([false, false])
})
