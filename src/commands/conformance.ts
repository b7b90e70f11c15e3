import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { inWords, ofMistakes, page, type Table, tableOf } from '../conformance/fidelity.ts'
import { mistakes } from '../conformance/mistakes/all.ts'
import type { Row } from '../conformance/row.ts'
import { facts } from '../conformance/rows/all.ts'
import { here, onAws, type Result, tryRows } from '../conformance/run.ts'
import { type Account, openAccount } from '../conformance/world.ts'
import { exitCode } from '../report/exit-code.ts'
import { house } from '../run/house.ts'
import { workspace } from '../run/workspace.ts'
import { apiTarget } from '../targets/aws/by-api.ts'
import { localTarget } from '../targets/local.ts'
import { agreed } from './consent.ts'
import { type Session, withSession } from './session.ts'
import { type Command, type CommandLine, nearest, WrongUsage } from './usage.ts'

/** Tries the fact sheet on a target, and writes down what became of it. */
export const conformance: Command = {
  synopsis: '[row]... [--json] [--target local|aws] [--profile NAME] [--region R] [--yes]',
  about: 'tries every known fact about AWS on the local cloud, or on AWS',
  mostWords: Number.POSITIVE_INFINITY,
  options: {
    json: { type: 'boolean' },
    target: { type: 'string' },
    profile: { type: 'string' },
    region: { type: 'string' },
    yes: { type: 'boolean' },
  },
  run: line => withSession(session => run(line, session)),
}

const all: readonly Row[] = [...facts, ...mistakes]

async function run({ words, flags }: CommandLine, session: Session): Promise<number> {
  const { target = 'local' } = flags
  if (target !== 'local' && target !== 'aws')
    throw new WrongUsage(`There is no target ${target}: local or aws.`)
  const rows = words.length === 0 ? all : words.map(rowNamed)
  const account = target === 'aws' ? await openAws(flags, session) : await openLocal(session)
  if (!account) return exitCode.usage

  const trial = target === 'aws' ? onAws : here
  const results = await tryRows(rows, account, flags.json ? trial : { ...trial, tell })
  const tables = { facts: tableOf(facts, results), mistakes: tableOf(mistakes, results) }
  const written = words.length === 0 ? write(target, tables.facts, tables.mistakes) : undefined
  if (flags.json)
    process.stdout.write(`${JSON.stringify(inJson(target, tables.facts, tables.mistakes), null, 2)}\n`)
  else process.stdout.write(summary(tables.facts, tables.mistakes, written))
  return results.some(({ status }) => status === 'broken') ? exitCode.fail : exitCode.pass
}

async function openLocal(session: Session): Promise<Account> {
  const start = async (isClockStopped: boolean) =>
    session.closes(await localTarget(session.guardian, { isClockStopped }), target => target.stop())
  const root = workspace(session.guardian, 'conformance')
  const account = openAccount({ target: await start(false), root, another: () => start(true) })
  return session.closes(account, one => one.close())
}

/** Opens an AWS account, once whoever pays for it has agreed; undefined if not. */
async function openAws(flags: CommandLine['flags'], session: Session): Promise<Account | undefined> {
  const { profile, region, yes } = flags
  if (typeof profile !== 'string')
    throw new WrongUsage('--target aws needs --profile NAME: no profile is ever used unasked.')
  const opened = await apiTarget({ profile, ...(typeof region === 'string' && { region }) })
  const target = session.closes(opened, async one => one.stop())
  const { accountId, region: where, principal } = await target.startsAs()
  process.stderr.write(
    `Account ${accountId}, ${where}, as ${principal}.
About eighty small stacks are deployed and deleted again, within two hours and for less than a dollar.
They are named wslab-conformance-…, and tagged wslab.\n`,
  )
  if (!yes && !(await agreed())) return undefined
  const root = workspace(session.guardian, 'conformance')
  const another = 'it takes an empty account, and a clock that can be moved'
  return session.closes(openAccount({ target, root, another }), account => account.close())
}

function rowNamed(word: string): Row {
  const id = word.toUpperCase()
  const row = all.find(one => one.id === id)
  if (row) return row
  const ids = all.map(one => one.id)
  throw new WrongUsage(`There is no row ${word}.${nearest(id, ids)}`)
}

/** The page about the local cloud is part of the docs; one about an account is its owner's. */
function write(target: 'local' | 'aws', facts: Table, mistakes: Table): string {
  const file =
    target === 'local' ? join(house, 'docs', 'fidelity.md') : join(house, '.wslab', 'fidelity-aws.md')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, page(facts, mistakes))
  return relative(house, file)
}

function tell({ id, status, because, ms }: Result): void {
  const reason = because && status !== 'not modelled' ? `  ${because}` : ''
  process.stdout.write(`${id.padEnd(5)}${status.padEnd(14)}${String(ms).padStart(6)} ms${reason}\n`)
}

const summary = (facts: Table, mistakes: Table, written?: string): string =>
  `\n${facts.rows.length} facts: ${inWords(facts)}\n${mistakes.rows.length} mistakes: ${inWords(mistakes, ofMistakes)}\n${
    written ? `Written: ${written}\n` : ''
  }`

/** The document that `--json` prints. */
const inJson = (target: string, facts: Table, mistakes: Table) => ({
  version: 1,
  target,
  totals: { facts: facts.totals, mistakes: mistakes.totals },
  rows: [...facts.rows, ...mistakes.rows].map(({ id, says, confidence, note, status, because }) => ({
    id,
    says,
    confidence,
    note,
    status,
    because,
  })),
})
