import { visible } from '#kit'
import type { GradeDocument } from './document.ts'
import type { Graded } from './graded.ts'
import { inWords, pointsInWords, reasonOf, seconds } from './row.ts'

/** GitHub shows no more annotations of one step. */
const MOST = 10
/** GitHub takes a megabyte of summary, and refuses all of it when there is more. */
const MOST_SUMMARY = 900_000

/** Annotations for a run of GitHub Actions. `fileOf` tells where a place in a hand-in is in the repository. */
export function asAnnotations(
  { handIns, totals }: GradeDocument,
  fileOf: (graded: Graded, path: string) => string | undefined,
): string {
  const told = handIns.filter(({ grade }) => grade !== 'pass')
  const shown = told.length > MOST ? told.slice(0, MOST - 1) : told
  const lines = shown.map(one => annotation(one, fileOf))
  if (shown.length < told.length)
    lines.push(
      command(
        'notice',
        { title: 'Hand-ins' },
        `${told.length - shown.length} more are in the summary of this step (${totals.pass} are fixed).`,
      ),
    )
  return lines.join('')
}

function annotation(graded: Graded, fileOf: (graded: Graded, path: string) => string | undefined): string {
  const { grade, broken } = graded
  const [, path = '', line] = /^(.*?)(?::(\d+))?$/.exec(broken?.where ?? '') ?? []
  const file = path && fileOf(graded, path)
  const place = file ? { file, ...(line && { line }) } : {}
  const title = `${graded.name}: ${inWords(graded)}`
  const text = [reasonOf(graded), broken?.means].filter(Boolean).join('\n')
  return command(grade === 'look' ? 'warning' : 'error', { ...place, title }, text)
}

/** A command of GitHub's in a log. What learners wrote cannot end it, or begin another. */
function command(name: string, properties: Readonly<Record<string, string>>, text: string): string {
  const escaped = (value: string) =>
    value
      .split('\n')
      .map(visible)
      .join('\n')
      .replaceAll('%', '%25')
      .replaceAll('\r', '%0D')
      .replaceAll('\n', '%0A')
  const told = Object.entries(properties).map(
    ([key, value]) => `${key}=${escaped(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  )
  return `::${name} ${told.join(',')}::${escaped(text)}\n`
}

/** The summary of the step, in Markdown. */
export function asSummary({ lab, handIns, common, totals }: GradeDocument): string {
  const rows = handIns.map(
    one =>
      `| ${[one.name, inWords(one), pointsInWords(one), reasonOf(one), seconds(one)].map(cell).join(' | ')} |\n`,
  )
  const several = common.map(
    ({ count, says, hint }) =>
      `- ${count} of ${handIns.length}: ${cell(says)}${hint ? ` (${cell(hint)})` : ''}\n`,
  )
  const all = [
    `## ${cell(lab)}\n\n${totals.pass} fixed, ${totals.fail} not fixed, ${totals.look} to be looked at.\n\n`,
    '| Hand-in | Verdict | Points | First broken promise | Time |\n| --- | --- | --- | --- | --- |\n',
    ...rows,
    several.length > 0 ? '\n### What several got wrong\n\n' : '',
    ...several,
  ].join('')
  return all.length <= MOST_SUMMARY ? all : `${all.slice(0, MOST_SUMMARY)}\n\n(cut)\n`
}

/** Text in a cell: no Markdown, no HTML, no mention of people. */
const cell = (text: string): string =>
  visible(text).replace(/[\\`*_{}[\]()#+!|<>@&~]/g, character => `&#${character.charCodeAt(0)};`)
