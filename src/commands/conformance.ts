import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inWords, ofMistakes, page, type Table, tableOf } from '../conformance/fidelity.ts'
import { mistakes } from '../conformance/mistakes/all.ts'
import type { Row } from '../conformance/row.ts'
import { facts } from '../conformance/rows/all.ts'
import { type Result, tryRows } from '../conformance/run.ts'
import { type Account, type AloneOptions, openAccount } from '../conformance/world.ts'
import { exitCode } from '../report/exit-code.ts'
import { house } from '../run/house.ts'
import { workspace } from '../run/workspace.ts'
import { localTarget } from '../targets/local.ts'
import { type Session, withSession } from './session.ts'
import { type Command, type CommandLine, nearest, WrongUsage } from './usage.ts'

/** Tries the fact sheet on a target, and writes down what became of it. */
export const conformance: Command = {
  synopsis: '[row]... [--json]',
  about: 'tries every known fact about AWS on the local cloud',
  options: { json: { type: 'boolean' } },
  run: line => withSession(session => run(line, session)),
}

async function run({ words, flags }: CommandLine, session: Session): Promise<number> {
  const rows = words.length === 0 ? [...facts, ...mistakes] : words.map(rowNamed)
  const account = await openLocal(session)
  const results = await tryRows(rows, account, flags.json ? undefined : tellOf)
  const tables = {
    facts: tableOf(facts, results),
    mistakes: tableOf(mistakes, results),
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(inJson(tables.facts, tables.mistakes), null, 2)}\n`)
  else process.stdout.write(summary(tables.facts, tables.mistakes))
  if (words.length === 0)
    writeFileSync(join(house, 'docs', 'fidelity.md'), page(tables.facts, tables.mistakes))
  return results.some(({ status }) => status === 'broken') ? exitCode.fail : exitCode.pass
}

async function openLocal(session: Session): Promise<Account> {
  const another = async (options: AloneOptions) =>
    session.closes(await localTarget(session.guardian, options), target => target.stop())
  const root = workspace(session.guardian, 'conformance')
  return session.closes(openAccount({ target: await another({}), root, another }), account => account.close())
}

function rowNamed(word: string): Row {
  const all = [...facts, ...mistakes]
  const row = all.find(({ id }) => id === word.toUpperCase())
  if (row) return row
  throw new WrongUsage(
    `There is no row ${word}.${nearest(
      word.toUpperCase(),
      all.map(({ id }) => id),
    )}`,
  )
}

function tellOf({ id, status, because, ms }: Result): void {
  const reason = because && status !== 'not modelled' ? `  ${because}` : ''
  process.stdout.write(`${id.padEnd(5)}${status.padEnd(14)}${String(ms).padStart(6)} ms${reason}\n`)
}

const summary = (facts: Table, mistakes: Table): string =>
  `\n${facts.rows.length} facts: ${inWords(facts)}\n${mistakes.rows.length} mistakes: ${inWords(mistakes, ofMistakes)}\n`

/** The document that `--json` prints. */
const inJson = (facts: Table, mistakes: Table) => ({
  version: 1,
  target: 'local',
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
