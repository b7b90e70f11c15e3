// What CloudFormation's handlers for IAM ask: a table.
import { asking, type Rights, type Subject } from '../cloudformation/rights.ts'
import type { Access } from '../service.ts'

/** AWS::IAM::Role. */
export const roleRights: Rights = {
  service: 'Iam',
  on: of => roleArn(of, of.physicalId ?? of.properties.RoleName ?? of.inventName(64)),
  create: 'iam: GetRole',
  read: 'iam: GetRole ListAttachedRolePolicies ListRolePolicies',
  update: '',
  delete: 'iam: GetRole ListAttachedRolePolicies ListRolePolicies DeleteRole',
  tag: 'iam: TagRole',
  untag: 'iam: UntagRole',
  also(of, verb) {
    const role = roleRights.on(of)
    const {
      ManagedPolicyArns: arns = [],
      Policies: inline = [],
      PermissionsBoundary: boundary,
    } = of.properties
    const gone = verb === 'delete' ? of.properties : of.before
    return [
      // The boundary is a condition key, so that a policy can insist on one.
      ...(verb === 'create' ? asking('iam: CreateRole', role, boundedBy(boundary)) : []),
      ...(verb === 'update' ? changesOf(of, role) : []),
      ...(gone?.ManagedPolicyArns ?? [])
        .filter((arn: string) => verb === 'delete' || !arns.includes(arn))
        .flatMap((arn: string) => asking('iam: DetachRolePolicy', role, { 'iam:PolicyARN': arn })),
      ...(gone?.Policies?.length > 0 ? asking('iam: DeleteRolePolicy', role) : []),
      ...(verb === 'delete' ? [] : arns).flatMap((arn: string) =>
        asking('iam: AttachRolePolicy', role, { 'iam:PolicyARN': arn }),
      ),
      ...(verb !== 'delete' && inline.length > 0 ? asking('iam: PutRolePolicy GetRolePolicy', role) : []),
    ]
  },
}

/** AWS::IAM::Policy: one inline policy of every role and user it names. */
export const inlinePolicyRights: Rights = {
  service: 'Iam',
  on: of => holdersOf(of)[0] ?? '*',
  create: '',
  also: (of, verb) =>
    holdersOf(of).flatMap(arn => {
      const kind = arn.includes(':user/') ? 'User' : 'Role'
      if (verb === 'delete') return asking(`iam: Delete${kind}Policy`, arn)
      return asking(`iam: Get${kind}Policy Put${kind}Policy`, arn)
    }),
}

/** AWS::IAM::RolePolicy. */
export const rolePolicyRights: Rights = {
  service: 'Iam',
  on: of => roleArn(of, of.properties.RoleName),
  create: 'iam: PutRolePolicy',
  read: 'iam: GetRolePolicy',
  update: 'iam: PutRolePolicy',
  delete: 'iam: GetRolePolicy DeleteRolePolicy',
}

/** AWS::IAM::ManagedPolicy. */
export const managedPolicyRights: Rights = {
  service: 'Iam',
  on: policyArn,
  create: 'iam: CreatePolicy',
  read: 'iam: GetPolicy GetPolicyVersion ListEntitiesForPolicy',
  update: 'iam: GetPolicy ListPolicyVersions CreatePolicyVersion DeletePolicyVersion',
  delete: 'iam: GetPolicy ListPolicyVersions ListEntitiesForPolicy DeletePolicyVersion DeletePolicy',
  also: (of, verb) =>
    holdersOf(of).flatMap(arn => {
      const kind = arn.includes(':user/') ? 'User' : 'Role'
      const way = verb === 'delete' ? 'Detach' : 'Attach'
      return asking(`iam: ${way}${kind}Policy`, arn, { 'iam:PolicyARN': policyArn(of) })
    }),
}

function changesOf({ properties, before = {} }: Subject, role: string): readonly Access[] {
  const differs = (name: string) => JSON.stringify(properties[name]) !== JSON.stringify(before[name])
  const { PermissionsBoundary: boundary } = properties
  return [
    ...(differs('AssumeRolePolicyDocument') ? asking('iam: UpdateAssumeRolePolicy', role) : []),
    ...(differs('Description') || differs('MaxSessionDuration') ? asking('iam: UpdateRole', role) : []),
    ...(differs('PermissionsBoundary')
      ? asking(
          boundary === undefined ? 'iam: DeleteRolePermissionsBoundary' : 'iam: PutRolePermissionsBoundary',
          role,
          boundedBy(boundary),
        )
      : []),
  ]
}

const boundedBy = (boundary: unknown): Access['context'] =>
  boundary === undefined ? undefined : { 'iam:PermissionsBoundary': String(boundary) }

const holdersOf = (of: Subject): readonly string[] => [
  ...(of.properties.Roles ?? []).map((name: string) => roleArn(of, name)),
  ...(of.properties.Users ?? []).map((name: string) => iamArn(of, `user/${name}`)),
]

const roleArn = (of: Subject, name: string): string => iamArn(of, `role${of.properties.Path ?? '/'}${name}`)

function policyArn(of: Subject): string {
  const { ManagedPolicyName: name, Path: path = '/' } = of.properties
  return of.physicalId ?? iamArn(of, `policy${path}${name ?? of.inventName(128)}`)
}

/** IAM is everywhere: its ARNs have no region. */
const iamArn = ({ account: { partition, accountId } }: Subject, rest: string): string =>
  `arn:${partition}:iam::${accountId}:${rest}`
