import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding, Verdict } from '#kit'
import { type SecondHouse, secondHouse } from './second-house.ts'

let house: SecondHouse
let stack: string
beforeAll(() => {
  house = secondHouse()
  stack = readFileSync(join(house.directory, 'starter/lab1-missing-route/stack.ts'), 'utf8')
})
afterAll(() => house.remove())

/** Grades a hand-in made of these files, and answers with its first broken promise. */
async function graded(
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<{ first: Finding; verdict: Verdict }> {
  const folder = join(house.directory, 'hand-ins', name)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  const { code, stdout, stderr } = await house.run('check', 'lab1', '--from', `hand-ins/${name}`, '--json')
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  const verdict: Verdict = JSON.parse(stdout)
  const first = verdict.criteria.find(one => one.verdict === 'fail')
  if (!first) throw new Error(`nothing failed: ${stdout}`)
  return { first, verdict }
}

const evidence = (finding: Finding): string => [finding.observed, ...(finding.evidence ?? [])].join('\n')

test('a type error is told in TypeScript’s words, with the line', async () => {
  const { first, verdict } = await graded('type-error', {
    'stack.ts': `${stack}\nexport const wrong: number = 'one'\n`,
  })
  expect(first).toMatchObject({ id: 'compiles', observed: expect.stringContaining('TS2322') })
  expect(first.where).toBe(`hand-ins/type-error/stack.ts:${stack.split('\n').length + 1}`)
  expect(verdict.criteria.slice(1).every(one => one.verdict === 'skipped')).toBe(true)
})

test('a syntax error is told with its line', async () => {
  const { first } = await graded('syntax-error', { 'stack.ts': `${stack}\nexport class {\n` })
  expect(first.id).toBe('compiles')
  expect(first.where).toMatch(/^hand-ins\/syntax-error\/stack\.ts:\d+$/)
})

test('an exception in the stack is told in its own words, with the line', async () => {
  const { first } = await graded('exception', {
    'stack.ts': stack.replace(
      /super\(scope, id, props\)/,
      "super(scope, id, props)\n    throw new Error('the learner was here')",
    ),
  })
  expect(first).toMatchObject({ id: 'synthesizes', observed: 'the learner was here' })
  expect(first.where).toMatch(/^hand-ins\/exception\/stack\.ts:\d+$/)
})

test('a stack that ends the process is told as that', async () => {
  const { first } = await graded('exit', { 'stack.ts': `process.exit(0)\n${stack}` })
  expect(first).toMatchObject({
    id: 'synthesizes',
    observed: expect.stringContaining('ended with exit code 0'),
  })
})

test('a file without a stack is told as that', async () => {
  const { first } = await graded('no-stack', {
    'stack.ts': 'export const stack = 1\n',
    'app.ts': 'export {}\n',
  })
  expect(first).toMatchObject({
    id: 'synthesizes',
    observed: expect.stringContaining('no class that extends Stack'),
  })
})

test('a handler that cannot be bundled is told in the bundler’s words', async () => {
  const { first } = await graded('no-module', {
    'handlers/answer.ts':
      "// @ts-nocheck\nimport { x } from 'a-package-that-is-not-there'\nexport const handler = async () => x\n",
  })
  expect(first.id).toBe('synthesizes')
  expect(evidence(first)).toContain('a-package-that-is-not-there')
})

/** The starter with more in it, just before its outputs. */
const withMore = (imported: string, code: string): string =>
  `import { ${imported} as More } from 'aws-cdk-lib'\n${stack.replace(/^( +)new CfnOutput\(/m, `$1${code}\n$1new CfnOutput(`)}`

test('a cycle is told by the names of its resources', async () => {
  const code =
    "for (const [name, other] of [['One', 'Two'], ['Two', 'One']]) new More(this, name!).addOverride('DependsOn', other)"
  const { first } = await graded('cycle', { 'stack.ts': withMore('CfnWaitConditionHandle', code) })
  expect(first.id).toBe('deploys')
  expect(evidence(first)).toMatch(/Circular dependency between resources: \[(One, Two|Two, One)\]/)
})

test('a resource that the local cloud does not have is refused by name, before anything starts', async () => {
  const code = "new More(this, 'Search', { type: 'AWS::OpenSearchService::Domain' })"
  const { first } = await graded('unknown-resource', { 'stack.ts': withMore('CfnResource', code) })
  expect(first.id).toBe('deploys')
  expect(evidence(first)).toMatch(/Search.*AWS::OpenSearchService::Domain/)
})

const handler = (body: string): Record<string, string> => ({
  'handlers/answer.ts': `// @ts-nocheck\n${body}\n`,
})

test('a handler that loops forever is ended by its time limit, and that is what is told', async () => {
  const { first } = await graded('loop', handler('export const handler = async () => { for (;;) {} }'))
  expect(first.id).toBe('door-opens')
  expect(evidence(first)).toMatch(/Task timed out after [\d.]+ seconds/)
})

test('a handler that calls process.exit is told as that', async () => {
  const { first } = await graded(
    'process-exit',
    handler('export const handler = async () => { process.exit(7) }'),
  )
  expect(first.id).toBe('door-opens')
  expect(evidence(first)).toMatch(/Runtime exited with error: exit status 7/)
})

test('a handler that throws at import is told in its own words', async () => {
  const { first } = await graded(
    'throws-at-import',
    handler("throw new Error('not today')\nexport const handler = async () => ({ statusCode: 200 })"),
  )
  expect(first.id).toBe('door-opens')
  expect(evidence(first)).toMatch(/not today/)
})

test('a handler that floods its log does no harm', async () => {
  const { first } = await graded(
    'flood',
    handler(
      "export const handler = async () => {\n  for (let line = 0; line < 200_000; line++) console.error('flood', line, 'x'.repeat(200))\n  return { statusCode: 500 }\n}",
    ),
  )
  expect(first.id).toBe('door-opens')
  expect(evidence(first)).toContain('500')
  expect(evidence(first).length).toBeLessThan(20_000)
})

test('after all of that the solution passes as if nothing had happened', async () => {
  const { code } = await house.run('check', 'lab1', '--solution', '--json')
  expect(code).toBe(0)
})
