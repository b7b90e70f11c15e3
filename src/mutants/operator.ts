import type { Tree } from './tree.ts'

/** One replacement in a source text. The positions are those of the text before any edit. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** One mistake in one place: edits that belong together. */
export type Mutation = readonly Edit[]

/** A mistake that people make, and every place of a program where they can make it. */
export interface Operator {
  readonly name: string
  /** What a person does who makes the mistake: "drops an await". */
  readonly says: string
  /** `handler` is code that runs: functions and clients. `stack` is code that describes what is deployed. */
  readonly appliesTo: 'handler' | 'stack'
  find(tree: Tree): readonly Mutation[]
}
