import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { readFix } from '../fixes/fixes.ts'
import { handInOf, layOut } from '../fixes/lay-out.ts'
import { type Assembler, onItsOwn } from './assemble.ts'
import type { HandIn } from './hand-in.ts'
import { house } from './house.ts'
import { type SharedAssembler, sharedAssembler } from './shared-assembler.ts'
import { type Choice, findSource } from './source.ts'
import { StackProblem } from './stack-problem.ts'
import { workspace } from './workspace.ts'

const guardian = startGuardian()
const own = onItsOwn(guardian)
const started: SharedAssembler[] = []
afterAll(async () => {
  for (const one of started) one.stop()
  await guardian.stop()
})

const starter = readFileSync(join(house, 'starter', lab1.id, 'stack.ts'), 'utf8')

function handIn(name: string, files: Readonly<Record<string, string>>): HandIn {
  const directory = workspace(guardian, 'hand-in')
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text)
  return { kind: 'from', directory, given: name }
}

const right = handIn('right', { 'stack.ts': `${starter}\n// As good as new.\n` })

function shared(...choices: Choice[]): SharedAssembler {
  const assembler = sharedAssembler(lab1, choices, guardian)
  started.push(assembler)
  return assembler
}

/** What an assembler makes of a hand-in: the files of the assembly, the origins, and the problems of both steps. */
async function outcomeOf(choice: Choice, assembler: Assembler) {
  const [outcome] = await outcomesOf(choice, assembler)
  return outcome
}

/** What each makes of it in the same folder, one after the other: bundles and stack traces name the folder. */
async function outcomesOf(choice: Choice, ...assemblers: readonly Assembler[]) {
  const folder = workspace(guardian, 'outcome')
  const source = await findSource(lab1, choice, folder)
  const outcomes = []
  for (const assembler of assemblers) {
    const compiles = await problemOf(() => assembler.typecheck(source, folder))
    let made: { readonly files: unknown; readonly origins: unknown } | undefined
    const synthesizes = await problemOf(async () => {
      const { directory, origins } = await assembler.synth(source, { stackName: 'wslab-test' }, folder)
      made = { files: filesIn(directory), origins }
      rmSync(directory, { recursive: true })
    })
    outcomes.push({ compiles, synthesizes, made })
  }
  guardian.removeFolder(folder)
  return outcomes
}

async function problemOf(step: () => Promise<void>) {
  try {
    await step()
    return undefined
  } catch (error) {
    if (!(error instanceof StackProblem)) throw error
    return { step: error.step, ...error.seen }
  }
}

const filesIn = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(file => [relative(directory, file), readFileSync(file, 'utf8')]),
  )

test('a shared assembler makes, of one stack after the other, to the letter what processes of its own make', async () => {
  const fix = readFix(lab1, 'right', 'function-per-route')
  const other = handInOf(fix, workspace(guardian, fix.name))
  await layOut(fix, other.directory)
  const assembler = shared(right, other)
  for (const choice of [right, other]) {
    const [together, alone] = await outcomesOf(choice, assembler, own)
    expect(together).toMatchObject({ made: { files: { 'manifest.json': expect.any(String) } } })
    expect(together).toEqual(alone)
  }
})

test('what does not compile is refused in the same words', async () => {
  const wrong = handIn('type-error', { 'stack.ts': `${starter}\nexport const wrong: number = 'one'\n` })
  const [together, alone] = await outcomesOf(wrong, shared(wrong, right), own)
  expect(together?.compiles).toMatchObject({ step: 'compiles', observed: expect.stringContaining('TS2322') })
  expect(together?.compiles).toEqual(alone?.compiles)
})

test('code that has changed since the shared type check is checked by itself', async () => {
  const changing = handIn('changing', { 'stack.ts': starter })
  const assembler = shared(changing)
  expect(await outcomeOf(changing, assembler)).toMatchObject({ compiles: undefined })
  writeFileSync(join(changing.directory, 'late.ts'), "export const late: number = 'one'\n")
  expect(await outcomeOf(changing, assembler)).toMatchObject({ compiles: { where: 'changing/late.ts:1' } })
})

test('a stack that ends the process is told so, and those beside it are none the worse', async () => {
  const exits = handIn('exits', { 'stack.ts': `process.exit(3)\n${starter}` })
  const throws = handIn('throws', { 'stack.ts': `throw new Error('not today')\n${starter}` })
  const assembler = shared(exits, throws, right)
  const outcomes = await Promise.all([exits, throws, right].map(choice => outcomeOf(choice, assembler)))
  expect(outcomes).toMatchObject([
    { synthesizes: { observed: expect.stringContaining('exit code 3') } },
    { synthesizes: { observed: 'not today', where: 'throws/stack.ts:1' } },
    { synthesizes: undefined, made: expect.anything() },
  ])
})
