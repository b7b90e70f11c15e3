import { iamActions } from '../../actions/actions.ts'
import { AwsError } from '../error.ts'
import { aboutPrincipal, ownerOf } from './context.ts'
import { evaluate, isAbout, type Question, statementsOf } from './evaluate.ts'
import type { Identity } from './identity.ts'
import { validationError } from './names.ts'
import type { PolicyDocument, PolicyKind } from './policy.ts'
import type { Principal } from './principal.ts'
import type { Iam } from './roles.ts'
import { validatePolicy } from './validate.ts'
import { type Context, lookUp } from './variables.ts'

/** The parameters of SimulateCustomPolicy and, with a source, of SimulatePrincipalPolicy. Documents are JSON text. */
export interface Simulation {
  readonly PolicySourceArn?: string
  readonly ActionNames?: readonly string[]
  readonly ResourceArns?: readonly string[]
  readonly PolicyInputList?: readonly string[]
  readonly PermissionsBoundaryPolicyInputList?: readonly string[]
  readonly ResourcePolicy?: string
  readonly ResourceOwner?: string
  readonly ResourceHandlingOption?: string
  readonly CallerArn?: string
  readonly ContextEntries?: readonly {
    readonly ContextKeyName: string
    readonly ContextKeyValues?: readonly string[]
    readonly ContextKeyType?: string
  }[]
}

/** A policy with the name under which the simulator reports it. */
interface Named {
  readonly id: string
  readonly kind: PolicyKind
  readonly document: PolicyDocument
}

/**
 * What IAM would decide, for every action on every resource: the `EvaluationResults` of the two Simulate operations.
 * Trust policies have no say in it, as on AWS: `sts:AssumeRole` is judged by identity-based policies alone.
 * Throws `InvalidInput`, `MalformedPolicyDocument`, `NoSuchEntity`, `ValidationError`.
 */
export function simulate(input: Simulation, iam: Iam, source: Identity | undefined) {
  const { CallerArn, ResourcePolicy } = input
  const actions = list(input.ActionNames)
  const resources = list(input.ResourceArns)
  if (actions.length === 0) throw validationError('actionNames', 'null', 'Member must not be null')
  if (ResourcePolicy !== undefined && source?.kind !== 'user' && CallerArn === undefined) {
    throw new AwsError(
      'InvalidInput',
      'CallerArn is required with ResourcePolicy unless the policy source is a user.',
    )
  }
  if (CallerArn !== undefined && !/^arn:[\w-]+:iam::\d{12}:user\/./.test(CallerArn)) {
    throw new AwsError('InvalidInput', `Invalid CallerArn: ${CallerArn} must be the ARN of an IAM user.`)
  }

  refuseMixed(actions, resources)

  const principal = callerOf(source, CallerArn, iam)
  const named = policiesIn(input, iam, source)
  const given = contextIn(input)
  const context = { ...(source || CallerArn ? aboutPrincipal(principal) : {}), ...given }

  return actions.flatMap(action =>
    (resources.length > 0 ? resources : ['*']).map(resource => {
      const accountId = input.ResourceOwner?.split(':').at(-2) ?? ownerOf(resource, iam.account)
      const question: Question = { principal, action, resource, context, accountId }
      return result(question, named, resources.length > 0)
    }),
  )
}

/**
 * On named resources AWS judges the actions that its simulator lists apart from those that it does not, such as misspelt and
 * very new ones, and refuses a call with both. Here an action is listed unless its service is, and the action is not.
 */
function refuseMixed(actions: readonly string[], resources: readonly string[]): void {
  if (resources.length === 0 || resources.every(resource => resource === '*')) return
  const isListed = (action: string) =>
    iamActions().get(action.split(':')[0]!.toLowerCase())?.has(action.toLowerCase()) ?? true
  const listed = actions.filter(isListed)
  const others = actions.filter(action => !isListed(action))
  if (listed.length === 0 || others.length === 0) return
  throw new AwsError(
    'InvalidInput',
    `Invalid Input Actions: [${listed.join(',')}] and [${others.join(',')}] require different authorization information. Please refer to the documentation for more details: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html`,
  )
}

function result(question: Question, named: readonly Named[], specific: boolean) {
  const of = (kind: PolicyKind) => named.filter(one => one.kind === kind).map(({ document }) => document)
  const [boundary] = of('permissions boundary')
  const decision = evaluate(question, {
    identity: of('identity-based'),
    resource: of('resource-based')[0] ?? trusting(question),
    boundary,
  })
  const verdict = decision.allowed
    ? 'allowed'
    : decision.deny === 'explicit'
      ? 'explicitDeny'
      : 'implicitDeny'
  const matched = {
    MatchedStatements:
      verdict === 'implicitDeny' ? [] : matching(question, named, decision.allowed ? 'Allow' : 'Deny'),
    MissingContextValues: missing(question, named),
    ...(boundary ? { PermissionsBoundaryDecisionDetail: boundaryDetail(question, boundary) } : {}),
  }
  return {
    EvalActionName: question.action,
    EvalResourceName: question.resource,
    EvalDecision: verdict,
    ...matched,
    ...(specific
      ? {
          ResourceSpecificResults: [
            { EvalResourceName: question.resource, EvalResourceDecision: verdict, ...matched },
          ],
        }
      : {}),
  }
}

