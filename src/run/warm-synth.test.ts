import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { startGuardian } from '../cloud/guardian.ts'
import { HANG } from '../machine/bounds.ts'
import { type WarmSynth, warmSynth } from './warm-synth.ts'
import { workspace } from './workspace.ts'

const guardian = startGuardian()
const started: WarmSynth[] = []
afterAll(async () => {
  for (const one of started) one.stop()
  await guardian.stop()
})

function start(): WarmSynth {
  const warm = warmSynth(guardian, HANG)
  started.push(warm)
  return warm
}

/** A stack whose output is the process that made it; `code` runs when it is loaded. */
const stack = (code = '') => `
import { CfnOutput, Stack } from 'aws-cdk-lib'
${code}
export class Told extends Stack {
  constructor(...given: ConstructorParameters<typeof Stack>) {
    super(...given)
    new CfnOutput(this, 'Process', { value: String(process.pid) })
  }
}
`

/** The process that synthesized it, or nothing where none did. */
async function madeBy(warm: WarmSynth, code?: string): Promise<string | undefined> {
  const source = workspace(guardian, 'told')
  writeFileSync(join(source, 'stack.ts'), stack(code))
  const outdir = join(source, 'cdk.out')
  const isMade = await warm.synthesizes({ source, stackName: 'Told', outdir, isHandIn: true })
  if (isMade)
    return JSON.parse(readFileSync(join(outdir, 'Told.template.json'), 'utf8')).Outputs.Process.Value
  expect(existsSync(outdir)).toBe(false)
  return undefined
}

test('one process synthesizes one stack after the other, in turn', async () => {
  const warm = start()
  const [first, second, third] = await Promise.all([madeBy(warm), madeBy(warm), madeBy(warm)])
  expect(first).toMatch(/^\d+$/)
  expect([second, third]).toEqual([first, first])
})

test('what a stack does to its process is undone before the next', async () => {
  const warm = start()
  const first = await madeBy(warm, "process.env.LEFT = 'left'\nprocess.env.PATH = ''\nprocess.chdir('/')")
  const clean = "if (process.env.LEFT || !process.env.PATH || process.cwd() === '/') throw new Error('left')"
  expect(await madeBy(warm, clean)).toBe(first)
})

test.concurrent.each([
  ['throws', "throw new Error('not today')"],
  ['ends the process', 'process.exit(0)'],
])('a stack that %s is not made, and the next is made by another process', async (_, code) => {
  const warm = start()
  const [before, refused, after] = await Promise.all([madeBy(warm), madeBy(warm, code), madeBy(warm)])
  expect(refused).toBeUndefined()
  expect(after).toMatch(/^\d+$/)
  expect(after).not.toBe(before)
})

test('a stack that never comes to an end is given up, and the next is made by another process', async () => {
  const warm = start()
  const before = await madeBy(warm)
  const begun = join(guardian.temporaryFolder('wslab-endless-'), 'begun')
  const endless = `import { writeFileSync } from 'node:fs'
writeFileSync(${JSON.stringify(begun)}, '')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const refused = madeBy(warm, endless)
    await expect.poll(() => existsSync(begun)).toBe(true)
    vi.advanceTimersByTime(HANG)
    expect(await refused).toBeUndefined()
  } finally {
    vi.useRealTimers()
  }
  const after = await madeBy(warm)
  expect(after).toMatch(/^\d+$/)
  expect(after).not.toBe(before)
})

test('a process that ended between two stacks is no loss', async () => {
  const warm = start()
  const first = await madeBy(warm)
  process.kill(Number(first), 'SIGKILL')
  const second = (await madeBy(warm)) ?? (await madeBy(warm))
  expect(second).toMatch(/^\d+$/)
  expect(second).not.toBe(first)
})
