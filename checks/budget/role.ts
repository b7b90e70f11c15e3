import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam'
import type { Scene } from '#kit'
import { type Found, statementsIn } from './statement.ts'

/** A role as IAM has it, with all that its policies say. */
export interface Role {
  readonly name: string
  readonly arn: string
  readonly id: string
  /** What the report calls it: its logical id, or its name where the stack has not made it. */
  readonly title: string
  readonly tags: Readonly<Record<string, string>>
  readonly statements: readonly Found[]
  readonly trust: readonly Found[]
  /** The ARN of a function that has it, where one does. */
  readonly functionArn?: string
  /** Whether a function that has it runs in a VPC. */
  readonly isInVpc: boolean
}

/** Reads managed policies once, however many roles have them. */
export type ManagedPolicies = (arn: string) => Promise<readonly Found[]>

export function managedPolicies(iam: IAMClient): ManagedPolicies {
  const known = new Map<string, Promise<readonly Found[]>>()
  return arn => {
    const before = known.get(arn)
    if (before) return before
    const reading = readManaged(iam, arn)
    known.set(arn, reading)
    return reading
  }
}

async function readManaged(iam: IAMClient, PolicyArn: string): Promise<readonly Found[]> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }))
  const VersionId = Policy?.DefaultVersionId
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }))
  return statementsIn(PolicyVersion?.Document ?? '{}', PolicyArn, `the managed policy ${Policy?.PolicyName}`)
}

/** Reads a role and its policies. */
export async function readRole(
  scene: Scene,
  iam: IAMClient,
  managed: ManagedPolicies,
  {
    name: RoleName,
    functionArn,
    isInVpc,
  }: { readonly name: string; readonly functionArn?: string | undefined; readonly isInVpc: boolean },
): Promise<Role> {
  const [{ Role: role }, inline, attached] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    readInline(iam, RoleName),
    readAttached(iam, RoleName, managed),
  ])
  const made = scene.resources('AWS::IAM::Role').find(({ physicalId }) => physicalId === RoleName)
  return {
    name: RoleName,
    arn: role?.Arn ?? '',
    id: role?.RoleId ?? '',
    title: made?.logicalId ?? RoleName,
    tags: Object.fromEntries((role?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    statements: [...inline, ...attached],
    trust: statementsIn(role?.AssumeRolePolicyDocument ?? '{}', RoleName, 'its trust policy'),
    ...(functionArn === undefined ? {} : { functionArn }),
    isInVpc,
  }
}

async function readInline(iam: IAMClient, RoleName: string): Promise<Found[]> {
  const names: string[] = []
  for (let Marker: string | undefined, more = true; more; ) {
    const page = await iam.send(new ListRolePoliciesCommand({ RoleName, Marker }))
    names.push(...(page.PolicyNames ?? []))
    Marker = page.Marker
    more = page.IsTruncated ?? false
  }
  const policies = await Promise.all(
    names.map(async PolicyName => {
      const { PolicyDocument = '{}' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
      return statementsIn(PolicyDocument, PolicyName, `the policy ${PolicyName}`)
    }),
  )
  return policies.flat()
}

async function readAttached(iam: IAMClient, RoleName: string, managed: ManagedPolicies): Promise<Found[]> {
  const arns: string[] = []
  for (let Marker: string | undefined, more = true; more; ) {
    const page = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker }))
    arns.push(...(page.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []))
    Marker = page.Marker
    more = page.IsTruncated ?? false
  }
  return (await Promise.all(arns.map(managed))).flat()
}
