import type { Start } from '../machine/fence.ts'

/** A program in a sandbox, for `spawn`. */
export interface Inside extends Start {
  /** To be called when it has ended. */
  clear(): void
}

/** Keeps a process, and all that it starts, away from the rest of the machine. */
export interface Sandbox {
  readonly kind: 'unshare' | 'bwrap'
  /** Node with these arguments, in a sandbox of its own. It finds the files of `handIn` in the folder `HAND_IN`, where it starts. */
  inside(handIn: string, args: readonly string[], env: NodeJS.ProcessEnv): Inside
}
