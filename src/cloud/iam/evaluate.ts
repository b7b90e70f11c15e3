import { holds } from './conditions.ts'
import { actionMatches, matches } from './pattern.ts'
import type { Decision, PolicyDocument, PolicyKind, PrincipalElement, Settling, Statement } from './policy.ts'
import type { Principal } from './principal.ts'
import { type Context, fillIn } from './variables.ts'

/** What IAM is asked: may `principal` do `action` to `resource`? */
export interface Question {
  readonly principal: Principal
  readonly action: string
  /** An ARN, or `*`. */
  readonly resource: string
  /** Looked at only where a statement has a condition or a variable. */
  readonly context: Context
  /** The account that owns the resource. */
  readonly accountId: string
  /** Whether the principal has a permissions boundary; `evaluate` sees to it. */
  readonly bounded?: boolean
}

/** Every policy that has a say. A boundary or session policy that is not there limits nothing. */
export interface Policies {
  readonly identity: readonly PolicyDocument[]
  readonly resource?: PolicyDocument | undefined
  readonly boundary?: PolicyDocument | undefined
  readonly session?: readonly PolicyDocument[] | undefined
}

/**
 * IAM's decision, as the IAM guide's "Policy evaluation logic" has it: a Deny anywhere wins; without one, somebody
 * must have allowed it, and boundary and session policies must not stand in the way (facts: J10).
 *
 * Where several kinds of policy deny, AWS names only one; which one is assumed: the first in the order below.
 */
export function evaluate(asked: Question, policies: Policies): Decision {
  const bounded = policies.boundary !== undefined
  const question = asked.bounded === bounded ? asked : { ...asked, bounded }
  const kinds: readonly [PolicyKind, readonly PolicyDocument[]][] = [
    ['identity-based', policies.identity],
    ['resource-based', policies.resource ? [policies.resource] : []],
    ['permissions boundary', policies.boundary ? [policies.boundary] : []],
    ['session', policies.session ?? []],
  ]
  for (const [kind, documents] of kinds) {
    const forbids = found('Deny', documents, question, kind)
    if (forbids) return no('explicit', kind, forbids)
  }

  const { grant, by } = policies.resource ? resourceGrant(policies.resource, question) : nothing
  const { principal } = question
  if (principal.kind === 'service') return by ? yes(by) : no('implicit', 'resource-based')

  const sameAccount = principal.accountId === question.accountId
  if (grant === 'nothing' && (!sameAccount || policyOfResourceIsRequired(question.action))) {
    return no('implicit', 'resource-based')
  }
  if (sameAccount && grant === 'outright' && by) return yes(by)

  const allows = found('Allow', policies.identity, question, 'identity-based')
  const settling = allows ?? (sameAccount && grant === 'to the role' ? by : undefined)
  if (!settling) return no('implicit', 'identity-based')
  if (policies.boundary && !found('Allow', [policies.boundary], question, 'permissions boundary')) {
    return no('implicit', 'permissions boundary')
  }
  if (policies.session && !found('Allow', policies.session, question, 'session')) {
    return no('implicit', 'session')
  }
  return yes(settling)
}

const yes = (by: Settling): Decision => ({ allowed: true, by })
const no = (deny: 'explicit' | 'implicit', kind: PolicyKind, by?: Settling): Decision => ({
  allowed: false,
  deny,
  kind,
  ...(by && { by }),
})

/** A policy's statements, however they were written. */
export const statementsOf = (document: PolicyDocument): readonly Statement[] => many(document.Statement)

/** Whether a statement is about this question. Only in a resource's policy does it say for whom. */
export function isAbout(
  statement: Statement,
  question: Question,
  kind: PolicyKind,
  version: string | undefined,
): boolean {
  const hasVariables = version === '2012-10-17'
  return (
    (kind !== 'resource-based' || howNamed(statement, question) !== undefined) &&
    actionIsMeant(statement, question.action) &&
    resourceIsMeant(statement, question, hasVariables) &&
    (statement.Condition === undefined || holds(statement.Condition, question.context, hasVariables))
  )
}

