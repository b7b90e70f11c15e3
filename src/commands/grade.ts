import { appendFile, stat, writeFile } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { type Lab, visible } from '#kit'
import { labs } from '../../labs/index.ts'
import { asCsv } from '../grade/csv.ts'
import { documentOf, type GradeDocument } from '../grade/document.ts'
import { asAnnotations, asSummary } from '../grade/github.ts'
import { gradeAll } from '../grade/grade-all.ts'
import type { Grading } from '../grade/grade-one.ts'
import type { Graded } from '../grade/graded.ts'
import { type Found, handInsIn } from '../grade/hand-ins.ts'
import { asHtml } from '../grade/html.ts'
import { asJunit } from '../grade/junit.ts'
import { belowTheTable, type Table, tableFor } from '../grade/table.ts'
import { exitCode } from '../report/exit-code.ts'
import { painter, wantsColour } from '../report/paint.ts'
import { progressLine } from '../report/progress-line.ts'
import { printable } from '../report/visible-lines.ts'
import { tellingOf } from '../run/hand-in.ts'
import { publishedStarter } from '../run/published-starter.ts'
import { atHandInWords } from '../sandbox/in-words.ts'
import type { Sandbox } from '../sandbox/inside.ts'
import { LIMITS, type Limits, sandboxAtHand } from '../sandbox/sandbox.ts'
import { type Session, withSession } from './session.ts'
import { startedIn } from './started-in.ts'
import { type Command, type CommandLine, labNamed, WrongUsage } from './usage.ts'

/** Formats that take stdout for themselves. */
const DOCUMENTS: Readonly<Record<string, (document: GradeDocument) => string>> = {
  json: document => `${printable(document)}\n`,
  csv: asCsv,
  junit: asJunit,
}
/** What one check needs of the machine at the same time: processors, and bytes of memory. */
const PROCESSORS = 2
const MEMORY = 1.5 * 1024 ** 3
const MEGABYTE = 1024 ** 2
/** How many are checked at a time at most, unless --jobs says otherwise. */
const MOST_JOBS = 8
/** How many minutes one check may take, unless --limit says otherwise. */
const LIMIT = 10

/** Grades every hand-in in a folder. */
export const grade: Command = {
  synopsis:
    '<lab> <folder> [--jobs N] [--limit MINUTES] [--processes N] [--room MB] [--trusted] [--json | --csv | --junit | --github] [--html FILE]',
  about: 'checks every folder and ZIP in a folder, a row each; what goes wrong with one stops no other',
  mostWords: 2,
  options: {
    jobs: { type: 'string' },
    limit: { type: 'string' },
    processes: { type: 'string' },
    room: { type: 'string' },
    trusted: { type: 'boolean' },
    json: { type: 'boolean' },
    csv: { type: 'boolean' },
    junit: { type: 'boolean' },
    github: { type: 'boolean' },
    html: { type: 'string' },
  },
  run: async line => {
    const wanted = await understood(line)
    return withSession(session => run(wanted, session))
  },
}

interface Wanted {
  readonly lab: Lab
  /** As it was given, and where it is. */
  readonly given: string
  readonly folder: string
  readonly handIns: readonly Found[]
  readonly passedOver: readonly string[]
  readonly jobs: number
  readonly limit: number
  /** What each may use of the machine; `undefined` when all are trusted. */
  readonly limits: Limits | undefined
  /** `json`, `csv` or `junit`. */
  readonly document: string | undefined
  readonly github: boolean
  readonly html: string | undefined
}

async function understood({ words: [word, given], flags }: CommandLine): Promise<Wanted> {
  const lab = labNamed(word, labs)
  if (given === undefined) throw new WrongUsage(`Which folder? It holds a folder or a ZIP for each hand-in.`)
  const formats = [...Object.keys(DOCUMENTS), 'github'].filter(name => flags[name])
  if (formats.length > 1)
    throw new WrongUsage(`--${formats.join(' and --')} cannot share the output: give one of them.`)
  const folder = resolve(startedIn(), given)
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new WrongUsage(`There is no folder ${given}.`)
  const { handIns, passedOver } = await handInsIn(folder)
  if (await isOneHandIn(lab, folder))
    throw new WrongUsage(
      `${given} is one hand-in. Give the folder that holds it, or check it alone: npx wslab check ${word} --from ${given}`,
    )
  if (handIns.length === 0) throw new WrongUsage(`${given} holds no folder and no ZIP.`)
  const html = typeof flags.html === 'string' ? resolve(startedIn(), flags.html) : undefined
  if (html && !(await stat(dirname(html)).catch(() => undefined))?.isDirectory())
    throw new WrongUsage(`--html ${flags.html}: there is no folder ${relative(startedIn(), dirname(html))}.`)
  return {
    ...{ lab, given, folder, handIns, passedOver, html },
    jobs: numberOf('jobs', flags.jobs, /^[1-9]\d?$/) ?? jobsHere(),
    limit: (numberOf('limit', flags.limit, /^(?=.*[1-9])\d{1,4}(\.\d+)?$/) ?? LIMIT) * 60_000,
    limits: flags.trusted === true ? undefined : limitsOf(flags),
    document: formats.find(name => name in DOCUMENTS),
    github: flags.github === true,
  }
}

