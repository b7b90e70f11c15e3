import { join, resolve } from 'node:path'
import type { Finding, Lab, Outcome, Target, Verdict } from '#kit'
import { labs } from '../../labs/index.ts'
import { exitCode } from '../report/exit-code.ts'
import { wantsColour } from '../report/paint.ts'
import { progressLine } from '../report/progress-line.ts'
import { findingInWords, verdictInWords } from '../report/terminal.ts'
import { printable } from '../report/visible-lines.ts'
import { widthOf } from '../report/width.ts'
import { onItsOwn } from '../run/assemble.ts'
import { check as checking } from '../run/check.ts'
import { BadSource } from '../run/folder.ts'
import { follow, unable } from '../run/follow.ts'
import { filesHandedIn } from '../run/hand-in.ts'
import { house } from '../run/house.ts'
import { keptBrowser } from '../run/kept-browser.ts'
import { remember, remembered } from '../run/progress.ts'
import type { Choice } from '../run/source.ts'
import { handOver } from '../run/verdict-descriptor.ts'
import type { LabsTarget } from '../targets/aws/labs.ts'
import { keeping } from '../targets/keeping.ts'
import type { LocalTarget } from '../targets/local.ts'
import { onTheWay } from '../targets/on-the-way.ts'
import { awsOptions, isAws, openLabs } from './aws.ts'
import { checkIsolated } from './check-isolated.ts'
import { fitted } from './page-in-words.ts'
import { record } from './report-file.ts'
import { type Session, withSession } from './session.ts'
import { startedIn } from './started-in.ts'
import { stayUp } from './stay-up.ts'
import { troubleInWords } from './trouble.ts'
import { type Command, type CommandLine, labNamed, WrongUsage } from './usage.ts'
import { watching } from './watching.ts'
import { whatNext } from './what-next.ts'

/** Checks one lab, or all of them. */
export const check: Command = {
  synopsis:
    '<lab>|all [--solution | --from DIR [--isolated]] [--target local|aws --profile NAME [--trusted] [--region R] [--attendee NAME] [--yes]] [--watch] [--json] [--keep] [--report FILE.html]',
  about: 'deploys a lab, opens sockets and says whether it is fixed',
  mostWords: 1,
  options: {
    solution: { type: 'boolean' },
    from: { type: 'string' },
    isolated: { type: 'boolean' },
    trusted: { type: 'boolean' },
    target: { type: 'string' },
    watch: { type: 'boolean' },
    json: { type: 'boolean' },
    keep: { type: 'boolean' },
    report: { type: 'string' },
    ...awsOptions,
  },
  run: line => withSession(session => run(line, session)),
}

async function run({ words, flags }: CommandLine, session: Session): Promise<number> {
  const chosen = words[0] === 'all' ? labs : [labNamed(words[0], labs)]
  const choice = await chooseSource(flags, chosen)
  const [only] = chosen
  if ((flags.watch || flags.keep) && (chosen.length > 1 || flags.json)) {
    throw new WrongUsage('--watch and --keep are for one lab, and not for --json.')
  }
  if (flags.watch && (flags.keep || flags.solution)) {
    throw new WrongUsage(
      '--watch is for code that changes: it goes with the starter or --from, and without --keep.',
    )
  }
  if (isAws(flags) && flags.watch) {
    throw new WrongUsage(
      '--watch is for the local cloud: on AWS every save would deploy, take minutes and cost money. Watch locally, then check once on AWS.',
    )
  }
  if (flags.report !== undefined && (chosen.length > 1 || flags.watch || isAws(flags))) {
    throw new WrongUsage('--report is for one lab in the local cloud, and not for --watch.')
  }
  if (flags.isolated) {
    if (!only || choice.kind !== 'from' || isAws(flags) || flags.watch || flags.keep || flags.report)
      throw new WrongUsage(
        '--isolated is for a hand-in in the local cloud: it goes with --from, and without --watch, --keep and --report.',
      )
    return checkIsolated(only, choice, flags.json === true, session)
  }
  if (isAws(flags) && choice.kind === 'from' && !flags.trusted)
    throw new WrongUsage(
      "With --from and --target aws, somebody's code is run with your credentials. If you have read it, add --trusted.",
    )
  if (isAws(flags)) return checkOnAws(words[0] === 'all', chosen, choice, flags, session)

  const starting = startLocal(session)
  const local = onTheWay({ name: 'local', can: new Set(['clock', 'domain']) }, starting)
  const target = flags.keep ? keeping(local) : local
  const recording =
    typeof flags.report === 'string' && only ? record(only, await starting, flags.report) : undefined
  const checkNow = (lab: Lab) =>
    unlessInterrupted(checkOne(lab, choice, target, flags.json === true, session, recording?.tell), session)
  if (flags.watch && only) {
    await watching(
      choice.kind === 'from' ? choice.directory : join(house, 'starter', only.id),
      () => checkNow(only),
      session,
    )
    return 0
  }

  const verdicts: Verdict[] = []
  for (const lab of chosen) verdicts.push(await checkNow(lab))
  await recording?.write(verdicts[0]!)
  if (flags.json) printDocument(words[0] === 'all', verdicts)
  if (flags.keep) await stayUp(await starting, session)
  return exitCode[worst(verdicts)]
}