/** Where the resource's policy would have to speak first, the simulator takes it that it leaves everything to IAM. */
function trusting({ action, accountId }: Question): PolicyDocument | undefined {
  if (!/^(sts:assumerole|kms:)/i.test(action)) return undefined
  return { Statement: { Effect: 'Allow', Principal: { AWS: accountId }, Action: '*', Resource: '*' } }
}

function matching(question: Question, named: readonly Named[], effect: 'Allow' | 'Deny') {
  return named.flatMap(({ id, kind, document }) =>
    statementsOf(document)
      .filter(one => one.Effect === effect && isAbout(one, question, kind, document.Version))
      .map(() => ({
        SourcePolicyId: id,
        SourcePolicyType: kind === 'resource-based' ? 'Resource Policy' : 'IAM Policy',
      })),
  )
}

/** Condition keys that a statement about this action and resource asks for, and nobody has given. */
function missing(question: Question, named: readonly Named[]): readonly string[] {
  const keys = named.flatMap(({ kind, document }) =>
    statementsOf(document)
      .filter(({ Condition, ...rest }) => isAbout(rest, question, kind, document.Version))
      .flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys)),
  )
  return [...new Set(keys)].filter(key => lookUp(question.context, key) === undefined)
}

function boundaryDetail(question: Question, boundary: PolicyDocument) {
  return {
    AllowedByPermissionsBoundary: evaluate(question, { identity: [boundary], resource: trusting(question) })
      .allowed,
  }
}

function policiesIn(input: Simulation, iam: Iam, source: Identity | undefined): readonly Named[] {
  const identity = (id: string, document: PolicyDocument): Named => ({ id, kind: 'identity-based', document })
  const own = source
    ? [
        ...[...source.inline].map(([name, document]) =>
          identity(`${source.kind}_${source.name}_${name}`, document),
        ),
        ...[...source.attached].map(arn => {
          const { name, document } = iam.policies.find(arn)
          return identity(name, document)
        }),
      ]
    : []
  const added = list(input.PolicyInputList).map((text, at) =>
    identity(`PolicyInputList.${at + 1}`, read(text, 'identity')),
  )
  const [boundaryText] = list(input.PermissionsBoundaryPolicyInputList)
  const boundary =
    boundaryText !== undefined
      ? { id: 'PermissionsBoundaryPolicyInputList.1', document: read(boundaryText, 'identity') }
      : source?.boundary === undefined
        ? undefined
        : {
            id: iam.policies.find(source.boundary).name,
            document: iam.policies.find(source.boundary).document,
          }
  return [
    ...own,
    ...added,
    ...(boundary ? [{ ...boundary, kind: 'permissions boundary' as const }] : []),
    ...(input.ResourcePolicy === undefined
      ? []
      : [
          {
            id: 'ResourcePolicy',
            kind: 'resource-based' as const,
            document: read(input.ResourcePolicy, 'resource'),
          },
        ]),
  ]
}

function read(text: string, kind: 'identity' | 'resource'): PolicyDocument {
  validatePolicy(text, kind)
  return JSON.parse(text)
}

function contextIn({ ContextEntries }: Simulation): Context {
  return Object.fromEntries(
    list(ContextEntries).map(({ ContextKeyName, ContextKeyValues, ContextKeyType = 'string' }) => {
      const values = list(ContextKeyValues)
      return [ContextKeyName, ContextKeyType.endsWith('List') ? values : (values[0] ?? [])]
    }),
  )
}

/** A role has no session here, so it stands for any of them; who is asked about only matters to a resource's policy. */
function callerOf(source: Identity | undefined, callerArn: string | undefined, iam: Iam): Principal {
  const { accountId, partition } = iam.account
  if (callerArn !== undefined || source?.kind !== 'role') {
    const arn = callerArn ?? source?.arn ?? iam.learner.arn
    return {
      kind: 'user',
      arn,
      accountId: arn.split(':')[4]!,
      userId: arn === source?.arn ? source.id : iam.learner.userId,
    }
  }
  const arn = `arn:${partition}:sts::${accountId}:assumed-role/${source.name}/simulation`
  return { kind: 'role-session', arn, accountId, roleArn: source.arn, userId: `${source.id}:simulation` }
}

/** In the Query protocol a list that was sent empty arrives as an empty text. */
const list = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : [])
