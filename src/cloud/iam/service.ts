import { AwsError } from '../error.ts'
import type { Call, Operation, Service } from '../service.ts'
import { asIamWrites, denialText } from './denial.ts'
import type { Identity, Role } from './identity.ts'
import { noSuchEntity, validationError } from './names.ts'
import type { PolicyDocument } from './policy.ts'
import type { Iam } from './roles.ts'
import { type Simulation, simulate } from './simulate.ts'

/** IAM as it can be asked from outside: the simulator, and reading what a stack has made. */
export const iamService = (iam: Iam): Service => ({
  signingName: 'iam',
  protocol: 'query',
  version: '2010-05-08',
  operations: [
    {
      name: 'SimulatePrincipalPolicy',
      access: ({ PolicySourceArn }: Simulation) => [
        { action: 'iam:SimulatePrincipalPolicy', resource: required('policySourceArn', PolicySourceArn) },
      ],
      run: (input: Simulation & Paging) =>
        page('EvaluationResults', simulate(input, iam, sourceOf(input, iam)), input),
    },
    {
      name: 'SimulateCustomPolicy',
      access: () => [{ action: 'iam:SimulateCustomPolicy', resource: '*' }],
      run: (input: Simulation & Paging) => page('EvaluationResults', simulate(input, iam, undefined), input),
    },
    {
      name: 'ListRoles',
      access: ({ PathPrefix = '/' }: { PathPrefix?: string }) => [
        { action: 'iam:ListRoles', resource: `${arnPrefix(iam)}:role${PathPrefix}` },
      ],
      run: (input: Paging & { PathPrefix?: string }) =>
        page(
          'Roles',
          iam
            .roles()
            .filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'))
            .map(roleOutput),
          input,
        ),
    },
    ofRole(iam, 'GetRole', role => ({ Role: roleOutput(role) })),
    ofRole(iam, 'ListRolePolicies', (role, input) => page('PolicyNames', [...role.inline.keys()], input)),
    ofRole(iam, 'ListAttachedRolePolicies', (role, input) => {
      const attached = [...role.attached].map(arn => ({
        PolicyName: iam.policies.find(arn).name,
        PolicyArn: arn,
      }))
      return page('AttachedPolicies', attached, input)
    }),
    ofRole(iam, 'GetRolePolicy', (role, { PolicyName }) => {
      const document = role.inline.get(required('policyName', PolicyName))
      if (!document) throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`)
      return { RoleName: role.name, PolicyName, PolicyDocument: encoded(document) }
    }),
    ofPolicy('GetPolicy', PolicyArn => {
      const policy = iam.policies.find(PolicyArn)
      const { name, policyId, arn, path, version, description, createdAt, updatedAt } = policy
      const attachments = [...iam.roles(), iam.user(iam.learner.arn)].filter(({ attached }) =>
        attached.has(arn),
      )
      return {
        Policy: {
          PolicyName: name,
          PolicyId: policyId,
          Arn: arn,
          Path: path,
          DefaultVersionId: version,
          AttachmentCount: attachments.length,
          PermissionsBoundaryUsageCount: iam.roles().filter(({ boundary }) => boundary === arn).length,
          IsAttachable: true,
          ...(description === undefined ? {} : { Description: description }),
          CreateDate: date(createdAt),
          UpdateDate: date(updatedAt),
        },
      }
    }),
    ofPolicy('GetPolicyVersion', (PolicyArn, { VersionId }) => {
      const { version, document, updatedAt } = iam.policies.find(PolicyArn)
      // Only the default version is kept.
      if (VersionId !== version) {
        throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`)
      }
      return {
        PolicyVersion: {
          Document: encoded(document),
          VersionId: version,
          IsDefaultVersion: true,
          CreateDate: date(updatedAt),
        },
      }
    }),
  ],
  denied: (access, decision, { principal }: Call) =>
    new AwsError(
      'AccessDenied',
      denialText(principal, { ...access, resource: asIamWrites(access) }, decision),
      403,
    ),
})

interface Paging {
  readonly MaxItems?: string
  readonly Marker?: string
}

interface RoleInput extends Paging {
  readonly RoleName?: string
  readonly PolicyName?: string
}

interface PolicyInput {
  readonly PolicyArn?: string
  readonly VersionId?: string
}

function ofRole(
  iam: Iam,
  name: string,
  run: (role: Role, input: RoleInput) => unknown,
): Operation<RoleInput> {
  return {
    name,
    access({ RoleName }) {
      const roleName = required('roleName', RoleName)
      const existing = iam.roles().find(role => role.name === roleName)
      return [{ action: `iam:${name}`, resource: existing?.arn ?? `${arnPrefix(iam)}:role/${roleName}` }]
    },
    run: input => run(iam.role(input.RoleName!), input),
  }
}

function ofPolicy(name: string, run: (arn: string, input: PolicyInput) => unknown): Operation<PolicyInput> {
  return {
    name,
    access: ({ PolicyArn }) => [{ action: `iam:${name}`, resource: required('policyArn', PolicyArn) }],
    run: input => run(input.PolicyArn!, input),
  }
}

/** Throws `InvalidInput` for what is neither a role nor a user: a session's ARN does not say whose policies are meant. */
function sourceOf({ PolicySourceArn = '' }: Simulation, iam: Iam): Identity {
  const [, kind] = /^arn:[\w-]+:iam::\d{12}:(role|user)\/./.exec(PolicySourceArn) ?? []
  if (kind === undefined) {
    const message = `Invalid Entity Arn: ${PolicySourceArn} does not clearly define entity type and name.`
    throw new AwsError('InvalidInput', message)
  }
  return kind === 'role' ? iam.role(PolicySourceArn) : iam.user(PolicySourceArn)
}

/** The members `list`, `IsTruncated` and, where there is more, `Marker`. */
function page<T>(list: string, all: readonly T[], { MaxItems = '100', Marker = '0' }: Paging) {
  const size = Number(MaxItems)
  if (!(size >= 1 && size <= 1000)) {
    throw validationError('maxItems', MaxItems, 'Member must have value between 1 and 1000')
  }
  const from = Number(Marker)
  if (!Number.isInteger(from)) throw new AwsError('InvalidInput', `Invalid Marker: ${Marker}`)
  const IsTruncated = from + size < all.length
  return {
    [list]: all.slice(from, from + size),
    IsTruncated,
    ...(IsTruncated ? { Marker: String(from + size) } : {}),
  }
}

const roleOutput = (role: Role) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: date(role.createdAt),
  AssumeRolePolicyDocument: encoded(role.trust),
  ...(role.description === undefined ? {} : { Description: role.description }),
  MaxSessionDuration: role.maxSessionDuration,
  ...(role.boundary === undefined
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'Policy',
          PermissionsBoundaryArn: role.boundary,
        },
      }),
  Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
})

function required(parameter: string, value: string | undefined): string {
  if (!value)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value null at '${parameter}' failed to satisfy constraint: Member must not be null`,
    )
  return value
}

/** Documents travel URL-encoded in IAM's answers; boto3 and the CLI decode them, SDKs for JavaScript leave that to the caller. */
const encoded = (document: PolicyDocument) => encodeURIComponent(JSON.stringify(document))

const date = (at: number) => new Date(at).toISOString().replace(/\.\d+/, '')

const arnPrefix = ({ account: { partition, accountId } }: Iam) => `arn:${partition}:iam::${accountId}`
