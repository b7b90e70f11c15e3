import type { Account } from '../account.ts'
import { readAssembly, selectStacks } from './assembly.ts'
import type { Stack } from './describe.ts'
import type { Stacks } from './stacks.ts'
import { survey } from './survey.ts'
import { withoutTwins } from './twins.ts'

/** Which stacks of an assembly, and what to do about what cannot be run. */
export interface AssemblyChoice {
  /** By name; with those that they need. All of them when there is no name. */
  readonly stacks?: readonly string[]
  /** Leaves out what cannot be run, and what refers to it, instead of refusing the whole. */
  readonly skipUnsupported?: boolean
  /** Refuses what only stands beside a WebSocket app, too: see `beside.ts`. */
  readonly strict?: boolean
}

/** What came of it. */
export interface AssemblyDeployed {
  /** In the order in which they were deployed. */
  readonly stacks: readonly Stack[]
  /** A line for each thing that was left out, and why. */
  readonly leftOut: readonly string[]
}

/**
 * Deploys stacks of a CDK cloud assembly, one after the other. All of them are looked through before the first is
 * started. Throws `AssemblyProblem`, `TemplateProblem`, `Unsupported` and `StackFailed`.
 */
export async function deployAssembly(
  directory: string,
  cloud: { readonly account: Account; readonly stacks: Stacks },
  { stacks: names = [], skipUnsupported = false, strict = false }: AssemblyChoice = {},
): Promise<AssemblyDeployed> {
  const selected = selectStacks(readAssembly(directory, cloud.account), names)
  const { stacks: chosen, passedOver } = withoutTwins(selected, cloud.account)
  const types = new Map(cloud.stacks.types.map(type => [type.type, type]))
  const abilities = { account: cloud.account, types, ssm: true, dynamic: true }
  const { stacks, leftOut } = survey(chosen, { ...abilities, skipUnsupported, strict })
  const deployed: Stack[] = []
  for (const stack of stacks) deployed.push((await cloud.stacks.deploy(stack)).stack)
  return { stacks: deployed, leftOut: [...passedOver, ...leftOut] }
}
