import { IAMClient } from '@aws-sdk/client-iam'
import { type Scene, Unmet } from '#kit'
import { isFree, type Permit, permits } from './budget.ts'
import { type Context, realContext } from './context.ts'
import { type Batch, batchesFor } from './questions.ts'
import { asOfRole, type Guarded, guardedBy, letsStrangersIn } from './resource-policies.ts'
import type { Role } from './role.ts'
import { rolesOf } from './roles.ts'
import { allowed } from './simulate.ts'
import { type Found, quoted } from './statement.ts'
import { type Surroundings, surroundingsOf, type Target } from './surroundings.ts'
import { actionMatches, many, matches } from './wildcards.ts'

/** Something that a role is allowed beyond its budget. */
interface TooMuch {
  readonly role: Role
  readonly action: string
  readonly target: Target
  readonly by: Batch
}

/** How many batches are asked at once: IAM refuses those who ask too much at a time. */
const AT_ONCE = 4
/** The most actions that a finding lists. */
const LISTED = 4

/** What a lab asks for besides functions. */
export interface Besides {
  /** ARNs of roles that people of the account take on themselves. Nobody outside the account may. */
  readonly forPeople?: readonly string[]
}

/**
 * Holds if no role of the stack may do anything that the budget has no line for, and if nobody else may use the stack's resources
 * or be its roles. IAM is asked by simulation: nothing is really done. Throws `Unmet`, naming the statement that allows too much.
 */
export async function staysWithin(
  scene: Scene,
  budget: readonly Permit[],
  { forPeople = [] }: Besides = {},
): Promise<void> {
  const [roles, guarded] = await Promise.all([rolesOf(scene), guardedBy(scene)])
  if (roles.length === 0) {
    throw new Unmet({
      expected: 'the roles of the functions to be made by the stack, where they can be examined',
      observed: 'no role among its resources',
    })
  }
  scene.did(
    `the check asked IAM what ${roles.length === 1 ? 'the one role' : `each of the ${roles.length} roles`} may do`,
  )
  const around = surroundingsOf(scene)
  const findings = await Promise.all(roles.map(role => firstTooMuch(scene, role, guarded, around, budget)))
  const [first] = findings.flatMap(found => found ?? [])
  if (first) throw first
  nobodyElse(scene, roles, guarded, forPeople)
}

async function firstTooMuch(
  scene: Scene,
  role: Role,
  guarded: readonly Guarded[],
  around: Surroundings,
  budget: readonly Permit[],
): Promise<Unmet | undefined> {
  const iam = scene.aws(IAMClient)
  const ofResources = guarded.flatMap(one => asOfRole(one, role))
  const statements = [...role.statements, ...ofResources]
  const besides =
    ofResources.length === 0
      ? []
      : [
          JSON.stringify({
            Version: '2012-10-17',
            Statement: ofResources.map(({ statement: { Sid: _, ...rest } }) => rest),
          }),
        ]
  const batches = batchesFor(statements, realContext(scene, role), around, action => isFree(budget, action))
  for (let at = 0; at < batches.length; at += AT_ONCE) {
    const found = await Promise.all(
      batches.slice(at, at + AT_ONCE).map(batch => tooMuchIn(iam, role, batch, besides, budget)),
    )
    const [first, ...others] = found.flat()
    if (first) return unmet(first, others, statements)
  }
  return undefined
}

async function tooMuchIn(
  iam: IAMClient,
  role: Role,
  by: Batch,
  besides: readonly string[],
  budget: readonly Permit[],
): Promise<TooMuch[]> {
  const { actions, targets, context } = by
  const resources = targets.map(({ arn }) => arn)
  const answers = await allowed(iam, { roleArn: role.arn, actions, resources, context, besides })
  return answers.flatMap(({ action, resource }) => {
    const target = targets.find(({ arn }) => arn === resource)
    return target && by.isAsked(action, resource) && !permits(budget, role, action, resource)
      ? [{ role, action, target, by }]
      : []
  })
}

