import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding, Verdict } from '#kit'
import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { verdictInWords } from '../report/terminal.ts'
import { type LocalTarget, localTarget } from '../targets/local.ts'
import { type Assembler, onItsOwn } from './assemble.ts'
import { check } from './check.ts'
import { house } from './house.ts'
import { sharedAssembler } from './shared-assembler.ts'
import { workspace } from './workspace.ts'

const guardian = startGuardian()
const shared = sharedAssembler(lab1, [], guardian)
/** What TypeScript says is not what is tried here, and takes longest. */
const warm: Assembler = { ...shared, typecheck: async () => {} }
/** For stacks that cannot be synthesized: the warm process would have to be started anew after each. */
const alone: Assembler = { ...onItsOwn(guardian), typecheck: async () => {} }
/** The first two promises: a client connects, and hears an answer. */
const lab = { ...lab1, criteria: lab1.criteria.slice(0, 2) }
let target: LocalTarget
beforeAll(async () => {
  target = await localTarget(guardian)
})
afterAll(async () => {
  shared.stop()
  await target.stop()
  await guardian.stop()
})

const solution = readFileSync(join(house, 'solutions', lab1.id, 'stack.ts'), 'utf8')
const handler = readFileSync(join(house, 'starter', lab1.id, 'handlers', 'answer.ts'), 'utf8')

/** The solution's stack with some of its text replaced. Fails when the text is not there. */
function stack(...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((code, [from, to]) => {
    expect(code).toContain(from)
    return code.replace(from, to)
  }, solution)
}

type Files = Readonly<Record<string, string | Buffer>>

