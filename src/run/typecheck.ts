import { relative, resolve } from 'node:path'
import type { Guardian } from '../cloud/guardian.ts'
import { blameTheInstallation } from './installation.ts'
import type { Source } from './source.ts'
import { StackProblem } from './stack-problem.ts'
import { errorsIn, projectFor, tsc } from './tsc.ts'

/** The most errors shown: the first is the one to fix. */
const MOST_ERRORS = 5

/**
 * Type-checks the code under test with the rules of `starter/tsconfig.json`, as the learner's editor does.
 *
 * @throws StackProblem naming file, line and TypeScript's own words.
 */
export async function typecheck(source: Source, workspace: string, guardian: Guardian): Promise<void> {
  const project = await projectFor(source, workspace)
  const { code, output } = await tsc(['--project', project], guardian)
  if (code === 0) return

  const errors = errorsIn(output).map(({ file, line, text }) => ({
    where: `${source.display(relative(source.directory, resolve(file)))}:${line}`,
    text,
  }))
  const [first] = errors
  if (!first)
    throw new Error(
      `The TypeScript compiler ended with exit code ${code}: ${output.trim() || 'it said nothing'}`,
    )
  blameTheInstallation(output)
  throw new StackProblem('compiles', {
    observed: first.text,
    evidence: errors.slice(0, MOST_ERRORS).map(error => `${error.where} ${error.text}`),
    means: 'TypeScript refuses the code, so there is nothing to deploy.',
    where: first.where,
  })
}
