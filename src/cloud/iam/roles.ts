import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import type { Access } from '../service.ts'
import { contextOf, ownerOf, type Request } from './context.ts'
import { because, principalName } from './denial.ts'
import { evaluate, type Policies } from './evaluate.ts'
import type { Identity, NewRole, Role } from './identity.ts'
import { checkName, deleteConflict, noSuchEntity, validationError } from './names.ts'
import { charactersOf, type ManagedPolicies, startPolicies, uniqueId } from './policies.ts'
import type { Decision, PolicyDocument } from './policy.ts'
import type { Principal, User } from './principal.ts'
import { validatePolicy } from './validate.ts'

/** What of a role can be changed in one go; policies come and go one by one. */
export type RoleChanges = Partial<
  Pick<NewRole, 'trust' | 'description' | 'maxSessionDuration' | 'boundary' | 'tags'>
>

/** IAM of one account: who there is, what they may do, and the answer to every "may they?". */
export interface Iam {
  readonly account: Account
  readonly policies: ManagedPolicies
  /** The person at the keyboard, who may do everything. */
  readonly learner: User
  /** Throws `EntityAlreadyExists`, `ValidationError`, `MalformedPolicyDocument`, `NoSuchEntity` (boundary), `LimitExceeded`. */
  createRole(role: NewRole): Role
  /** Changes what is given; `boundary: undefined` takes the boundary away. */
  updateRole(name: string, changes: RoleChanges): Role
  /** Throws `DeleteConflict` while it still has policies. */
  deleteRole(name: string): void
  /** By name or ARN; throws `NoSuchEntity`. */
  role(nameOrArn: string): Role
  /** By name or ARN; throws `NoSuchEntity`. */
  user(nameOrArn: string): Identity
  roles(): readonly Role[]
  putInlinePolicy(identity: Identity, policyName: string, document: PolicyDocument): void
  deleteInlinePolicy(identity: Identity, policyName: string): void
  attach(identity: Identity, policyArn: string): void
  detach(identity: Identity, policyArn: string): void
  /** The policies of whoever this is. Of a role that is gone there are none. */
  policiesOf(principal: Principal): Pick<Policies, 'identity' | 'boundary' | 'session'>
  /**
   * May `principal` do this? Silently: for asking on somebody's behalf. A service's request is decided by
   * `access.resourcePolicy` alone; who made the service do it goes into `access.context` as `aws:SourceArn` and
   * `aws:SourceAccount`.
   */
  decide(principal: Principal, access: Access, request?: Request): Decision
  /** The same for a request that is really made: the decision goes into the stream of events. */
  authorize(principal: Principal, access: Access, request?: Request): Decision
}

type Mutable<T extends Identity> = T & { inline: Map<string, PolicyDocument>; attached: Set<string> }

/** IAM's quotas, in characters without white space: inline policies of a role together, a trust policy; managed policies each. */
const QUOTA = { inline: 10_240, trust: 2048, attached: 10 }