/** The same in an account, one lab after the other. Whatever keeps us out of it is told before anything is synthesized. */
async function checkOnAws(
  isForAll: boolean,
  chosen: readonly Lab[],
  choice: Choice,
  flags: CommandLine['flags'],
  session: Session,
): Promise<number> {
  let target: LabsTarget | undefined
  const verdicts: Verdict[] = []
  try {
    target = await openLabs(flags, chosen, session)
    if (!target) return exitCode.usage
    for (const lab of chosen) {
      const checking = checkOne(lab, choice, target, flags.json === true, session)
      verdicts.push(await unlessInterrupted(checking, session))
    }
  } catch (error) {
    if (!flags.json || error instanceof WrongUsage || error instanceof Interrupted) throw error
    verdicts.push(...chosen.map(lab => unable(lab, choice, 'aws', [], troubleInWords(error))))
  }
  if (flags.json) printDocument(isForAll, verdicts)
  if (flags.keep) process.stdout.write(target?.whatStays() ?? '')
  return exitCode[worst(verdicts)]
}

class Interrupted extends Error {}

/** Once the stack is being removed under a check, what that still finds is of no interest. */
async function unlessInterrupted<T>(work: Promise<T>, { interrupted }: Session): Promise<T> {
  const stopped = interrupted.then((signal): never => {
    throw new Interrupted(`The check was ended by ${signal}.`)
  })
  stopped.catch(() => {})
  return Promise.race([work, stopped])
}

const printDocument = (isForAll: boolean, verdicts: readonly Verdict[]): void =>
  handOver(`${printable(isForAll ? together(verdicts) : verdicts[0])}\n`)

/** The cloud is loaded and started while the stack is synthesized in another process. */
function startLocal(session: Session): Promise<LocalTarget> {
  const starting = import('../targets/local.ts').then(({ localTarget }) => localTarget(session.guardian))
  // Code that deploys waits for it, and hears of a failure.
  const started = starting.catch(() => undefined)
  session.closes(started, async target => (await target)?.stop())
  return starting
}

async function checkOne(
  lab: Lab,
  choice: Choice,
  target: Target,
  quiet: boolean,
  session: Session,
  alsoTell: (finding: Finding) => void = () => {},
): Promise<Verdict> {
  const colour = wantsColour(process.stdout)
  const width = widthOf(process.stdout)
  const titles = new Map<string, string>(lab.criteria.map(({ id, says }) => [id, says]))
  const terminal = width === undefined ? undefined : { width, titleOf: (id: string) => titles.get(id) }
  const line = progressLine(quiet ? { isTTY: false, write() {} } : process.stdout)
  const say = (text: string) => {
    line.clear()
    if (!quiet && !session.isInterrupted()) process.stdout.write(text)
  }
  say(`\n${lab.id}: ${lab.title}\n\n`)

  const tell = (finding: Finding) => {
    titles.set(finding.id, finding.says)
    say(findingInWords(finding, colour, terminal))
    alsoTell(finding)
  }
  const begins = (step: string) => {
    if (!session.isInterrupted()) line.now(step)
  }
  void session.interrupted.then(line.clear)
  const { guardian } = session
  const verdict = await follow(
    checking(lab, choice, target, guardian, onItsOwn(guardian), keptBrowser(guardian), begins),
    { lab, choice, target: target.name },
    tell,
    troubleInWords,
  ).finally(line.clear)
  say(verdictInWords(verdict, lab, colour, terminal))
  if (session.isInterrupted()) return verdict
  if (choice.kind === 'starter') await note(lab, verdict)
  if (choice.kind === 'starter' && verdict.verdict === 'pass')
    say(fitted(whatNext(labs, lab, await remembered())))
  return verdict
}

function asUsage(error: unknown): never {
  throw error instanceof BadSource ? new WrongUsage(error.message) : error
}

const note = (lab: Lab, verdict: Verdict): Promise<void> =>
  remember(lab.id, {
    last: verdict,
    ...(verdict.verdict === 'pass' ? { passed: new Date().toISOString() } : {}),
  })

async function chooseSource(flags: CommandLine['flags'], chosen: readonly Lab[]): Promise<Choice> {
  if (flags.solution && flags.from !== undefined)
    throw new WrongUsage('--solution and --from are two sources: give one of them.')
  if (typeof flags.from === 'string') {
    const [lab] = chosen
    if (!lab || chosen.length > 1)
      throw new WrongUsage('--from is for one lab: a folder cannot be a fix of all of them.')
    const choice = { kind: 'from', directory: resolve(startedIn(), flags.from), given: flags.from } as const
    await filesHandedIn(lab, choice).catch(asUsage)
    return choice
  }
  return { kind: flags.solution ? 'solution' : 'starter' }
}

const together = (verdicts: readonly Verdict[]) => ({ version: 1, verdict: worst(verdicts), labs: verdicts })

/** Something that could not be checked weighs more than something not fixed: no statement about the whole is possible. */
function worst(verdicts: readonly Verdict[]): Outcome {
  const has = (outcome: Outcome) => verdicts.some(one => one.verdict === outcome)
  return has('error') ? 'error' : has('fail') ? 'fail' : 'pass'
}
