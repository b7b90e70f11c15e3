/** A policy document as JSON has it: every list may be a lone string. */
export interface PolicyDocument {
  readonly Version?: string
  readonly Id?: string
  readonly Statement: Statement | readonly Statement[]
}

/** One statement of a policy. */
export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: PrincipalElement
  readonly NotPrincipal?: PrincipalElement
  readonly Action?: OneOrMany
  readonly NotAction?: OneOrMany
  readonly Resource?: OneOrMany
  readonly NotResource?: OneOrMany
  /** operator → condition key → values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>
}

export type PrincipalElement = '*' | Readonly<Record<string, OneOrMany>>
export type OneOrMany = string | readonly string[]

/** Which kind of policy settled it; the names are those of AWS's denial texts (facts: J10). */
export type PolicyKind = 'identity-based' | 'resource-based' | 'permissions boundary' | 'session'

/** The statement that settled it, and the kind of policy that it stands in. */
export interface Settling {
  readonly kind: PolicyKind
  readonly statement: Statement
}

/** IAM's answer. A refusal says whether somebody forbade it or nobody allowed it, and in which kind of policy. */
export type Decision =
  | { readonly allowed: true; readonly by?: Settling }
  | {
      readonly allowed: false
      readonly deny: 'explicit' | 'implicit'
      readonly kind: PolicyKind
      /** Of an explicit deny. */
      readonly by?: Settling
    }
