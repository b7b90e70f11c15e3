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
 * stack that is meant for it is taken. The others are passed over, with what else is meant for their places.
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
  if (gone.size > 0) passOverOtherPlaces(stacks, account, gone)
  for (let before = -1; before !== gone.size; ) {
    before = gone.size
    for (const { id, displayName, needs } of stacks) {
      const need = stacks.find(one => needs.has(one.id) && gone.has(one.id))
      if (need && !gone.has(id)) gone.set(id, `${displayName}: needs ${need.displayName}`)
    }
  }
  return { stacks: stacks.filter(({ id }) => !gone.has(id)), passedOver: [...gone.values()] }
}

/** An app that has a stack in several places has more of each place: what is meant for another goes, unless what stays needs it. */
function passOverOtherPlaces(
  stacks: readonly AssemblyStack[],
  account: Account,
  gone: Map<string, string>,
): void {
  const kept = new Set(stacks.filter(one => isMeantFor(one, account)).map(({ id }) => id))
  for (const id of kept) for (const need of stacks.find(one => one.id === id)!.needs) kept.add(need)
  for (const stack of stacks) {
    if (kept.has(stack.id) || gone.has(stack.id)) continue
    gone.set(stack.id, `${stack.displayName}: is for ${placeOf(stack)}`)
  }
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
