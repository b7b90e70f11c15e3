import type { Account } from './account.ts'
import type { Mutant, Place } from './mutant.ts'

/** What `--json` prints. */
export interface MutantsDocument {
  readonly version: 1
  /** Of the sample; absent where all were tried. */
  readonly seed?: string
  readonly labs: readonly object[]
}

/** The accounts as one document, without the mutants' texts. */
export const documentOf = (accounts: readonly Account[], seed: string | undefined): MutantsDocument => ({
  version: 1,
  ...(seed === undefined ? {} : { seed }),
  labs: accounts.map(({ survivors, notChecked, ...rest }) => ({
    ...rest,
    survivors: survivors.map(({ mutant, isKnown, perhaps }) => ({
      ...placeOf(mutant),
      isKnown,
      ...(perhaps === undefined ? {} : { perhaps }),
    })),
    notChecked: notChecked.map(({ mutant, because, isKnown }) => ({ ...placeOf(mutant), because, isKnown })),
  })),
})

const placeOf = ({ operator, file, line, was, becomes, nth }: Mutant): Place & { line: number } => ({
  operator,
  file,
  line,
  was,
  becomes,
  ...(nth === undefined ? {} : { nth }),
})
