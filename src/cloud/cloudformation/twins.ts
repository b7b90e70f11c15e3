import type { Account } from '../account.ts'
import type { AssemblyStack } from './assembly.ts'
import { NotThere } from './manifest.ts'

/** Stacks that can be deployed beside each other, and a line for each that cannot. */
export interface Sorted {
  readonly stacks: readonly AssemblyStack[]
  readonly passedOver: readonly string[]
}

/**
 * An app may have one stack in several regions or accounts, under one name. Here there is one region and one account. The
 * stack that is meant for it is taken. The others are passed over, with those that need them.
 *
 * @throws NotThere when several are meant for it, or none.
 */
export function withoutTwins(stacks: readonly AssemblyStack[], account: Account): Sorted {
  const gone = new Map<string, string>()
  for (const name of new Set(stacks.map(({ stackName }) => stackName))) {
    const twins = stacks.filter(({ stackName }) => stackName === name)
    if (twins.length === 1) continue
    const [chosen, ...more] = twins.filter(one => isMeantFor(one, account))
    if (!chosen || more.length > 0) throw undecided(twins, name, account)
    for (const twin of twins) {
      if (twin === chosen) continue
      gone.set(
        twin.id,
        `${twin.displayName}: is for ${placeOf(twin)}, and ${chosen.displayName} is called ${name} as well. \`--region\` and \`--account\` choose another.`,
      )
    }
  }
  for (let before = -1; before !== gone.size; ) {
    before = gone.size
    for (const { id, displayName, needs } of stacks) {
      const need = stacks.find(one => needs.has(one.id) && gone.has(one.id))
      if (need && !gone.has(id)) gone.set(id, `${displayName}: needs ${need.displayName}`)
    }
  }
  return { stacks: stacks.filter(({ id }) => !gone.has(id)), passedOver: [...gone.values()] }
}

const isMeantFor = ({ environment: { accountId, region } }: AssemblyStack, account: Account): boolean =>
  (accountId ?? account.accountId) === account.accountId && (region ?? account.region) === account.region

const placeOf = ({ environment: { accountId, region } }: AssemblyStack): string =>
  [region, accountId && `the account ${accountId}`].filter(Boolean).join(' of ') || 'any region'

function undecided(twins: readonly AssemblyStack[], name: string, { accountId, region }: Account): NotThere {
  const which = twins.map(one => `${one.displayName} (for ${placeOf(one)})`).join(' and ')
  return new NotThere(
    `${which} are both called ${name}. There is one region here, ${region} of the account ${accountId}. Choose one of them by its name, or a region by --region.`,
  )
}