const limitsOf = ({ processes, room }: CommandLine['flags']): Limits => ({
  ...LIMITS,
  processes: numberOf('processes', processes, /^[1-9]\d{1,4}$/) ?? LIMITS.processes,
  size: (numberOf('room', room, /^[1-9]\d{1,4}$/) ?? LIMITS.size / MEGABYTE) * MEGABYTE,
})

function numberOf(name: string, value: unknown, pattern: RegExp): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && pattern.test(value)) return Number(value)
  throw new WrongUsage(`--${name} needs a number, and not ${value}.`)
}

const jobsHere = (): number =>
  Math.max(
    1,
    Math.min(MOST_JOBS, Math.floor(availableParallelism() / PROCESSORS), Math.floor(totalmem() / MEMORY)),
  )

async function isOneHandIn(lab: Lab, folder: string): Promise<boolean> {
  const places = tellingOf([...(await publishedStarter(lab.id)).keys()])
  const found = await Promise.all(places.map(place => stat(join(folder, place)).catch(() => undefined)))
  return found.some(one => one?.isFile())
}

async function run(wanted: Wanted, session: Session): Promise<number> {
  const { lab, given, handIns, passedOver, document, html, github } = wanted
  for (const name of passedOver) complain(`${visible(name)} is neither a folder nor a ZIP: not graded.\n`)
  const paint = painter(document === undefined && wantsColour(process.stdout))
  const table = tableFor(
    handIns.map(({ name }) => name),
    paint,
    process.stdout.isTTY ? process.stdout.columns : undefined,
  )
  // Names are learners' words: GitHub must not take one that stands in the table for a command.
  const shield = github ? `wslab-${crypto.randomUUID()}` : undefined
  if (shield) process.stdout.write(`::stop-commands::${shield}\n`)
  const sandbox = await sandboxFor(wanted, session)
  const graded = await gradeThem(wanted, sandbox, session, document === undefined ? table : undefined)
  // Of the few that were graded until then nothing follows: the session answers for the signal.
  if (session.isInterrupted()) throw new Error('The grading was interrupted.')
  const all = documentOf(lab, given, graded)
  process.stdout.write(document === undefined ? belowTheTable(all, paint) : DOCUMENTS[document]!(all))
  if (shield) process.stdout.write(`::${shield}::\n${asAnnotations(all, fileOfIn(wanted))}`)
  if (github && process.env.GITHUB_STEP_SUMMARY)
    await appendFile(process.env.GITHUB_STEP_SUMMARY, asSummary(all))
  if (html) await writeFile(html, asHtml(all))
  return exitCode[all.verdict]
}

/** Says what stands between the hand-ins and this machine. */
async function sandboxFor({ limits }: Wanted, session: Session): Promise<Sandbox | undefined> {
  if (!limits) return undefined
  const atHand = await sandboxAtHand(session.guardian, limits)
  complain(atHandInWords(atHand))
  return 'none' in atHand ? undefined : atHand
}

async function gradeThem(
  { lab, handIns, jobs, limit }: Wanted,
  sandbox: Sandbox | undefined,
  session: Session,
  table: Table | undefined,
): Promise<Graded[]> {
  const kills = new Set<() => void>()
  session.closes(kills, async all => {
    for (const kill of all) kill()
  })
  const grading: Grading = {
    ...{ lab, limit, sandbox, guardian: session.guardian, isOver: session.isInterrupted },
    ends(kill) {
      kills.add(kill)
      return () => void kills.delete(kill)
    },
  }
  const graded: Graded[] = []
  const line = progressLine(process.stderr)
  if (table) process.stdout.write(table.head)
  const begins = ({ name }: Found) =>
    line.now(`${graded.length} of ${handIns.length} graded; now ${visible(name)}`)
  for await (const one of gradeAll(handIns, jobs, grading, begins)) {
    line.clear()
    if (session.isInterrupted()) break
    graded.push(one)
    if (table) process.stdout.write(table.row(one))
  }
  return graded
}

/** Where a file of a hand-in is in the repository that GitHub checks out. What was unpacked is nowhere in it. */
const fileOfIn =
  ({ folder, handIns }: Wanted) =>
  ({ name, kind }: Graded, path: string): string | undefined => {
    const root = process.env.GITHUB_WORKSPACE
    if (kind === 'zip' || !root || !path.startsWith(`${name}/`) || !handIns.some(one => one.name === name))
      return undefined
    const file = relative(root, join(folder, path)).split(sep).join('/')
    return file.startsWith('../') ? undefined : file
  }

const complain = (text: string): void => void process.stderr.write(text)
