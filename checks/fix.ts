/** A fix that must be refused. Its folder, laid over the starter, is under `wrong/` by the same name. */
export interface WrongFix {
  /** The first thing found broken: a criterion's id, or the step at which the stack itself fails. */
  readonly refusedAt: string | 'compiles' | 'synthesizes' | 'deploys'
  readonly because: string
}

/** A right fix that not every machine can run: where there is no Valkey or Redis server, it is skipped. */
export interface RightFix {
  readonly because: string
  readonly needs: 'cache server'
}

/** The fixes by which a lab's check is checked: what it must refuse, and where, and what it must let pass, and why. */
export interface Fixes {
  readonly wrong: Readonly<Record<string, WrongFix>>
  /** Its folder is under `right/` by the same name. */
  readonly right: Readonly<Record<string, string | RightFix>>
}
