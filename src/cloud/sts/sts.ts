import type { AccessKeys } from '../iam/access-keys.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import type { Principal, RoleSession } from '../iam/principal.ts'
import type { Service } from '../service.ts'
import type { SessionTags } from './session-tags.ts'

/** STS of one account. */
export interface Sts {
  /** Long-lived keys of the learner. */
  readonly learner: Credentials
  /** Begins a session of a role, without asking the role's trust policy: the caller does that. Throws `NoSuchEntity`. */
  issue(
    roleArn: string,
    sessionName: string,
    options?: SessionOptions,
  ): SessionCredentials & { readonly principal: RoleSession }
  /** Whose key this is. A session of a role that has been deleted is not known any more. */
  find(accessKeyId: string): Identified | undefined
  /** Long-lived keys of users. */
  readonly accessKeys: AccessKeys
  /** What the door answers calls to `sts` with. */
  readonly service: Service
}

/** Keys as an SDK takes them. */
export interface Credentials {
  /** `ASIA…` of a session, `AKIA…` of a user. */
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Only a session has one. */
  readonly sessionToken?: string
  /** Only a session ends. */
  readonly expiration?: Date
}

/** Keys of a role session. */
export type SessionCredentials = Required<Credentials>

/** What a signature's access key stands for. */
export interface Identified {
  readonly secret: string
  readonly sessionToken?: string
  readonly principal: Principal
  /** Milliseconds since the epoch. */
  readonly expires?: number
}

/** How a session may differ from the ordinary. */
export interface SessionOptions {
  /** Seconds until it ends. The default, twelve hours, is the most a role session can have. */
  readonly seconds?: number
  readonly sessionPolicies?: readonly PolicyDocument[]
  readonly sessionTags?: SessionTags
}