/** Starts IAM with one user, the learner, and no roles. `now` is the cloud's clock: it decides `aws:CurrentTime`. */
export function startIam({
  account,
  events,
  now,
}: {
  account: Account
  events: Events
  now: () => number
}): Iam {
  const { partition, accountId } = account
  const roles = new Map<string, Mutable<Role>>()
  const policies = startPolicies({ account, now })
  const person: Mutable<Identity> = {
    kind: 'user',
    name: 'learner',
    path: '/',
    arn: `arn:${partition}:iam::${accountId}:user/learner`,
    id: uniqueId('AIDA'),
    createdAt: now(),
    inline: new Map(),
    attached: new Set([`arn:${partition}:iam::aws:policy/AdministratorAccess`]),
    tags: {},
  }

  const iam: Iam = {
    account,
    policies,
    learner: { kind: 'user', arn: person.arn, accountId, userId: person.id },
    createRole(asked) {
      const { name, path = '/', trust, description, maxSessionDuration = 3600, boundary, tags = {} } = asked
      checkName('roleName', name, 64)
      if (roles.has(name.toLowerCase())) {
        throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409)
      }
      checkRole(asked)
      const role: Mutable<Role> = {
        kind: 'role',
        name,
        path,
        arn: `arn:${partition}:iam::${accountId}:role${path}${name}`,
        id: uniqueId('AROA'),
        createdAt: now(),
        inline: new Map(),
        attached: new Set(),
        tags,
        trust,
        description,
        maxSessionDuration,
        boundary,
      }
      for (const { name: policyName, document } of asked.inline ?? []) put(role, policyName, document)
      for (const policyArn of asked.attached ?? []) attach(role, policyArn)
      // Last, so that a role that cannot have all of this does not come into being.
      roles.set(name.toLowerCase(), role)
      return role
    },
    updateRole(name, changes) {
      checkRole(changes)
      return Object.assign(findRole(name), changes)
    },
    deleteRole(name) {
      const role = findRole(name)
      if (role.attached.size > 0)
        throw deleteConflict('Cannot delete entity, must detach all policies first.')
      if (role.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
      roles.delete(role.name.toLowerCase())
    },
    role: findRole,
    user: findUser,
    roles: () => [...roles.values()],
    putInlinePolicy: (identity, policyName, document) => put(mutable(identity), policyName, document),
    deleteInlinePolicy(identity, policyName) {
      if (!mutable(identity).inline.delete(policyName)) {
        throw noSuchEntity(`The ${identity.kind} policy with name ${policyName} cannot be found.`)
      }
    },
    attach: (identity, policyArn) => attach(mutable(identity), policyArn),
    detach(identity, policyArn) {
      if (!mutable(identity).attached.delete(policyArn)) {
        throw noSuchEntity(`Policy ${policyArn} was not found.`)
      }
    },
    policiesOf,
    decide,
    authorize(principal, access, request) {
      const decision = decide(principal, access, request)
      events.emit({
        kind: 'decision',
        principal: principalName(principal),
        action: access.action,
        resource: access.resource,
        allowed: decision.allowed,
        because: decision.allowed ? 'allowed' : because(decision, access.action),
      })
      return decision
    },
  }
  return iam

  function decide(principal: Principal, access: Access, request: Request = {}): Decision {
    const tags = identityOf(principal)?.tags ?? {}
    const context = contextOf(principal, access, { account, at: now(), request, tags })
    const { action, resource } = access
    const question = { principal, action, resource, context, accountId: ownerOf(resource, account) }
    return evaluate(question, { ...policiesOf(principal), resource: access.resourcePolicy })
  }

  function policiesOf(principal: Principal): Pick<Policies, 'identity' | 'boundary' | 'session'> {
    const identity = identityOf(principal)
    const managed = (arn: string) => policies.find(arn).document
    return {
      identity: identity ? [...identity.inline.values(), ...[...identity.attached].map(managed)] : [],
      boundary: identity?.boundary === undefined ? undefined : managed(identity.boundary),
      session: principal.kind === 'role-session' ? principal.sessionPolicies : undefined,
    }
  }

  /** A role of the same name made later is not the role that this session was issued for. */
  function identityOf(principal: Principal): Identity | undefined {
    if (principal.kind === 'service') return undefined
    if (principal.kind === 'user') return principal.arn === person.arn ? person : undefined
    const role = roles.get(nameIn(principal.roleArn).toLowerCase())
    return role?.arn === principal.roleArn && principal.userId.startsWith(`${role.id}:`) ? role : undefined
  }

  function put(identity: Mutable<Identity>, policyName: string, document: PolicyDocument): void {
    checkName('policyName', policyName, 128)
    validatePolicy(document, 'identity')
    const all = new Map(identity.inline).set(policyName, document)
    const size = [...all.values()].reduce((sum, one) => sum + charactersOf(one), 0)
    if (size > QUOTA.inline) {
      const whose = `${identity.kind} ${identity.name}`
      throw new AwsError(
        'LimitExceeded',
        `Maximum policy size of ${QUOTA.inline} bytes exceeded for ${whose}`,
        409,
      )
    }
    identity.inline.set(policyName, document)
  }

  function attach({ kind, attached }: Mutable<Identity>, policyArn: string): void {
    policies.find(policyArn)
    if (!attached.has(policyArn) && attached.size >= QUOTA.attached) {
      const quota = kind === 'role' ? 'PoliciesPerRole' : 'PoliciesPerUser'
      throw new AwsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${QUOTA.attached}`, 409)
    }
    attached.add(policyArn)
  }

  function findRole(nameOrArn: string): Mutable<Role> {
    const name = nameIn(nameOrArn)
    const role = roles.get(name.toLowerCase())
    if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`)
    return role
  }

  function findUser(nameOrArn: string): Mutable<Identity> {
    const name = nameIn(nameOrArn)
    if (name !== person.name) throw noSuchEntity(`The user with name ${name} cannot be found.`)
    return person
  }

  function mutable(identity: Identity): Mutable<Identity> {
    return identity.kind === 'role' ? findRole(identity.name) : findUser(identity.name)
  }

  function checkRole({ trust, maxSessionDuration, boundary }: Partial<NewRole>): void {
    if (trust) {
      validatePolicy(trust, 'trust')
      if (charactersOf(trust) > QUOTA.trust) {
        throw new AwsError('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${QUOTA.trust}`, 409)
      }
    }
    if (maxSessionDuration !== undefined && !(maxSessionDuration >= 3600 && maxSessionDuration <= 43_200)) {
      throw validationError(
        'maxSessionDuration',
        String(maxSessionDuration),
        'Member must have value between 3600 and 43200',
      )
    }
    if (boundary !== undefined) policies.find(boundary)
  }
}

/** The last part of `arn:aws:iam::…:role/path/name`, or a name as it is. */
const nameIn = (nameOrArn: string) => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)
