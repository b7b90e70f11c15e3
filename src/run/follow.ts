import type { Finding, Lab, Target, Verdict } from '#kit'
import type { Checking } from './check.ts'
import { type Choice, labelOf } from './source.ts'

/** Says an error of ours in words that the reader of a verdict understands. */
export type InWords = (error: unknown) => string

/**
 * Reads a check to its end, and tells each finding as it comes. An error of ours becomes a verdict too: scripts and pages
 * get a document in any case.
 */
export async function follow(
  course: Checking,
  { lab, choice, target }: { lab: Lab; choice: Choice; target: Target['name'] },
  tell: (finding: Finding) => void,
  inWords: InWords,
): Promise<Verdict> {
  const findings: Finding[] = []
  try {
    for (;;) {
      const next = await course.next()
      if (next.done) return next.value
      findings.push(next.value)
      tell(next.value)
    }
  } catch (error) {
    const verdict = unable(lab, choice, target, findings, inWords(error))
    tell(verdict.criteria.at(-1)!)
    return verdict
  }
}

/** What is said of a lab that could not be checked to its end. */
export function unable(
  lab: Lab,
  choice: Choice,
  target: Target['name'],
  findings: readonly Finding[],
  observed: string,
): Verdict {
  const finding: Finding = {
    id: 'the-check-itself',
    says: 'The check can be carried out',
    verdict: 'error',
    observed,
    ms: 0,
  }
  const ms = { synth: 0, deploy: 0, probe: 0, total: 0 }
  const source = labelOf(choice)
  return { version: 1, lab: lab.id, target, source, verdict: 'error', criteria: [...findings, finding], ms }
}
