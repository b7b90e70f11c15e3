import type { Lab } from '#kit'
import { labs } from '../../labs/index.ts'
import type { Guardian } from '../cloud/guardian.ts'
import { type Account, accountOf } from '../mutants/account.ts'
import { documentOf } from '../mutants/document.ts'
import { mutantsOf, operators } from '../mutants/generate.ts'
import { accountInWords, triedInWords } from '../mutants/in-words.ts'
import { explainedOf, knownOf, note } from '../mutants/lists.ts'
import { deployedOf, measure } from '../mutants/measure.ts'
import { keyOf } from '../mutants/mutant.ts'
import { seedOfTheCommit, shuffled } from '../mutants/sample.ts'
import { exitCode } from '../report/exit-code.ts'
import { withSession } from './session.ts'
import { type Command, type CommandLine, labNamed, nearest, WrongUsage } from './usage.ts'

/** Measures a lab's check: derives wrong fixes from its solution, and counts those that it refuses. For those who work on the kit. */
export const mutants: Command = {
  synopsis: '<lab>|all [--json] [--sample N [--seed S]] [--operator NAME] [--known | --note]',
  about:
    "derives wrong fixes from a lab's solution, and counts what its check refuses (for those who work on the kit)",
  mostWords: 1,
  options: {
    json: { type: 'boolean' },
    sample: { type: 'string' },
    seed: { type: 'string' },
    operator: { type: 'string' },
    known: { type: 'boolean' },
    note: { type: 'boolean' },
  },
  run: line => {
    const wanted = understood(line)
    return withSession(async ({ guardian }) => {
      const seed = wanted.sample === undefined ? undefined : (wanted.seed ?? (await seedOfTheCommit()))
      if (seed !== undefined) progress(`A sample of ${wanted.sample} a lab, by the seed ${seed}.`)
      const accounts: Account[] = []
      for (const lab of wanted.labs) {
        const account = await measured(lab, wanted, seed, guardian)
        accounts.push(account)
        if (!wanted.json) process.stdout.write(`${accountInWords(account)}\n`)
        if (wanted.note) progress(`Noted in ${await noted(account)}.`)
      }
      if (wanted.json) process.stdout.write(`${JSON.stringify(documentOf(accounts, seed), null, 2)}\n`)
      return verdictOf(accounts, wanted)
    })
  },
}

interface Wanted {
  readonly labs: readonly Lab[]
  readonly json: boolean
  readonly known: boolean
  readonly note: boolean
  readonly operator: string | undefined
  readonly sample: number | undefined
  readonly seed: string | undefined
}

function understood({ words: [word], flags }: CommandLine): Wanted {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined)
  const [sample, seed, operator] = [text('sample'), text('seed'), text('operator')]
  if (sample !== undefined && !/^[1-9]\d*$/.test(sample))
    throw new WrongUsage('--sample needs a number from 1 on.')
  if (seed !== undefined && sample === undefined)
    throw new WrongUsage('--seed needs --sample: without one all are tried.')
  const names = operators.map(({ name }) => name)
  if (operator !== undefined && !names.includes(operator))
    throw new WrongUsage(
      `There is no operator ${operator}.${nearest(operator, names)}\nThere are: ${names.join(', ')}`,
    )
  if (flags.note && (sample !== undefined || operator !== undefined))
    throw new WrongUsage('--note is for all mutants of a lab: leave --sample and --operator out.')
  return {
    labs: word === 'all' ? labs : [labNamed(word, labs)],
    json: flags.json === true,
    known: flags.known === true,
    note: flags.note === true,
    operator,
    sample: sample === undefined ? undefined : Number(sample),
    seed,
  }
}

async function measured(
  lab: Lab,
  { operator, sample, known }: Wanted,
  seed: string | undefined,
  guardian: Guardian,
): Promise<Account> {
  const generated = await mutantsOf(lab.id)
  const chosen = generated.filter(one => operator === undefined || one.operator === operator)
  const ordered = seed === undefined ? chosen : shuffled(chosen, seed)
  const lists = { explained: await explainedOf(lab.id), known: await knownOf(lab.id) }
  const listed = new Set([...lists.explained, ...lists.known].map(keyOf))
  progress(`${lab.id}: ${ordered.length} mutants`)
  let done = 0
  const tried = await measure(lab, ordered, guardian, {
    most: sample ?? Number.POSITIVE_INFINITY,
    isTriedAgain: mutant => known && !listed.has(keyOf(mutant)),
    tell(one) {
      done += 1
      progress(`${String(done).padStart(5)} ${triedInWords(one)}`)
    },
  })
  progress(`${lab.id}: ${deployedOf(tried).length} of ${tried.length} were deployed`)
  return accountOf(lab, generated, tried, lists, tried.length === generated.length)
}

const noted = ({ lab, survivors, notChecked }: Account): Promise<string> =>
  note(lab, [
    ...survivors.map(({ mutant }) => ({ ...mutant, outcome: 'surviving' as const })),
    ...notChecked.map(({ mutant }) => ({ ...mutant, outcome: 'not checked' as const })),
  ])

/** Survivors come first: that is what is measured. What could not be measured is ours. What has just been noted is known. */
function verdictOf(accounts: readonly Account[], { known, note }: Wanted): number {
  const isNew = (list: readonly { isKnown: boolean }[]) => list.some(one => !note && !(known && one.isKnown))
  if (accounts.some(({ survivors }) => isNew(survivors))) return exitCode.fail!
  const isOurs = accounts.some(({ notChecked, faults }) => isNew(notChecked) || faults.length > 0)
  return isOurs ? exitCode.error! : exitCode.pass!
}

const progress = (text: string): void => void process.stderr.write(`${text}\n`)
