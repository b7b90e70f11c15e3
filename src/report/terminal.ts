import { type Finding, shortened, type Verdict, visible } from '#kit'
import { type Paint, painter } from './paint.ts'
import { wrap } from './wrap.ts'

/** The most lines of evidence shown of one finding; `--json` has them all. */
const MOST_EVIDENCE = 12
/** The most characters shown of one such line. */
const MOST_CHARACTERS = 320

/** One finding as the terminal shows it: a line when kept or skipped, the whole story when broken. */
export function findingInWords(finding: Finding, colour: boolean): string {
  const paint = painter(colour)
  switch (finding.verdict) {
    case 'pass':
      return `  ${paint.green('✓')} ${finding.says}\n`
    case 'skipped':
      return `  ${paint.dim('–')} ${paint.dim(finding.says)}\n    ${paint.dim(finding.means ?? '')}\n`
    case 'fail':
      return `  ${paint.red('✗')} ${paint.bold(finding.says)}\n${story(finding, paint)}`
    case 'error':
      return `  ${paint.yellow('!')} ${paint.bold(finding.says)}\n${story(finding, paint)}`
  }
}

/** The last lines: what it comes to, and the next command. */
export function verdictInWords(verdict: Verdict, explanation: string, colour: boolean): string {
  const paint = painter(colour)
  const lab = verdict.lab
  const short = lab.replace(/-.*/, '')
  const took = `${(verdict.ms.total / 1000).toFixed(1)} s`
  switch (verdict.verdict) {
    case 'pass':
      return `\n${paint.green('Fixed')}: ${lab} keeps all its promises (${took}).\nWhat was wrong, and why: ${explanation}\n${ofTheStarter(verdict, `Compare with the solution: npm run diff -- ${short}`)}`
    case 'fail':
      return `\n${paint.red('Not fixed yet')}: ${lab} (${took}).\n${ofTheStarter(verdict, `A hint, if you want one: npm run hint -- ${short}`)}`
    case 'error':
      return `\n${paint.yellow('Could not check')}: ${lab} (${took}). This is not about your stack.\n${whatToDo(verdict)}\n`
  }
}

/** A line about a command that works on the starter. A hand-in and the solution do not get it. */
const ofTheStarter = ({ source }: Verdict, line: string): string => (source === 'starter' ? `${line}\n` : '')

/** An error with a page of its own is not the fault of the machine. */
function whatToDo({ criteria }: Verdict): string {
  const hint = criteria.find(one => one.verdict === 'error')?.hint
  return hint ? `What you can do: ${hint}` : 'Is this machine ready? npm run doctor'
}

function story(finding: Finding, paint: Paint): string {
  const row = (label: string, text: string | undefined) =>
    text ? `    ${paint.dim(label.padEnd(9))} ${wrap(linesOf(text), 14)}\n` : ''
  const evidence = finding.evidence ?? []
  const shown = evidence.slice(0, MOST_EVIDENCE)
  const more = evidence.length - shown.length

  return [
    '\n',
    row('did', finding.did),
    row('expected', finding.expected),
    row('observed', finding.observed),
    // A frame stays in one line, as it was on the wire.
    ...shown.map(
      (line, index) =>
        `    ${paint.dim((index === 0 ? 'evidence' : '').padEnd(9))} ${shortened(visible(line), MOST_CHARACTERS)}\n`,
    ),
    more > 0 ? row('', `… and ${more} more lines (--json shows all)`) : '',
    row('means', finding.means),
    row('where', finding.where),
    row('read', finding.hint),
    '\n',
  ].join('')
}

/** A text of several lines, in each of which what cannot be seen is made visible. */
const linesOf = (text: string): string => text.split('\n').map(visible).join('\n')
