import type { PolicyDocument } from './policy.ts'

/** Somebody who makes a call. */
export type Principal = RoleSession | User | ServicePrincipal

/** A role in use: what a Lambda function is when it calls AWS. */
export interface RoleSession {
  readonly kind: 'role-session'
  /** `arn:aws:sts::123456789012:assumed-role/<roleName>/<sessionName>`; the role's path is not in it (facts: J11). */
  readonly arn: string
  readonly accountId: string
  /** The role behind the session: `arn:aws:iam::123456789012:role/<path/><roleName>`. */
  readonly roleArn: string
  /** `AROA…:<sessionName>`. */
  readonly userId: string
  /** Policies passed to AssumeRole: the session may do what both these and the role's own allow. */
  readonly sessionPolicies?: readonly PolicyDocument[]
  /** Tags passed to AssumeRole, before those of the role; `transitive` ones go on to sessions begun from this one. */
  readonly sessionTags?: {
    readonly tags: Readonly<Record<string, string>>
    readonly transitive: readonly string[]
  }
}

/** A person: the learner at their own keyboard. */
export interface User {
  readonly kind: 'user'
  /** `arn:aws:iam::123456789012:user/<name>`. */
  readonly arn: string
  readonly accountId: string
  readonly userId: string
}

/** An AWS service acting for the customer: API Gateway invoking a function. */
export interface ServicePrincipal {
  readonly kind: 'service'
  /** `apigateway.amazonaws.com`. */
  readonly service: string
}
