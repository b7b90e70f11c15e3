import type { PolicyDocument } from './policy.ts'

/** Whatever policies can be attached to. */
export interface Identity {
  readonly kind: 'role' | 'user'
  readonly name: string
  readonly path: string
  readonly arn: string
  /** `AROA…` of a role, `AIDA…` of a user. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** Inline policies by name. */
  readonly inline: ReadonlyMap<string, PolicyDocument>
  /** ARNs of managed policies. */
  readonly attached: ReadonlySet<string>
  /** ARN of the managed policy that is the permissions boundary. */
  readonly boundary?: string | undefined
  readonly tags: Readonly<Record<string, string>>
}

/** An identity as IAM itself keeps it. */
export type Mutable<T extends Identity> = Omit<T, 'inline' | 'attached'> & {
  readonly inline: Map<string, PolicyDocument>
  readonly attached: Set<string>
}

/** A role: an identity, and who may be it. */
export interface Role extends Identity {
  readonly kind: 'role'
  readonly trust: PolicyDocument
  readonly description?: string | undefined
  /** Seconds. */
  readonly maxSessionDuration: number
}

/** What a role is made from. */
export interface NewRole {
  readonly name: string
  readonly path?: string | undefined
  readonly trust: PolicyDocument
  readonly description?: string | undefined
  readonly maxSessionDuration?: number | undefined
  readonly boundary?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly inline?: readonly { readonly name: string; readonly document: PolicyDocument }[]
  /** ARNs of managed policies. */
  readonly attached?: readonly string[]
}
