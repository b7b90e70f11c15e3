import type { Statement } from './statement.ts'

/** A role's own policies, and the names of those that are attached to it. */
export interface RoleInside {
  readonly policies: readonly { readonly name: string; readonly statements: readonly Statement[] }[]
  readonly attached: readonly string[]
}

/** What IAM says of a question, and the statements of the role that it says so by. */
export interface RoleAnswer {
  readonly decision: string
  readonly because: string
  readonly statements: readonly Statement[]
}
