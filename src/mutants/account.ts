import type { Lab } from '#kit'
import type { Explained, Known } from './lists.ts'
import { deployedOf, type Tried } from './measure.ts'
import { keyOf, type Mutant, type Place } from './mutant.ts'
import type { Operator } from './operator.ts'
import type { Reason } from './try.ts'

/** How the mutants of one operator ended, or of all. `deployed` is the sum of the others. */
export interface Counts {
  readonly deployed: number
  readonly refused: number
  readonly explained: number
  readonly surviving: number
  readonly notChecked: number
}

/** A mutant that nobody refused, and nobody has explained. */
export interface Survivor {
  readonly mutant: Mutant
  readonly isKnown: boolean
  /** The promise that refused most of the mutants near this one: perhaps it should refuse this one, too. */
  readonly perhaps: string | undefined
}

/** How a lab's check did. */
export interface Account {
  readonly lab: string
  readonly generated: number
  readonly dropped: Readonly<Record<Reason, number>>
  readonly total: Counts
  readonly operators: readonly (Counts & Pick<Operator, 'name' | 'says'>)[]
  readonly survivors: readonly Survivor[]
  readonly notChecked: readonly {
    readonly mutant: Mutant
    readonly because: string
    readonly isKnown: boolean
  }[]
  /** What is wrong with the measure itself: lists that are stale, too few mutants. */
  readonly faults: readonly string[]
}

/** The fewest mutants that say something about a check. */
const FEWEST = 40
/** How many of a lab's mutants may be explained. */
const MOST_EXPLAINED = 0.15

interface Lists {
  readonly explained: readonly Explained[]
  readonly known: readonly Known[]
}

/** Adds up. `isWhole` if all mutants were tried: of a sample less can be said. */
export function accountOf(
  lab: Lab,
  generated: readonly Mutant[],
  tried: readonly Tried[],
  { explained, known }: Lists,
  isWhole: boolean,
): Account {
  const why = new Map(explained.map(one => [keyOf(one), one]))
  const expected = new Set(known.map(keyOf))
  const isKnown = (place: Place) => expected.has(keyOf(place))
  const deployed = deployedOf(tried)
  const countsOf = (some: readonly Tried[]): Counts => {
    const surviving = some.filter(({ outcome }) => outcome.kind === 'surviving')
    const fine = surviving.filter(({ mutant }) => why.has(keyOf(mutant))).length
    return {
      deployed: some.length,
      refused: some.filter(({ outcome }) => outcome.kind === 'refused').length,
      explained: fine,
      surviving: surviving.length - fine,
      notChecked: some.filter(({ outcome }) => outcome.kind === 'not checked').length,
    }
  }
  const total = countsOf(deployed)
  const names = [...new Map(deployed.map(({ mutant }) => [mutant.operator, mutant.says]))]
  const dropped = { compiles: 0, synthesizes: 0, deploys: 0, same: 0 }
  for (const { outcome } of tried) if (outcome.kind === 'dropped') dropped[outcome.because] += 1

  return {
    lab: lab.id,
    generated: generated.length,
    dropped,
    total,
    operators: names.map(([name, says]) => ({
      name,
      says,
      ...countsOf(deployed.filter(({ mutant }) => mutant.operator === name)),
    })),
    survivors: deployed
      .filter(({ mutant, outcome }) => outcome.kind === 'surviving' && !why.has(keyOf(mutant)))
      .map(({ mutant }) => ({ mutant, isKnown: isKnown(mutant), perhaps: refusalNear(mutant, deployed) })),
    notChecked: deployed.flatMap(({ mutant, outcome }) =>
      outcome.kind === 'not checked' ? [{ mutant, because: outcome.because, isKnown: isKnown(mutant) }] : [],
    ),
    faults: [
      ...stale(explained, generated, tried, isWhole),
      ...(isWhole && total.deployed < FEWEST
        ? [`Only ${total.deployed} mutants were deployed; ${FEWEST} are the fewest.`]
        : []),
      ...(isWhole && total.explained > MOST_EXPLAINED * total.deployed
        ? [
            `${total.explained} of ${total.deployed} mutants are explained; at most ${MOST_EXPLAINED * 100} % may be.`,
          ]
        : []),
    ],
  }
}

/** What is explained has to be there, and to survive. */
function stale(
  explained: readonly Explained[],
  generated: readonly Mutant[],
  tried: readonly Tried[],
  isWhole: boolean,
): string[] {
  const all = new Set(generated.map(keyOf))
  const outcomes = new Map(tried.map(({ mutant, outcome }) => [keyOf(mutant), outcome]))
  return explained.flatMap(one => {
    const called = `explained.json: ${one.operator} in ${one.file}, "${one.was}" to "${one.becomes}"`
    if (!all.has(keyOf(one))) return [`${called}: there is no such mutant.`]
    const outcome = outcomes.get(keyOf(one))
    if (outcome?.kind === 'refused') return [`${called}: it is refused, at ${outcome.at}.`]
    if (isWhole && outcome?.kind === 'dropped') return [`${called}: it does not count (${outcome.because}).`]
    return []
  })
}

/** How many of the nearest are looked at. */
const NEAR = 5

function refusalNear(mutant: Mutant, deployed: readonly Tried[]): string | undefined {
  const near = deployed
    .flatMap(({ mutant: other, outcome }) =>
      outcome.kind === 'refused' && other.file === mutant.file
        ? [{ at: outcome.at, far: Math.abs(other.line - mutant.line) }]
        : [],
    )
    .sort((a, b) => a.far - b.far)
    .slice(0, NEAR)
  const counts = new Map<string, number>()
  for (const { at } of near) counts.set(at, (counts.get(at) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}
