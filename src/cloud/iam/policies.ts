import { randomBytes } from 'node:crypto'
import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import { lacking } from '../lack.ts'
import { lagBy } from './lag.ts'
import { awsManagedPolicy } from './managed-policies.ts'
import type { PolicyDocument } from './policy.ts'
import { validatePolicy } from './validate.ts'

/** A managed policy: the account's own, or AWS's. */
export interface ManagedPolicy {
  readonly name: string
  readonly path: string
  readonly arn: string
  /** `ANPA…`. */
  readonly policyId: string
  readonly description?: string | undefined
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly updatedAt: number
  /** `v1`. */
  readonly version: string
  readonly document: PolicyDocument
}

/** What a managed policy is made from. */
export interface NewPolicy {
  readonly name: string
  readonly path?: string | undefined
  readonly description?: string | undefined
  readonly document: PolicyDocument
}

/** The account's shelf of managed policies. */
export interface ManagedPolicies {
  /** Throws `EntityAlreadyExists`, `MalformedPolicyDocument`, `LimitExceeded`. */
  create(policy: NewPolicy): ManagedPolicy
  /** Gives a policy a new default version. */
  update(arn: string, document: PolicyDocument): ManagedPolicy
  delete(arn: string): void
  /** By ARN. AWS's own are there without being made; throws `NoSuchEntity`, naming an AWS policy this cloud does not have. */
  find(arn: string): ManagedPolicy
  /** What it says, as far as IAM has heard of it; undefined of one that is not there. */
  seen(arn: string): PolicyDocument | undefined
}

/** IAM's quota on a managed policy, white space not counted. */
const MAX_CHARACTERS = 6144

/** Starts an empty shelf. */
export function startPolicies({
  account,
  now,
  lag = 0,
}: {
  account: Account
  now: () => number
  /** Milliseconds after which a change is seen. */
  lag?: number
}): ManagedPolicies {
  const policies = new Map<string, ManagedPolicy>()
  const documents = lagBy<PolicyDocument>(lag)

  return {
    create({ name, path = '/', description, document }) {
      const arn = `arn:${account.partition}:iam::${account.accountId}:policy${path}${name}`
      check(document)
      // Names are unique whatever the path, and whatever the case.
      const taken = [...policies.values()].some(one => one.name.toLowerCase() === name.toLowerCase())
      if (taken) {
        throw new AwsError(
          'EntityAlreadyExists',
          `A policy called ${name} already exists. Duplicate names are not allowed.`,
          409,
        )
      }
      const at = now()
      const policy = {
        name,
        path,
        arn,
        policyId: uniqueId('ANPA'),
        description,
        createdAt: at,
        updatedAt: at,
        version: 'v1',
        document,
      }
      policies.set(arn, policy)
      documents.put(arn, document)
      return policy
    },
    update(arn, document) {
      check(document)
      const existing = find(arn)
      const version = `v${Number(existing.version.slice(1)) + 1}`
      const policy = { ...existing, document, version, updatedAt: now() }
      policies.set(arn, policy)
      documents.put(arn, document)
      return policy
    },
    delete(arn) {
      find(arn)
      policies.delete(arn)
      documents.put(arn, undefined)
    },
    find,
    seen: arn => documents.seen(arn) ?? fromAws(arn)?.document,
  }

  function find(arn: string): ManagedPolicy {
    const policy = policies.get(arn) ?? fromAws(arn)
    if (policy) return policy
    const isOfAws = arn.includes(':iam::aws:policy/')
    const absent = isOfAws ? ' (or is an AWS managed policy that the local cloud does not have)' : ''
    const words = `Policy ${arn} does not exist or is not attachable.${absent}`
    const error = new AwsError('NoSuchEntity', words, 404)
    throw isOfAws ? lacking(error) : error
  }
}

/** An identifier as IAM makes them: a prefix that tells the kind, then seventeen characters. */
export function uniqueId(prefix: 'AROA' | 'AIDA' | 'ANPA' | 'ASIA' | 'AKIA', length = 17): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  return prefix + Array.from(randomBytes(length), byte => letters[byte % letters.length]).join('')
}

function check(document: PolicyDocument): void {
  validatePolicy(document, 'identity')
  if (charactersOf(document) > MAX_CHARACTERS) {
    throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: ${MAX_CHARACTERS}`, 409)
  }
}

/** How IAM measures a policy: white space does not count. */
export const charactersOf = (document: PolicyDocument) => JSON.stringify(document).replace(/\s/g, '').length

const ofAws = new Map<string, ManagedPolicy>()

function fromAws(arn: string): ManagedPolicy | undefined {
  const known = ofAws.get(arn)
  if (known) return known
  const policy = awsManagedPolicy(arn)
  if (!policy) return undefined
  const at = Date.parse(policy.published)
  const managed = { ...policy, arn, policyId: 'ANPAAWSMANAGEDPOLICY0', createdAt: at, updatedAt: at }
  ofAws.set(arn, managed)
  return managed
}
