import { basename, dirname } from 'node:path'
import type { Lab, Verdict } from '#kit'
import { checkInAProcess } from '../grade/check-process.ts'
import { privateCopy } from '../grade/private-copy.ts'
import { exitCode } from '../report/exit-code.ts'
import { wantsColour } from '../report/paint.ts'
import { progressLine } from '../report/progress-line.ts'
import { findingInWords, verdictInWords } from '../report/terminal.ts'
import { printable } from '../report/visible-lines.ts'
import { widthOf } from '../report/width.ts'
import type { HandIn } from '../run/hand-in.ts'
import { workspace } from '../run/workspace.ts'
import { atHandInWords } from '../sandbox/in-words.ts'
import { sandboxAtHand } from '../sandbox/sandbox.ts'
import type { Session } from './session.ts'

/** How long the check may take, in milliseconds. */
const LIMIT = 10 * 60_000

/** Checks one hand-in in the strongest sandbox at hand. Where there is none, nothing of it is run. */
export async function checkIsolated(
  lab: Lab,
  { directory }: HandIn,
  isForJson: boolean,
  session: Session,
): Promise<number> {
  const { guardian } = session
  const atHand = await sandboxAtHand(guardian)
  if ('none' in atHand) {
    process.stderr.write(
      `${atHand.none} Nothing was run. Without --isolated it would run with your rights.\n`,
    )
    return exitCode.error
  }
  process.stderr.write(atHandInWords(atHand))
  const line = progressLine(isForJson ? { isTTY: false, write() {} } : process.stdout)
  line.now('checking in the sandbox')
  const place = { cwd: dirname(directory), from: basename(directory), unchanged: false }
  const copy = await privateCopy(lab, place, workspace(guardian, 'isolated'))
  const ended = await checkInAProcess(lab, copy, {
    ...{ limit: LIMIT, sandbox: atHand, guardian },
    ends(kill) {
      session.closes(kill, async end => end())
      return () => {}
    },
  }).finally(line.clear)
  if ('because' in ended) {
    process.stderr.write(`Could not check: ${ended.because}\n`)
    return exitCode.error
  }
  process.stdout.write(isForJson ? `${printable(ended.verdict)}\n` : inWords(lab, ended.verdict))
  return exitCode[ended.verdict.verdict]
}

function inWords(lab: Lab, verdict: Verdict): string {
  const colour = wantsColour(process.stdout)
  const width = widthOf(process.stdout)
  const titles = new Map(verdict.criteria.map(({ id, says }) => [id, says]))
  const terminal = width === undefined ? undefined : { width, titleOf: (id: string) => titles.get(id) }
  return [
    `\n${lab.id}: ${lab.title}\n\n`,
    ...verdict.criteria.map(finding => findingInWords(finding, colour, terminal)),
    verdictInWords(verdict, lab, colour, terminal),
  ].join('')
}
