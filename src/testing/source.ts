import { resolve } from 'node:path'
import { defaultAccount } from '../cloud/account.ts'
import type { AssemblyStack } from '../cloud/cloudformation/assembly.ts'
import { readAssembly, selectStacks } from '../cloud/cloudformation/assembly.ts'
import type { LocalCloudOptions, Synthesizable } from './entry.cjs'

/** What is to be deployed. */
export interface Source {
  readonly directory: string
  /** Names of stacks; all of them when there is none. */
  readonly stacks: readonly string[]
  readonly chosen: readonly AssemblyStack[]
}

/** Finds the assembly, or makes it of an app or a stack. Undefined where nothing is to be deployed. */
export function sourceOf({ assembly, app, stack, stacks = [] }: LocalCloudOptions): Source | undefined {
  if (assembly !== undefined) return read(resolve(assembly), stacks)
  if (app) return read(app.synth().directory, stacks)
  // The path is what CDK calls it: a stack in a stage has the stage's name before its own.
  if (stack) return read((stack.node.root as Synthesizable).synth().directory, [stack.node.path])
  return undefined
}

const read = (directory: string, stacks: readonly string[]): Source => ({
  directory,
  stacks,
  chosen: selectStacks(readAssembly(directory, defaultAccount), stacks),
})