/** What a check makes of the solution with these files laid over it. */
async function checked(files: Files, assembler = warm): Promise<Verdict> {
  const directory = join(workspace(guardian, 'hand-in'), 'given')
  for (const [path, content] of Object.entries({ 'stack.ts': solution, ...files })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
  const course = check(lab, { kind: 'from', directory, given: 'given' }, target, guardian, assembler)
  for (;;) {
    const { done, value } = await course.next()
    if (done) return value
  }
}

/** The first finding that is no pass. */
async function findingOn(files: Files, assembler = warm): Promise<Finding | undefined> {
  return (await checked(files, assembler)).criteria.find(one => one.verdict !== 'pass')
}

const lineOf = (code: string, text: string) => code.split('\n').findIndex(line => line.includes(text)) + 1

test('a runtime that the local cloud does not run says nothing about the stack', async () => {
  const python = stack([
    'const integration =',
    `new CfnFunction(this, 'Other', { runtime: 'ruby3.3', handler: 'a.b', role: answer.role!.roleArn, code: { zipFile: '' } })
    const integration =`,
  ]).replace('Runtime }', 'CfnFunction, Runtime }')
  const verdict = await checked({ 'stack.ts': python })
  expect(verdict.verdict).toBe('error')
  expect(verdict.criteria).toMatchObject([
    {
      id: 'deploys',
      verdict: 'error',
      evidence: [expect.stringMatching(/Other: AWS::Lambda::Function \(Runtime ruby3\.3 is not run here/)],
      means: expect.stringMatching(/^AWS may accept this; the local cloud does not support it/),
      where: `given/stack.ts:${lineOf(python, "'Other'")}`,
      hint: 'docs/when-it-does-not-deploy.md#what-the-local-cloud-does-not-support',
    },
    { verdict: 'skipped' },
    { verdict: 'skipped' },
  ])
  expect(verdictInWords(verdict, { explanation: '', starterBreaks: [] }, false)).toMatch(
    /Could not check[\s\S]*What you can do: docs\/when-it-does-not-deploy\.md#what-the-local-cloud/,
  )
})

test('what AWS refuses too is the fault of the stack, and comes before what only the local cloud lacks', async () => {
  const both = stack([
    'const integration =',
    `new CfnResource(this, 'Site', { type: 'AWS::Glue::Job', properties: {} })
    new CfnFunction(this, 'Typo', { runtime: 'pyton3', handler: 'a.b', role: answer.role!.roleArn, code: { zipFile: '' } })
    const integration =`,
  ])
    .replace('Runtime }', 'CfnFunction, Runtime }')
    .replace('CfnOutput,', 'CfnOutput, CfnResource,')
  expect(await findingOn({ 'stack.ts': both })).toMatchObject({
    id: 'deploys',
    verdict: 'fail',
    observed: expect.stringMatching(/^AWS does not accept .*Typo: .*Runtime pyton3 does not exist/),
    where: `given/stack.ts:${lineOf(both, "'Typo'")}`,
  })
})

test('a promise broken while a handler asks for what the local cloud lacks is no promise broken', async () => {
  const asking = handler
    .replace(
      'const { routeKey',
      `if (event.requestContext.routeKey === 'message') await new DynamoDBClient().send(new ListBackupsCommand())\n  const { routeKey`,
    )
    .replace(
      'import',
      `import { DynamoDBClient, ListBackupsCommand } from '@aws-sdk/client-dynamodb'\nimport`,
    )
  expect(await findingOn({ 'handlers/answer.ts': asking })).toMatchObject({
    id: 'message-comes-back',
    verdict: 'error',
    evidence: expect.arrayContaining(['not supported here: dynamodb: ListBackups']),
    means: expect.stringMatching(/^AWS may accept this/),
  })
})

test.each([
  ['no Url', "'Url', { value: live.url }", "'Address', { value: live.url }", /no output Url/],
  ['an https:// Url', 'value: live.url', 'value: live.callbackUrl', /begins with wss:/],
  [
    'a Url elsewhere',
    'value: live.url',
    "value: 'wss://example.com/live'",
    /^example\.com is no API of this/,
  ],
])('%s is told as such, at the first promise', async (_, from, to, means) => {
  const finding = await findingOn({ 'stack.ts': stack([from, to]) })
  expect(finding).toMatchObject({ id: 'door-opens', verdict: 'fail', means: expect.stringMatching(means) })
})

test('a stack that waits at its top level, or imports what does, is synthesized with its lines', async () => {
  const waiting = stack(
    ['export class', "const stage = await Promise.resolve('live')\n\nexport class"],
    ["stageName: 'live'", 'stageName: stage + later'],
    ['import { fileURLToPath }', "import { later } from './later.ts'\nimport { fileURLToPath }"],
  )
  const later = (text: string) => `export const later = await Promise.resolve('${text}')\n`
  expect((await checked({ 'stack.ts': waiting, 'later.ts': later('2') }, alone)).verdict).toBe('pass')
  // AWS takes no such name for a stage.
  expect(await findingOn({ 'stack.ts': waiting, 'later.ts': later('!') }, alone)).toMatchObject({
    id: 'deploys',
    verdict: 'fail',
    where: `given/stack.ts:${lineOf(waiting, 'new WebSocketStage(')}`,
  })
})

test('a base class and a nested stack may be exported beside the stack, but no second stack', async () => {
  const based = stack(
    [
      'export class AnswerStack extends Stack',
      'export class Base extends Stack {}\nexport class Part extends NestedStack {}\nexport class AnswerStack extends Base',
    ],
    ['RemovalPolicy,', 'NestedStack, RemovalPolicy,'],
  )
  expect((await checked({ 'stack.ts': based })).verdict).toBe('pass')
  const second = `${solution}\nexport class Another extends Stack {}\n`
  expect(await findingOn({ 'stack.ts': second }, alone)).toMatchObject({
    id: 'synthesizes',
    verdict: 'fail',
    observed: 'stack.ts exports 2 stacks: AnswerStack, Another. Export only the one that is to be checked.',
    where: `given/stack.ts:${lineOf(second, 'class Another')}`,
  })
})

test.each([
  ['empty', ''],
  ['nothing but comments', '// soon\n/* export class Chat extends Stack {} */\n'],
])('a stack.ts that is %s is told as such', async (_, code) => {
  expect(await findingOn({ 'stack.ts': code })).toMatchObject({
    id: 'compiles',
    verdict: 'fail',
    observed: 'given/stack.ts is empty.',
    where: 'given/stack.ts:1',
  })
})

const bigEndian = Buffer.from(`\ufeff${handler}`, 'utf16le').swap16()
test.each([
  ['UTF-16 (little endian)', Buffer.from(`\ufeff${handler}`, 'utf16le')],
  ['UTF-16 (little endian)', Buffer.from(handler, 'utf16le')],
  ['UTF-16 (big endian)', bigEndian],
])('a handler that is encoded as %s is told as such', async (encoding, content) => {
  expect(await findingOn({ 'handlers/answer.ts': content })).toMatchObject({
    id: 'compiles',
    verdict: 'fail',
    observed: `given/handlers/answer.ts is encoded as ${encoding}.`,
    where: 'given/handlers/answer.ts:1',
  })
})

test('UTF-8 with a mark at its start, as Windows writes it, is all right', async () => {
  const marked = (text: string) => `\ufeff${text}`
  const cdk = readFileSync(join(house, 'starter', lab1.id, 'cdk.json'), 'utf8')
  const files = {
    'stack.ts': marked(solution),
    'handlers/answer.ts': marked(handler),
    'cdk.json': marked(cdk),
  }
  expect((await checked(files)).verdict).toBe('pass')
})

test('a cdk.json that cannot be read is named', async () => {
  expect(await findingOn({ 'cdk.json': '{ "app": ' }, alone)).toMatchObject({
    id: 'synthesizes',
    observed: expect.stringMatching(/^cdk\.json is no valid JSON/),
    where: 'given/cdk.json:1',
  })
})

test('a package that is not installed is named', async () => {
  const importing = `import pad from 'left-pad'\n${handler}\nconsole.log(pad)\n`
  const finding = await findingOn({ 'handlers/answer.ts': importing }, alone)
  expect(finding).toMatchObject({ id: 'synthesizes', verdict: 'fail' })
  expect([finding?.observed, ...(finding?.evidence ?? [])].join('\n')).toContain(
    'Could not resolve "left-pad"',
  )
})

test.each([
  ['../../outside/names.ts', 'a relative import'],
  ['../../../../solutions/lab1-missing-route/stack.ts', 'an import of a file of the kit'],
  ['#kit', "an import by the kit's package.json"],
])('an import of %s leads out of the hand-in: %s', async specifier => {
  const importing = `import * as outside from '${specifier}'\n${handler}\nconsole.log(outside)\n`
  expect(await findingOn({ 'handlers/answer.ts': importing })).toMatchObject({
    id: 'compiles',
    verdict: 'fail',
    observed: `given/handlers/answer.ts:1 imports ${specifier}, which leads out of the hand-in.`,
    where: 'given/handlers/answer.ts:1',
  })
})

test.each([
  [
    'a function whose entry',
    '../../../../solutions/lab1-missing-route/handlers/answer.ts',
    /^The entry of a function leads out of the hand-in: \.\.\/.*solutions/,
  ],
  [
    'a function whose missing entry',
    '../outside/answer.ts',
    /^Cannot find entry file at .*\nThis leads out of the hand-in: \.\.\/outside\/answer\.ts$/,
  ],
])('%s leads out of the hand-in is told so, with its line', async (_, entry, observed) => {
  const outside = stack(["'handlers/answer.ts'", `'${entry}'`])
  expect(await findingOn({ 'stack.ts': outside }, alone)).toMatchObject({
    id: 'synthesizes',
    verdict: 'fail',
    observed: expect.stringMatching(observed),
    where: `given/stack.ts:${lineOf(outside, 'new NodejsFunction')}`,
  })
})

test('an asset that leads out of the hand-in is told so, with its line', async () => {
  const outside = stack([
    'const integration =',
    `new Function(this, 'Plain', { runtime: Runtime.NODEJS_22_X, handler: 'a.b', code: Code.fromAsset('../../../../docs') })\n    const integration =`,
  ]).replace('Runtime }', 'Code, Function, Runtime }')
  expect(await findingOn({ 'stack.ts': outside }, alone)).toMatchObject({
    id: 'synthesizes',
    observed: 'An asset leads out of the hand-in: ../../../../docs',
    where: `given/stack.ts:${lineOf(outside, "'Plain'")}`,
  })
})
