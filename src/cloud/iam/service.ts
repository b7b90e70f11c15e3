import { AwsError } from '../error.ts'
import type { Call, Operation, Service } from '../service.ts'
import type { AccessKeys } from './access-keys.ts'
import { asIamWrites, denialText } from './denial.ts'
import type { Identity, Role } from './identity.ts'
import { arnPrefix, date, encoded, type Paging, page, required, tagsOut } from './input.ts'
import { noSuchEntity } from './names.ts'
import { policyOperations } from './policy-operations.ts'
import type { Iam } from './roles.ts'
import { type Simulation, simulate } from './simulate.ts'
import { userOperations } from './user-operations.ts'

/** IAM as it can be asked from outside: the simulator, users and their keys, managed policies, and reading what a stack has made. */
export const iamService = (iam: Iam, keys: AccessKeys): Service => ({
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
            .map(roleInList),
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
    ...policyOperations(iam),
    ...userOperations(iam, keys),
  ],
  denied: (access, decision, { principal }: Call) =>
    new AwsError(
      'AccessDenied',
      denialText(principal, { ...access, resource: asIamWrites(access) }, decision),
      403,
    ),
})

interface RoleInput extends Paging {
  readonly RoleName?: string
  readonly PolicyName?: string
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

/** Throws `InvalidInput` for what is neither a role nor a user: a session's ARN does not say whose policies are meant. */
function sourceOf({ PolicySourceArn = '' }: Simulation, iam: Iam): Identity {
  const [, kind] = /^arn:[\w-]+:iam::\d{12}:(role|user)\/./.exec(PolicySourceArn) ?? []
  if (kind === undefined) {
    const message = `Invalid Entity Arn: ${PolicySourceArn} does not clearly define entity type and name.`
    throw new AwsError('InvalidInput', message)
  }
  return kind === 'role' ? iam.role(PolicySourceArn) : iam.user(PolicySourceArn)
}

/** ListRoles tells less than GetRole (getmoto/moto, test_iam_response_attributes.py, verified on AWS). */
const roleInList = (role: Role) => {
  const { PermissionsBoundary: _, Tags: __, ...listed } = roleOutput(role)
  return listed
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
  ...(Object.keys(role.tags).length > 0 ? { Tags: tagsOut(role.tags) } : {}),
})
