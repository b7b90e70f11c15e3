import type { Account } from '../account.ts'
import type { AssemblyStack } from './assembly.ts'
import { withoutTwins } from './twins.ts'

/** Where stacks want to be. */
export interface Wanted {
  readonly account: Account
  /** A line for each stack that asks for another place: `Edge asks for us-east-1; it runs in eu-west-1 here.` */
  readonly elsewhere: readonly string[]
}

/**
 * The account and region for which stacks were synthesized: those of the last that names any, which is the one that
 * needs the others. Where no stack does, it is `otherwise`. What is `given` goes before all of them.
 */
export function accountFor(
  stacks: readonly AssemblyStack[],
  otherwise: Account,
  given: Partial<Pick<Account, 'accountId' | 'region'>> = {},
): Wanted {
  const place = (one: AssemblyStack) => ({ ...otherwise, ...one.environment })
  const last = stacks.findLast(({ environment }) => Object.keys(environment).length > 0)
  const asked = { ...(last ? place(last) : otherwise), ...given }
  const account = last || given.region ? { ...asked, ...partitionOf(asked.region) } : asked
  return {
    account,
    elsewhere: withoutTwins(stacks, account).stacks.flatMap(
      ({ displayName, environment: { accountId, region } }) => {
        const asked = [
          ...(accountId && accountId !== account.accountId ? [`the account ${accountId}`] : []),
          ...(region && region !== account.region ? [region] : []),
        ]
        const here = `${account.region} of the account ${account.accountId}`
        return asked.length > 0
          ? [`${displayName} asks for ${asked.join(' and ')}; here it runs in ${here}.`]
          : []
      },
    ),
  }
}

const partitionOf = (region: string): Pick<Account, 'partition' | 'urlSuffix'> => {
  if (region.startsWith('cn-')) return { partition: 'aws-cn', urlSuffix: 'amazonaws.com.cn' }
  return { partition: region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws', urlSuffix: 'amazonaws.com' }
}
