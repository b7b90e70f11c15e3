import { AwsError } from '../error.ts'
import type { Policies } from './evaluate.ts'
import type { Identity, Mutable } from './identity.ts'
import { checkName, noSuchEntity } from './names.ts'
import { charactersOf, type ManagedPolicies } from './policies.ts'
import type { PolicyDocument } from './policy.ts'
import type { Principal } from './principal.ts'
import { validatePolicy } from './validate.ts'

/** Throws IAM's refusal of what is no ARN (recorded from AWS in localstack's snapshots; the least length is that of its API). */
function checkPolicyArn(policyArn: string): void {
  if (policyArn.length < 20) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${policyArn}' at 'policyArn' failed to satisfy constraint: Member must have length greater than or equal to 20`,
    )
  }
  if (!policyArn.startsWith('arn:'))
    throw new AwsError('ValidationError', 'Invalid ARN:  Could not be parsed!')
}

/** IAM's quotas: characters of all inline policies together, white space not counted; and managed policies each. */
const INLINE = { role: 10_240, user: 2048 }
const ATTACHED = 10

/** The policies of a role or user come and go. */
export interface Holdings {
  /** Throws `ValidationError`, `MalformedPolicyDocument`, `LimitExceeded`. */
  put(identity: Mutable<Identity>, policyName: string, document: PolicyDocument): void
  /** Throws `NoSuchEntity`. */
  remove(identity: Mutable<Identity>, policyName: string): void
  /** Throws `NoSuchEntity`, `LimitExceeded`. */
  attach(identity: Mutable<Identity>, policyArn: string): void
  /** Throws `NoSuchEntity`. */
  detach(identity: Mutable<Identity>, policyArn: string): void
}

/** `changed` is told of every change. */
export const holdings = (
  policies: ManagedPolicies,
  changed: (identity: Mutable<Identity>) => void,
): Holdings => ({
  put(identity, policyName, document) {
    checkName('policyName', policyName, 128)
    validatePolicy(document, 'identity')
    const all = new Map(identity.inline).set(policyName, document)
    const size = [...all.values()].reduce((sum, one) => sum + charactersOf(one), 0)
    const most = INLINE[identity.kind]
    if (size > most) {
      const whose = `${identity.kind} ${identity.name}`
      throw new AwsError('LimitExceeded', `Maximum policy size of ${most} bytes exceeded for ${whose}`, 409)
    }
    identity.inline.set(policyName, document)
    changed(identity)
  },
  remove(identity, policyName) {
    if (!identity.inline.delete(policyName)) {
      throw noSuchEntity(`The ${identity.kind} policy with name ${policyName} cannot be found.`)
    }
    changed(identity)
  },
  attach(identity, policyArn) {
    const { kind, attached } = identity
    checkPolicyArn(policyArn)
    policies.find(policyArn)
    if (!attached.has(policyArn) && attached.size >= ATTACHED) {
      const quota = kind === 'role' ? 'PoliciesPerRole' : 'PoliciesPerUser'
      throw new AwsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${ATTACHED}`, 409)
    }
    attached.add(policyArn)
    changed(identity)
  },
  detach(identity, policyArn) {
    if (!identity.attached.delete(policyArn)) throw noSuchEntity(`Policy ${policyArn} was not found.`)
    changed(identity)
  },
})

/** The policies of this principal that have a say; `managed` finds those that are attached. */
export const policiesHeld = (
  principal: Principal,
  identity: Identity | undefined,
  managed: (arn: string) => PolicyDocument,
): Pick<Policies, 'identity' | 'boundary' | 'session'> => ({
  identity: identity ? [...identity.inline.values(), ...[...identity.attached].map(managed)] : [],
  boundary: identity?.boundary === undefined ? undefined : managed(identity.boundary),
  session: principal.kind === 'role-session' ? principal.sessionPolicies : undefined,
})