/** The first statement with this effect that is about the question. */
function found(
  effect: Statement['Effect'],
  documents: readonly PolicyDocument[],
  question: Question,
  kind: PolicyKind,
): Settling | undefined {
  for (const document of documents) {
    const statement = statementsOf(document).find(
      one => one.Effect === effect && isAbout(one, question, kind, document.Version),
    )
    if (statement) return { kind, statement }
  }
  return undefined
}

/**
 * How far a resource policy's Allow reaches. `outright` needs no other policy: the user, the role's session, or
 * everybody was named. Named as a role, a session still obeys its boundary and session policies. Named is only
 * the account: an identity-based policy must allow it, too.
 */
function resourceGrant(document: PolicyDocument, question: Question): Grant {
  const allowing = statementsOf(document).filter(
    one => one.Effect === 'Allow' && isAbout(one, question, 'resource-based', document.Version),
  )
  for (const grant of ['outright', 'to the role', 'to the account'] as const) {
    const statement = allowing.find(one => howNamed(one, question) === grant)
    if (statement) return { grant, by: { kind: 'resource-based', statement } }
  }
  return nothing
}

interface Grant {
  readonly grant: 'outright' | 'to the role' | 'to the account' | 'nothing'
  readonly by?: Settling
}

const nothing: Grant = { grant: 'nothing' }

/** A role's trust policy and a KMS key's policy must speak for themselves: identity-based policies alone give nothing. */
const policyOfResourceIsRequired = (action: string) => /^(sts:assumerole|sts:tagsession|kms:)/i.test(action)

function howNamed(statement: Statement, { principal, bounded }: Question) {
  if (statement.Principal !== undefined) return howNamedBy(statement.Principal, principal)
  if (statement.NotPrincipal === undefined) return undefined
  // The IAM guide, "Permissions boundaries": it "will always deny any IAM principal that has a permissions boundary".
  if (statement.Effect === 'Deny' && bounded) return 'outright'
  return howNamedBy(statement.NotPrincipal, principal) ? undefined : 'outright'
}

function howNamedBy(element: PrincipalElement, principal: Principal) {
  // CDK's AnyPrincipal: it means everybody, services included, as the star alone does.
  if (element === '*' || many(element.AWS).includes('*')) return 'outright'
  if (principal.kind === 'service') {
    return many(element.Service).some(one => one === '*' || one === principal.service)
      ? 'outright'
      : undefined
  }
  const names = many(element.AWS)
  if (names.includes(principal.arn)) return 'outright'
  if (principal.kind === 'role-session' && names.includes(principal.roleArn)) return 'to the role'
  const { accountId } = principal
  const isAccount = (name: string) => name === accountId || ROOT.exec(name)?.[1] === accountId
  return names.some(isAccount) ? 'to the account' : undefined
}

const ROOT = /^arn:[\w-]+:iam::(\d{12}):root$/

function actionIsMeant({ Action, NotAction }: Statement, action: string): boolean {
  if (NotAction !== undefined) return !many(NotAction).some(pattern => actionMatches(pattern, action))
  return many(Action).some(pattern => actionMatches(pattern, action))
}

/**
 * A trust policy has no Resource: it is about the role it belongs to. A star reaches past colons; the IAM guide says
 * so of one that ends a part of the ARN, of others it is assumed.
 */
function resourceIsMeant(
  { Effect, Resource, NotResource }: Statement,
  question: Question,
  hasVariables: boolean,
): boolean {
  const filled = (text: string) =>
    fillIn(text, hasVariables && text.includes('$') ? question.context : undefined)
  const fits = (text: string) => {
    const pattern = filled(text)
    return pattern !== undefined && matches(pattern, question.resource)
  }
  if (NotResource !== undefined) {
    // What an Allow spares is not known where a variable has no value: then it allows nothing.
    if (Effect === 'Allow' && many(NotResource).some(text => filled(text) === undefined)) return false
    return !many(NotResource).some(fits)
  }
  return Resource === undefined || many(Resource).some(fits)
}

function many<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as T]
}
