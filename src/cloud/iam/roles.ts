import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import type { Access } from '../service.ts'
import { contextOf, ownerOf, type Request } from './context.ts'
import { because, principalName } from './denial.ts'
import { evaluate, type Policies, type Question } from './evaluate.ts'
import { holdings, policiesHeld } from './holdings.ts'
import type { Identity, Mutable, NewRole, Role } from './identity.ts'
import { lagBy } from './lag.ts'
import { checkName, deleteConflict, noSuchEntity, validationError } from './names.ts'
import { charactersOf, type ManagedPolicies, startPolicies, uniqueId } from './policies.ts'
import type { Decision, PolicyDocument } from './policy.ts'
import type { Principal, User } from './principal.ts'
import { type NewUser, startUsers } from './users.ts'
import { validatePolicy } from './validate.ts'
import type { Context } from './variables.ts'

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
  users(): readonly Identity[]
  /** Throws `EntityAlreadyExists`, `ValidationError`, `NoSuchEntity` (boundary). */
  createUser(user: NewUser): Identity
  /** Throws `DeleteConflict` while they still have policies. */
  deleteUser(name: string): void
  /** A user as somebody who makes calls. */
  principalOf(user: Identity): User
  /** A role's trust policy, as far as IAM has heard of it. */
  seenTrust(role: Role): PolicyDocument | undefined
  putInlinePolicy(identity: Identity, policyName: string, document: PolicyDocument): void
  deleteInlinePolicy(identity: Identity, policyName: string): void
  attach(identity: Identity, policyArn: string): void
  detach(identity: Identity, policyArn: string): void
  /** The principal's policies. A role that is gone has none. */
  policiesOf(principal: Principal): Pick<Policies, 'identity' | 'boundary' | 'session'>
  /**
   * May `principal` do this? Silently, and by what is so now: for asking on somebody's behalf. A service's request is decided by
   * `access.resourcePolicy` alone; who made the service do it goes into `access.context` as `aws:SourceArn` and
   * `aws:SourceAccount`.
   */
  decide(principal: Principal, access: Access, request?: Request): Decision
  /** The same for a request that is really made: by what IAM has heard of, and the decision goes into the stream of events. */
  authorize(principal: Principal, access: Access, request?: Request): Decision
}

/** What IAM has heard of a role or user. */
type Known = Identity & Partial<Pick<Role, 'trust'>>

/** IAM's quota on a trust policy, in characters without white space. */
const MAX_TRUST = 2048

