import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import type { Assembly, Synthesis } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { fairTimeout } from '../machine/fair-timer.ts'
import { blameTheInstallation } from './installation.ts'
import { npxShortcut } from './npx-shortcut.ts'
import { originsIn } from './origins.ts'
import { codeLinesIn, linesOf, withPaths } from './paths.ts'
import type { Source } from './source.ts'
import { StackProblem } from './stack-problem.ts'
import { startSynthWorker } from './synth-process.ts'
import type { SynthAnswer, SynthRequest } from './synth-worker.ts'
import { cache } from './workspace.ts'

/** How long a stack may take to synthesize, in milliseconds. Cold, on a slow machine, a big one takes about ten seconds. */
const SYNTH_TIMEOUT = 60_000
/** How much of what the stack and its bundler print is kept. */
const MOST_OUTPUT = 64 * 1024

/**
 * Synthesizes the learner's stack in a process of its own.
 *
 * @throws StackProblem when the stack throws, ends the process, or does not come to an end.
 */
export async function synth(
  source: Source,
  as: Synthesis,
  workspace: string,
  guardian: Guardian,
): Promise<Assembly> {
  const outdir = outdirIn(workspace, as)
  const request: SynthRequest = {
    source: source.directory,
    outdir,
    more: false,
    isHandIn: source.isHandIn,
    ...as,
  }
  const { answer, output, exit } = await ask(request, workspace, guardian)

  if (answer?.kind === 'done') return assemblyIn(outdir, as.stackName, source)
  if (answer) {
    blameTheMachine(`${answer.code} ${answer.problem}\n${output}`)
    blameTheInstallation(`${answer.problem}\n${output}`)
    const observed = withPaths(outsideInWords(answer.problem, source).trim(), source)
    const where = codeLinesIn(`${answer.stack}\n${answer.problem}`, source)[0]
    throw new StackProblem('synthesizes', {
      observed,
      evidence: linesOf(output, source),
      means:
        'CDK could not turn the stack into a template: the code of the stack, or the bundling of a handler, failed.',
      ...(where ? { where } : {}),
    })
  }
  throw new StackProblem('synthesizes', {
    observed: exit,
    evidence: linesOf(output, source),
    means: 'The code of the stack ended, or never finished, before there was a template.',
    where: source.display('stack.ts'),
  })
}

/** CDK looks for a function's entry before anything else is asked: what is not there may be outside, where it was on another machine. */
function outsideInWords(problem: string, source: Source): string {
  const missing = /Cannot find (?:entry file|asset) at (.+?),?$/m.exec(problem)?.[1]
  const way = missing && relative(source.directory, missing)
  if (!source.isHandIn || !way || !(way.startsWith('..') || isAbsolute(way))) return problem
  return `${problem}\nThis leads out of the hand-in: ${way}`
}

/** A folder for each context: a second synth into the same one would find the hashes of the first. */
export function outdirIn(workspace: string, { context }: Synthesis): string {
  if (!context) return join(workspace, 'cdk.out')
  const print = createHash('sha256').update(JSON.stringify(context)).digest('hex').slice(0, 8)
  return join(workspace, `cdk.out-${print}`)
}

/** Reads what has been synthesized into a folder. */
export async function assemblyIn(outdir: string, stackName: string, source: Source): Promise<Assembly> {
  return { directory: outdir, stackName, origins: await originsIn(outdir, stackName, source) }
}

/** A full disk is not the learner's fault, no matter which program ran into it: CDK, or the bundler that it started. Throws with the system's code. */
function blameTheMachine(words: string): void {
  const code =
    /\b(ENOSPC|EDQUOT|EROFS|EMFILE|ENFILE|ENOMEM)\b/.exec(words)?.[1] ??
    (/no space left on device/i.test(words) ? 'ENOSPC' : undefined)
  if (code) throw Object.assign(new Error(`The stack could not be synthesized (${code}).`), { code })
}

interface Outcome {
  readonly answer: SynthAnswer | undefined
  readonly output: string
  readonly exit: string
}

async function ask(request: SynthRequest, workspace: string, guardian: Guardian): Promise<Outcome> {
  // There before the process is: a fence can only open what is there.
  await mkdir(request.outdir, { recursive: true })
  await mkdir(cache, { recursive: true })
  const { child, end } = startSynthWorker(
    request.source,
    await npxShortcut(workspace),
    guardian,
    request.outdir,
  )
  const output = collect(child)
  let answer: SynthAnswer | undefined
  child.once('message', message => {
    answer = message as SynthAnswer
  })
  child.send(request)

  let late = false
  const callOff = fairTimeout(SYNTH_TIMEOUT, () => {
    late = true
    end()
  })
  try {
    const [code, signal] = await once(child, 'close')
    const exit = late
      ? `the stack was still not synthesized after ${SYNTH_TIMEOUT / 1000} s`
      : `the process in which the stack is synthesized ended ${signal ? `by ${signal}` : `with exit code ${code}`}`
    return { answer, output: output(), exit }
  } finally {
    callOff()
    end()
  }
}

function collect(child: ChildProcess): () => string {
  let text = ''
  const keep = (data: Buffer) => {
    if (text.length < MOST_OUTPUT) text += data
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return () => text
}