function unmet(first: TooMuch, others: readonly TooMuch[], statements: readonly Found[]): Unmet {
  const { role, target, by } = first
  const allows = (found: Found, action: string) => allowsIt(found, action, target.arn, by.context)
  const statement = statements.find(one => allows(one, first.action))
  const actions = [first, ...others]
    .filter(one => one.target.arn === target.arn && (!statement || allows(statement, one.action)))
    .map(({ action }) => action)
  const listed = [...new Set(actions)].toSorted((a, b) => Number(isFamiliar(b)) - Number(isFamiliar(a)))
  const more = listed.length - LISTED
  return new Unmet({
    expected: `${role.title} to be allowed nothing on ${target.what} that the lab does not need`,
    observed: `${role.title} is allowed ${listed.slice(0, LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''} on ${target.arn}`,
    means: target.means,
    evidence: [...(statement ? [quoted(statement)] : []), ...asked(by)],
    granted: { policy: statement?.policy ?? role.name, statement: statement?.at ?? -1, role: role.name },
  })
}

/** Actions that a reader knows what harm is done with. */
const isFamiliar = (action: string): boolean =>
  /^\w+[\w-]*:(Scan|GetItem|PutItem|DeleteItem|DeleteTable|UpdateTable|ManageConnections|AssumeRole|PassRole|InvokeFunction|DeleteFunction|GetObject|DeleteBucket|SendMessage|DeleteLogGroup)$/.test(
    action,
  )

/** What a question had instead of what a real request has, for a condition to hold. */
const asked = ({ condition, context }: Batch): string[] =>
  Object.keys(condition?.statement.Condition ?? {}).flatMap(operator =>
    Object.keys(condition?.statement.Condition?.[operator] ?? {}).flatMap(key => {
      const value = Object.entries(context).find(([one]) => one.toLowerCase() === key.toLowerCase())?.[1]
      return value ? [`asked with ${key} = ${value.values.join(', ')}`] : []
    }),
  )

/** Whether it is this statement that allows it, as far as can be told from outside IAM. */
function allowsIt({ statement }: Found, action: string, arn: string, context: Context): boolean {
  const { Effect, Action, NotAction, Resource, NotResource } = statement
  const isMeant = (patterns: readonly string[]) =>
    patterns.some(pattern => matches(withVariables(pattern, context), arn))
  return (
    Effect === 'Allow' &&
    (NotAction === undefined
      ? many(Action).some(pattern => actionMatches(pattern, action))
      : !many(NotAction).some(pattern => actionMatches(pattern, action))) &&
    (NotResource === undefined ? isMeant(many(Resource)) : !isMeant(many(NotResource)))
  )
}

const withVariables = (pattern: string, context: Context): string =>
  pattern.replace(/\$\{([\w:/-]+)\}/g, (variable, key: string) => context[key]?.values[0] ?? variable)

/** A role's trust policy says who may be it; a resource's policy who may use it: judged by what they say, as IAM simulates neither. */
function nobodyElse(
  scene: Scene,
  roles: readonly Role[],
  guarded: readonly Guarded[],
  forPeople: readonly string[],
): void {
  for (const role of roles) {
    const isForPeople = forPeople.includes(role.arn)
    const wide = role.trust.find(({ statement }) =>
      isForPeople
        ? letsStrangersIn(statement, scene.accountId) || letsServicesIn(statement)
        : statement.Effect === 'Allow' && !isForServices(statement),
    )
    if (!wide) continue
    throw new Unmet({
      expected: isForPeople
        ? `${role.title} to be taken on by people of the account only`
        : `${role.title} to be taken on by AWS's services only, for the functions that have it`,
      observed: `its trust policy lets others take it on: ${JSON.stringify(wide.statement.Principal ?? 'all but a few')}`,
      means: 'Anyone who may take on a role may do all that the role may do.',
      evidence: [quoted(wide)],
      granted: { policy: role.name, statement: -1, role: role.name },
    })
  }
  for (const { statements } of guarded) {
    const wide = statements.find(({ statement }) => letsStrangersIn(statement, scene.accountId))
    if (!wide) continue
    throw new Unmet({
      expected: 'nobody outside the account to be let in by a policy',
      observed: `${wide.title} lets in everybody, or another account: ${JSON.stringify(wide.statement.Action)}`,
      means: "A resource's own policy can let in people of other accounts, and people without an account.",
      evidence: [quoted(wide)],
      granted: { policy: wide.policy, statement: wide.at },
    })
  }
}

const isForServices = ({ Principal }: Found['statement']): boolean =>
  typeof Principal === 'object' && Object.keys(Principal).every(kind => kind === 'Service')

const letsServicesIn = ({ Effect, Principal }: Found['statement']): boolean =>
  Effect === 'Allow' && typeof Principal === 'object' && 'Service' in Principal
