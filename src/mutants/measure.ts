import type { Lab } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { type KeptBrowser, keptBrowser } from '../run/kept-browser.ts'
import { type MutantAssembler, mutantAssembler } from './assembler.ts'
import { thoseThatCompile } from './compiling.ts'
import { type Laid, layOut, solutionAsHandIn } from './lay-out.ts'
import type { Mutant } from './mutant.ts'
import { type Outcome, tryMutant } from './try.ts'

/** A mutant, and how its check ended. */
export interface Tried {
  readonly mutant: Mutant
  readonly outcome: Outcome
}

/** How many are laid out and type-checked together, at most. */
const TOGETHER = 24
/** So many are laid out for each that has to be deployed: about a third never comes up. */
const SPARE = 1.5
/** How many are checked at the same time: a check waits more than it works. */
const LANES = 2

/** What one run is to do. */
export interface Run {
  /** How many deployed mutants are enough. */
  readonly most: number
  /** Whether a mutant that survives is tried once more: some mistakes are refused by chance, now and then. */
  isTriedAgain(mutant: Mutant): boolean
  /** Told of each as it is done. */
  tell(tried: Tried): void
}

/** The solution itself is refused, or could not be checked: nothing can be said about its mutants. */
export class NotMeasured extends Error {}

/**
 * Tries mutants in their order, until enough of them have been deployed.
 *
 * @throws NotMeasured when the solution does not pass.
 */
export async function measure(
  lab: Lab,
  mutants: readonly Mutant[],
  guardian: Guardian,
  run: Run,
): Promise<readonly Tried[]> {
  const { most } = run
  const assembler = mutantAssembler(guardian)
  const kept = keptBrowser(guardian)
  // One for all checks: none of them may close it for the others.
  const browser: KeptBrowser = { open: kept.open, close: async () => {} }
  const tried: Tried[] = []
  try {
    await passes(lab, guardian, assembler, browser)
    while (tried.length < mutants.length && deployedOf(tried).length < most) {
      const wanted = batchFor(most - deployedOf(tried).length)
      const batch = mutants.slice(tried.length, tried.length + wanted)
      tried.push(...(await tryTogether(lab, batch, guardian, assembler, browser, run)))
    }
    return upTo(most, tried)
  } finally {
    assembler.stop()
    await kept.close()
  }
}

const batchFor = (missing: number): number => Math.min(TOGETHER, Math.ceil(missing * SPARE))

/** Those that count: what never came up could not have been refused. */
export const deployedOf = (all: readonly Tried[]): readonly Tried[] =>
  all.filter(({ outcome }) => outcome.kind !== 'dropped')

function upTo(most: number, all: readonly Tried[]): readonly Tried[] {
  const last = deployedOf(all)[most - 1]
  return last ? all.slice(0, all.indexOf(last) + 1) : all
}

async function passes(
  lab: Lab,
  guardian: Guardian,
  assembler: MutantAssembler,
  browser: KeptBrowser,
): Promise<void> {
  const choice = await solutionAsHandIn(lab, guardian)
  const outcome = await tryMutant(lab, choice, guardian, assembler, browser)
  guardian.removeFolder(choice.directory)
  if (outcome.kind !== 'surviving') {
    throw new NotMeasured(`The solution of ${lab.id} does not pass its own check: ${JSON.stringify(outcome)}`)
  }
}

async function tryTogether(
  lab: Lab,
  batch: readonly Mutant[],
  guardian: Guardian,
  assembler: MutantAssembler,
  browser: KeptBrowser,
  { isTriedAgain, tell }: Run,
): Promise<readonly Tried[]> {
  const laid = await Promise.all(batch.map(mutant => layOut(lab, mutant, guardian)))
  try {
    const compiling = new Set(await thoseThatCompile(lab, laid, guardian))
    const outcomes = new Map<Laid, Outcome>()
    const line = laid.values()
    await Promise.all(Array.from({ length: LANES }, lane))
    return laid.map(one => ({ mutant: one.mutant, outcome: outcomes.get(one)! }))

    async function lane(): Promise<void> {
      for (const one of line) {
        const outcome = compiling.has(one) ? await outcomeOf(one) : dropped
        outcomes.set(one, outcome)
        tell({ mutant: one.mutant, outcome })
      }
    }
  } finally {
    for (const { choice } of laid) guardian.removeFolder(choice.directory)
  }

  /** What could not be checked is tried once more, too: it may have been the machine. */
  async function outcomeOf({ mutant, choice }: Laid): Promise<Outcome> {
    const outcome = await tryMutant(lab, choice, guardian, assembler, browser)
    const isDoubted = outcome.kind === 'not checked' || (outcome.kind === 'surviving' && isTriedAgain(mutant))
    if (!isDoubted) return outcome
    return tryMutant(lab, choice, guardian, assembler.again, browser)
  }
}

const dropped: Outcome = { kind: 'dropped', because: 'compiles' }
