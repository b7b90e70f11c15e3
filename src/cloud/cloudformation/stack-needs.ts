import { isDeepStrictEqual } from 'node:util'
import type { Account } from '../account.ts'
import { dynamicReferences, ssmNameIn } from './dynamic.ts'
import { settle } from './intrinsics.ts'
import { isSsmParameter } from './parameters.ts'
import { references } from './references.ts'
import { type Surveyed, scopeBefore } from './refusals.ts'

type Identified = Surveyed & {
  readonly id: string
  /** Where it is meant to be. */
  readonly environment?: { readonly accountId?: string; readonly region?: string }
}

/**
 * Which stacks must come before which, told by the templates: an export before its import, an output before the stack that
 * reads it, and an SSM parameter's stack before one that takes the parameter in, as a parameter of its own or by `{{resolve:ssm:…}}`. By id.
 */
export function stackNeeds(
  stacks: readonly Identified[],
  account: Account,
): ReadonlyMap<string, ReadonlySet<string>> {
  const givers = new Map<string, Identified[]>()
  for (const stack of stacks) {
    for (const thing of given(stack, account)) givers.set(thing, [...(givers.get(thing) ?? []), stack])
  }
  /** Of several, the one that is meant to be in the same place. */
  const giverOf = (thing: string, taker: Identified) => {
    const all = givers.get(thing) ?? []
    return (all.find(one => isDeepStrictEqual(one.environment, taker.environment)) ?? all.at(-1))?.id
  }
  return new Map(
    stacks.map(stack => {
      const needed = taken(stack, account).map(thing => giverOf(thing, stack))
      return [stack.id, new Set(needed.filter(id => id !== undefined && id !== stack.id) as string[])]
    }),
  )
}

function given(stack: Identified, account: Account): readonly string[] {
  const { template, stackName } = stack
  const scope = scopeBefore(stack, account)
  const literal = (value: unknown) => settle(value, scope, stackName)
  const parameters = Object.values(template.Resources ?? {}).filter(
    ({ Type }) => Type === 'AWS::SSM::Parameter',
  )
  return [
    ...Object.values(template.Outputs ?? {}).map(({ Export }) => `export ${literal(Export?.Name)}`),
    ...Object.keys(template.Outputs ?? {}).map(key => `output ${stackName}.${key}`),
    ...parameters.map(({ Properties }) => `ssm ${literal(Properties?.Name)}`),
  ]
}

function taken(stack: Identified, account: Account): readonly string[] {
  const { template } = stack
  const scope = scopeBefore(stack, account)
  const literal = (value: unknown) => settle(value, scope, stack.stackName)
  const found = references([template.Resources, template.Outputs], stack.stackName).flatMap(
    ({ kind, argument }) => {
      if (kind === 'Import') return [`export ${literal(argument)}`]
      if (kind !== 'StackOutput') return []
      const { StackName, OutputName } = literal(argument) as Record<string, unknown>
      return [`output ${StackName}.${OutputName}`]
    },
  )
  const parameters = Object.entries(template.Parameters ?? {}).filter(([name, one]) =>
    isSsmParameter(name, one),
  )
  const written = [
    ...Object.values(template.Resources ?? {}).map(({ Properties }) => Properties ?? {}),
    ...Object.values(template.Outputs ?? {}),
  ]
  // Also those that a function puts together: `Fn::Join`, with what is known of it.
  const resolved = written
    .filter(value => JSON.stringify(value).includes('resolve:'))
    .flatMap(value => dynamicReferences(literal(value)).map(reference => `ssm ${ssmNameIn(reference)}`))
  return [
    ...found,
    ...resolved,
    ...parameters.map(([name, { Default }]) => `ssm ${stack.parameters?.[name] ?? Default}`),
  ]
}
