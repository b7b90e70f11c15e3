import { type Finding, hasFault, type Lab, shortened, type Verdict, visible } from '#kit'
import { type Paint, painter } from './paint.ts'
import { visibleLines } from './visible-lines.ts'
import { wrap } from './wrap.ts'

/** The most lines of evidence shown of one finding; `--json` has them all. */
const MOST_EVIDENCE = 12
/** The most characters shown of one such line. */
const MOST_CHARACTERS = 320

/** A terminal that a report is to fit. Without one, a report has a form that does not depend on where it is read. */
export interface Terminal {
  readonly width: number
  /** What a promise says, by its id. */
  readonly titleOf?: (id: string) => string | undefined
}

/** One finding as the terminal shows it: a line when kept or skipped, the whole story when broken. */
export function findingInWords(finding: Finding, colour: boolean, terminal?: Terminal): string {
  const paint = painter(colour)
  const says = fitted(finding.says, 4, terminal)
  switch (finding.verdict) {
    case 'pass':
      return `  ${paint.green('✓')} ${says}\n`
    case 'skipped':
      return `  ${paint.dim('–')} ${paint.dim(says)}\n    ${paint.dim(fitted(whySkipped(finding, terminal), 4, terminal))}\n`
    case 'fail':
      return `  ${paint.red('✗')} ${paint.bold(says)}\n${story(finding, paint, terminal)}`
    case 'error':
      return `  ${paint.yellow('!')} ${paint.bold(says)}\n${story(finding, paint, terminal)}`
  }
}

/** A reader knows what a promise says, and not what it is called. */
function whySkipped({ means = '', after }: Finding, terminal: Terminal | undefined): string {
  const title = after === undefined ? undefined : terminal?.titleOf?.(after)
  return title ? `Not tried, because "${title}" comes first.` : means
}

/** The last lines: what it comes to, and the next command. */
export function verdictInWords(
  verdict: Verdict,
  told: Pick<Lab, 'explanation' | 'starterBreaks'>,
  colour: boolean,
  terminal?: Terminal,
): string {
  const paint = painter(colour)
  const lab = verdict.lab
  const short = lab.replace(/-.*/, '')
  const took = `${(verdict.ms.total / 1000).toFixed(1)} s`
  const set = (text: string) => fitted(text, 0, terminal)
  switch (verdict.verdict) {
    case 'pass': {
      const kept = `${lab} keeps all its promises (${took}).`
      if (!hasFault(told))
        return set(`\n${paint.green('All is well')}: ${kept}\nWhat you have seen: ${told.explanation}\n`)
      return set(
        `\n${paint.green('Fixed')}: ${kept}\nWhat was wrong, and why: ${told.explanation}\n${ofTheStarter(verdict, `Compare with the solution: npm run diff -- ${short}`)}`,
      )
    }
    case 'fail':
      return set(
        `\n${paint.red('Not fixed yet')}: ${lab} (${took}).\n${ofTheStarter(verdict, `A hint, if you want one: npm run hint -- ${short}`)}`,
      )
    case 'error':
      return set(
        `\n${paint.yellow('Could not check')}: ${lab} (${took}). This is not about your stack.\n${whatToDo(verdict)}\n`,
      )
  }
}

/** Set for the terminal, each further line indented; as it is where there is none. */
const fitted = (text: string, indent: number, terminal: Terminal | undefined): string =>
  terminal ? wrap(text, indent, terminal.width, 'cut') : text

/** A line about a command that works on the starter. A hand-in and the solution do not get it. */
const ofTheStarter = ({ source }: Verdict, line: string): string => (source === 'starter' ? `${line}\n` : '')

/** An error with a page of its own is not the fault of the machine. */
function whatToDo({ criteria }: Verdict): string {
  const hint = criteria.find(one => one.verdict === 'error')?.hint
  return hint ? `What you can do: ${hint}` : 'Is this machine ready? npm run doctor'
}

function story(finding: Finding, paint: Paint, terminal: Terminal | undefined): string {
  const set = (text: string) => (terminal ? wrap(text, 14, terminal.width, 'cut') : wrap(text, 14))
  const row = (label: string, text: string | undefined) =>
    text ? `    ${paint.dim(label.padEnd(9))} ${set(visibleLines(text))}\n` : ''
  const evidence = finding.evidence ?? []
  const shown = evidence.slice(0, MOST_EVIDENCE)
  const more = evidence.length - shown.length

  return [
    '\n',
    row('did', finding.did),
    row('expected', finding.expected),
    row('observed', finding.observed),
    // A frame stays in one line, as it was on the wire. On a terminal, which would break it anyhow, it hangs further in.
    ...shown.map(
      (line, index) =>
        `    ${paint.dim((index === 0 ? 'evidence' : '').padEnd(9))} ${fitted(shortened(visible(line), MOST_CHARACTERS), 16, terminal)}\n`,
    ),
    more > 0 ? row('', `… and ${more} more lines (--json shows all)`) : '',
    row('means', finding.means),
    row('where', finding.where),
    row('read', finding.hint),
    '\n',
  ].join('')
}
