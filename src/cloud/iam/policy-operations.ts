import type { Operation } from '../service.ts'
import { arnPrefix, date, documentIn, encoded, required } from './input.ts'
import { deleteConflict, noSuchEntity } from './names.ts'
import type { ManagedPolicy } from './policies.ts'
import type { Iam } from './roles.ts'

interface PolicyInput {
  readonly PolicyArn?: string
  readonly VersionId?: string
}

interface NewPolicyInput {
  readonly PolicyName?: string
  readonly PolicyDocument?: string
  readonly Path?: string
  readonly Description?: string
}

/** The operations of managed policies. Only the default version of one is kept. */
export const policyOperations = (iam: Iam): readonly Operation<any>[] => [
  {
    name: 'CreatePolicy',
    access: ({ PolicyName, Path = '/' }: NewPolicyInput) => [
      {
        action: 'iam:CreatePolicy',
        resource: `${arnPrefix(iam)}:policy${Path}${required('policyName', PolicyName)}`,
      },
    ],
    run: ({ PolicyName, PolicyDocument, Path, Description }: NewPolicyInput) => {
      const policy = iam.policies.create({
        name: PolicyName!,
        path: Path,
        description: Description,
        document: documentIn(required('policyDocument', PolicyDocument)),
      })
      // Only GetPolicy tells the description (getmoto/moto, test_iam_response_attributes.py, verified on AWS).
      const { Description: _, ...created } = policyOutput(iam, policy)
      return { Policy: created }
    },
  },
  ofPolicy('DeletePolicy', arn => {
    iam.policies.find(arn)
    if (attachments(iam, arn) > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
    iam.policies.delete(arn)
    return undefined
  }),
  ofPolicy('GetPolicy', arn => ({ Policy: policyOutput(iam, iam.policies.find(arn)) })),
  ofPolicy('GetPolicyVersion', (arn, { VersionId }) => {
    const { version, document, updatedAt } = iam.policies.find(arn)
    if (VersionId !== version) {
      throw noSuchEntity(`Policy ${arn} version ${VersionId} does not exist or is not attachable.`)
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
]

/** How many roles and users have it. */
export const attachments = (iam: Iam, arn: string): number =>
  [...iam.roles(), ...iam.users()].filter(({ attached }) => attached.has(arn)).length

function ofPolicy(name: string, run: (arn: string, input: PolicyInput) => unknown): Operation<PolicyInput> {
  return {
    name,
    access: ({ PolicyArn }) => [{ action: `iam:${name}`, resource: required('policyArn', PolicyArn) }],
    run: input => run(input.PolicyArn!, input),
  }
}

const policyOutput = (iam: Iam, policy: ManagedPolicy) => ({
  PolicyName: policy.name,
  PolicyId: policy.policyId,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.version,
  AttachmentCount: attachments(iam, policy.arn),
  PermissionsBoundaryUsageCount: [...iam.roles(), ...iam.users()].filter(
    ({ boundary }) => boundary === policy.arn,
  ).length,
  IsAttachable: true,
  ...(policy.description === undefined ? {} : { Description: policy.description }),
  CreateDate: date(policy.createdAt),
  UpdateDate: date(policy.updatedAt),
})