/** Starts IAM with one user, the learner, and no roles. `now` is the cloud's clock: it decides `aws:CurrentTime`. */
export function startIam({
  account,
  events,
  now,
  lag = 0,
}: {
  account: Account
  events: Events
  now: () => number
  /** Milliseconds of real time after which a change of roles, users and their policies is seen in decisions. */
  lag?: number
}): Iam {
  const { partition, accountId } = account
  const roles = new Map<string, Mutable<Role>>()
  const users = startUsers(account, now)
  const policies = startPolicies({ account, now, lag })
  const known = lagBy<Known>(lag)
  const has = holdings(policies, changed)
  const person = users.create({ name: 'learner' })
  person.attached.add(`arn:${partition}:iam::aws:policy/AdministratorAccess`)

  const iam: Iam = {
    account,
    policies,
    learner: userPrincipal(person),
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
      for (const { name: policyName, document } of asked.inline ?? []) has.put(role, policyName, document)
      for (const policyArn of asked.attached ?? []) has.attach(role, policyArn)
      // Last, so that a role that cannot have all of this does not come into being.
      roles.set(name.toLowerCase(), role)
      changed(role)
      return role
    },
    updateRole(name, changes) {
      checkRole(changes)
      const role = Object.assign(findRole(name), changes)
      changed(role)
      return role
    },
    deleteRole(name) {
      const role = findRole(name)
      if (role.attached.size > 0)
        throw deleteConflict('Cannot delete entity, must detach all policies first.')
      if (role.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
      roles.delete(role.name.toLowerCase())
      known.put(role.id, undefined)
    },
    role: findRole,
    user: users.find,
    roles: () => [...roles.values()],
    users: users.all,
    createUser(asked) {
      if (asked.boundary !== undefined) policies.find(asked.boundary)
      const user = users.create(asked)
      changed(user)
      return user
    },
    deleteUser: users.delete,
    principalOf: userPrincipal,
    putInlinePolicy: (identity, policyName, document) => has.put(mutable(identity), policyName, document),
    deleteInlinePolicy: (identity, policyName) => has.remove(mutable(identity), policyName),
    attach: (identity, policyArn) => has.attach(mutable(identity), policyArn),
    detach: (identity, policyArn) => has.detach(mutable(identity), policyArn),
    seenTrust: role => known.seen(role.id)?.trust,
    policiesOf,
    decide,
    authorize(principal, access, request) {
      const decision = decide(principal, access, request, heardOf(principal))
      events.emit({
        kind: 'decision',
        principal: principalName(principal),
        action: access.action,
        resource: access.resource,
        allowed: decision.allowed,
        because: decision.allowed ? 'allowed' : because(decision, access.action),
        ...(decision.by && { by: decision.by }),
        ...(access.context && { context: access.context }),
      })
      return decision
    },
  }
  return iam

  function decide(
    principal: Principal,
    access: Access,
    request: Request = {},
    policies = policiesOf(principal),
  ): Decision {
    const { action, resource } = access
    const at = now()
    let context: Context | undefined
    const question: Question = {
      principal,
      action,
      resource,
      accountId: ownerOf(resource, account),
      bounded: policies.boundary !== undefined,
      get context() {
        const tags = identityOf(principal)?.tags ?? {}
        context ??= contextOf(principal, access, { account, at, request, tags })
        return context
      },
    }
    return evaluate(question, { ...policies, resource: access.resourcePolicy })
  }

  function policiesOf(principal: Principal) {
    return policiesHeld(principal, identityOf(principal), arn => policies.find(arn).document)
  }

  /** The same as far as IAM has heard of it. The learner it has always known; a policy that it has not heard of allows nothing. */
  function heardOf(principal: Principal) {
    const identity = identityOf(principal)
    const heard = identity === person ? person : identity && known.seen(identity.id)
    return policiesHeld(principal, heard, arn => policies.seen(arn) ?? { Statement: [] })
  }

  /** A role, or user, of the same name made later is not the one that these keys were issued for. */
  function identityOf(principal: Principal): Identity | undefined {
    if (principal.kind === 'service') return undefined
    if (principal.kind === 'user') {
      return users.all().find(({ arn, id }) => arn === principal.arn && id === principal.userId)
    }
    const role = roles.get(nameIn(principal.roleArn).toLowerCase())
    return role?.arn === principal.roleArn && principal.userId.startsWith(`${role.id}:`) ? role : undefined
  }

  function changed(identity: Mutable<Identity>): void {
    const { inline, attached } = identity
    known.put(identity.id, { ...identity, inline: new Map(inline), attached: new Set(attached) })
  }

  function userPrincipal({ arn, id }: Identity): User {
    return { kind: 'user', arn, accountId, userId: id }
  }

  function findRole(nameOrArn: string): Mutable<Role> {
    const name = nameIn(nameOrArn)
    const role = roles.get(name.toLowerCase())
    if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`)
    return role
  }

  function mutable(identity: Identity): Mutable<Identity> {
    return identity.kind === 'role' ? findRole(identity.name) : users.find(identity.name)
  }

  function checkRole({ trust, maxSessionDuration, boundary }: Partial<NewRole>): void {
    if (trust) {
      validatePolicy(trust, 'trust')
      if (charactersOf(trust) > MAX_TRUST) {
        throw new AwsError('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${MAX_TRUST}`, 409)
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
