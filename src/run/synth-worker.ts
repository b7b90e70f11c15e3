/**
 * Runs in a process of its own, in the CommonJS world of `tsx/cjs`: importing CDK costs 50 ms this way and 180 ms as
 * an ES module, and whatever the learner's stack does, such as `process.exit`, it does to this process only.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { App, Stack } from 'aws-cdk-lib'
import { noteStatements } from './statement-notes.ts'
import { goAnywhere, stayInside } from './stay-inside.ts'

/** What the worker is asked to do. */
export interface SynthRequest {
  /** The folder with `stack.ts`. */
  readonly source: string
  readonly stackName: string
  /** A folder in which nothing has been synthesized yet. */
  readonly outdir: string
  /** Of the stack: CloudFormation passes them on to what it makes. */
  readonly tags?: Readonly<Record<string, string>>
  /** Goes over the context of the folder's cdk.json. */
  readonly context?: Readonly<Record<string, string>>
  /** Where the CDK's CLI is to put the assets; its own bucket unless given. */
  readonly assetBucket?: string
  /** Whether its functions and assets must be in the folder. */
  readonly isHandIn: boolean
  /** Whether the worker is to wait for another request after this one. */
  readonly more: boolean
}

/** What it answers: `problem` is in words for the learner. */
export type SynthAnswer =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'problem'
      readonly problem: string
      readonly stack: string
      /** The system's code, where it was the system that refused something: `ENOSPC`. */
      readonly code?: string
    }

let writeNotes: ReturnType<typeof noteStatements> | undefined

const environment = { ...process.env }
const directory = process.cwd()

process.on('message', async (request: SynthRequest) => {
  let answer: SynthAnswer
  try {
    await synthesize(request)
    answer = { kind: 'done' }
  } catch (error) {
    const { message, stack, code } = (
      error instanceof Error ? error : new Error(String(error))
    ) as NodeJS.ErrnoException
    answer = { kind: 'problem', problem: message, stack: stack ?? message, ...(code ? { code } : {}) }
  }
  if (request.more) forget()
  process.send?.(answer, () => {
    if (!request.more) process.disconnect?.()
  })
})

async function synthesize(request: SynthRequest): Promise<void> {
  const { source, stackName, outdir, tags, assetBucket, context } = request
  process.chdir(source)
  // CDK's own template validation takes 0.8-1.5 s; the cloud judges the template anyway.
  process.env.CDK_VALIDATION = 'false'
  keepFingerprintsIn(process.env.TMPDIR ?? outdir)
  const cdk: typeof import('aws-cdk-lib') = require('aws-cdk-lib')

  if (request.isHandIn) stayInside([source, outdir])
  else goAnywhere()
  writeNotes ??= noteStatements()

  const app = new cdk.App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    context: { ...contextOf(source), ...context },
  })
  const TheStack = theStackOf(await loaded(request), join(source, 'stack.ts'), cdk)
  const stack = new TheStack(app, stackName, {
    stackName,
    synthesizer: new cdk.CliCredentialsStackSynthesizer(
      assetBucket ? { fileAssetsBucketName: assetBucket } : {},
    ),
  })
  for (const [key, value] of Object.entries(tags ?? {})) stack.tags.setTag(key, value)
  app.synth()
  writeNotes(stack, outdir, source)
}

/**
 * The module `stack.ts`. As CommonJS it cannot wait at its top level; if it does, it is loaded as an ES module, which
 * takes longer and cannot be forgotten. So only a process that has no other stack to come does that.
 */
async function loaded({ source, more }: SynthRequest): Promise<Record<string, unknown>> {
  const file = join(source, 'stack.ts')
  try {
    return require(file)
  } catch (error) {
    const { code, message = '' } = error as NodeJS.ErrnoException
    const waits = code === 'ERR_REQUIRE_ASYNC_MODULE' || /top-level await/i.test(message)
    if (!waits || more) throw error
    const importEsm: (url: string) => Promise<Record<string, unknown>> = require('./import-esm.cjs')
    return importEsm(pathToFileURL(file).href)
  }
}

/** Leaves nothing of one stack for the next: neither its modules and settings, nor the hashes of what was bundled for it. */
function forget(): void {
  for (const file of Object.keys(require.cache)) {
    if (file !== __filename && !/[\\/]node_modules[\\/]/.test(file)) delete require.cache[file]
  }
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name]
  Object.assign(process.env, environment)
  process.chdir(directory)
  const cdk: typeof import('aws-cdk-lib') = require('aws-cdk-lib')
  cdk.AssetStaging.clearAssetHashCache()
}

/**
 * CDK remembers the fingerprints of folders under the home directory, by where that is when this one module is loaded.
 * The folders of a check are gone when it is over, and nobody's home should fill up with them.
 */
function keepFingerprintsIn(folder: string): void {
  const { HOME } = process.env
  process.env.HOME = folder
  try {
    require(
      join(dirname(require.resolve('aws-cdk-lib/package.json')), 'core/lib/fs/fingerprint-disk-cache.js'),
    )
  } catch {
    // Another release of CDK, which keeps them otherwise or not at all.
  }
  if (HOME === undefined) delete process.env.HOME
  else process.env.HOME = HOME
}

/** The same feature flags as with plain `cdk`: those of the folder's own cdk.json. */
function contextOf(source: string): Record<string, unknown> {
  const file = join(source, 'cdk.json')
  if (!existsSync(file)) return {}
  // Windows' editors put a mark at the start of UTF-8.
  const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '')
  try {
    return JSON.parse(text).context ?? {}
  } catch (error) {
    throw at(file, 1, `cdk.json is no valid JSON: ${(error as Error).message}`)
  }
}

type StackClass = new (scope: App, id: string, props: any) => Stack

/** The one exported stack. A nested stack, and a class that another exported one extends, are parts of it. */
function theStackOf(
  module: Record<string, unknown>,
  file: string,
  { Stack: base, NestedStack }: typeof import('aws-cdk-lib'),
): StackClass {
  const classes = [...new Set(Object.values(module))].filter(
    (value): value is StackClass =>
      typeof value === 'function' &&
      value.prototype instanceof base &&
      !(value.prototype instanceof NestedStack),
  )
  const stacks = classes
    .filter(one => !classes.some(other => other.prototype instanceof one))
    .sort((a, b) => lineOf(file, `class ${a.name}`) - lineOf(file, `class ${b.name}`))
  const [only, second] = stacks
  if (!only) throw at(file, 1, 'stack.ts exports no class that extends Stack.')
  if (!second) return only
  const names = stacks.map(one => one.name).join(', ')
  throw at(
    file,
    lineOf(file, `class ${second.name}`),
    `stack.ts exports ${stacks.length} stacks: ${names}. Export only the one that is to be checked.`,
  )
}

/** An error with a place in the code, as a stack trace has it. */
function at(file: string, line: number, message: string): Error {
  const error = new Error(message)
  error.stack = `Error: ${message}\n    at ${file}:${line}:1`
  return error
}

function lineOf(file: string, text: string): number {
  const lines = readFileSync(file, 'utf8').split('\n')
  return Math.max(lines.findIndex(line => line.includes(text)) + 1, 1)
}
