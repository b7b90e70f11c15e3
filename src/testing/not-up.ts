import { DeployFailed, NotSupportedHere } from '#kit'
import { AssemblyProblem, NotThere } from '../cloud/cloudformation/assembly.ts'
import { Unsupported } from '../cloud/cloudformation/survey.ts'

/** Why nothing came up, as one error with everything that is known in its message. What is no fault of the stack's stays as it is. */
export function notUp(error: unknown): unknown {
  if (error instanceof Unsupported) {
    return because(
      'the local cloud does not have all that is in it. Nothing has been started.',
      error.lines,
      error,
      [
        'Add skipUnsupported: true to run it without these and what refers to them, or stacks to choose others.',
      ],
    )
  }
  if (error instanceof NotSupportedHere) {
    return because('the local cloud does not support everything in this stack.', error.lines, error)
  }
  if (error instanceof DeployFailed) return because(error.reason, error.evidence, error)
  if (error instanceof AssemblyProblem || error instanceof NotThere) return because(error.message, [], error)
  return error
}

const because = (
  reason: string,
  lines: readonly string[],
  cause: Error,
  advice: readonly string[] = [],
): Error =>
  new Error([`It did not come up: ${reason}`, ...lines.map(line => `  ${line}`), ...advice].join('\n'), {
    cause,
  })
