import { DeployFailed, NotSupportedHere } from '#kit'
import { AssemblyProblem, NotThere } from '../cloud/cloudformation/assembly.ts'
import { Unsupported } from '../cloud/cloudformation/survey.ts'
import { visibleLines } from '../report/visible-lines.ts'
import { StackProblem } from '../run/stack-problem.ts'
import { WrongUsage } from './usage.ts'

/**
 * Why a stack did not come up, in words, for the person who wrote it.
 *
 * @throws WrongUsage for a folder or a stack that is not there, and the error itself when it is no fault of the stack's.
 */
export function whyNotUp(error: unknown): string {
  if (error instanceof NotThere) throw new WrongUsage(error.message)
  if (error instanceof Unsupported) {
    return inWords(
      'the local cloud does not have all that is in it. Nothing has been started.',
      error.lines,
      'Add --skip-unsupported to run it without these and what refers to them, or --stack NAME to take one stack and what it needs.',
    )
  }
  if (error instanceof StackProblem) {
    const { observed, evidence = [], where } = error.seen
    return inWords(observed, evidence, where && `Look at ${where}`)
  }
  if (error instanceof NotSupportedHere)
    return inWords('the local cloud does not support everything in this stack.', error.lines)
  if (error instanceof AssemblyProblem) return inWords(error.message, [])
  if (error instanceof DeployFailed) return inWords(error.reason, error.evidence)
  throw error
}

const inWords = (reason: string, lines: readonly string[], advice?: string): string =>
  visibleLines(
    [
      `It did not come up: ${reason}`,
      ...lines.map(line => `  ${line}`),
      ...(advice ? [advice] : []),
      '',
    ].join('\n'),
  )
