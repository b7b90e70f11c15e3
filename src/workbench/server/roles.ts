import {
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam'

/** Reads roles, and asks IAM what they may do. */
export function openRoles(aws: ConstructorParameters<typeof IAMClient>[0]) {
  const iam = new IAMClient(aws!)

  return {
    async roles() {
      const { Roles = [] } = await iam.send(new ListRolesCommand({}))
      return Promise.all(
        Roles.map(async ({ RoleName, Arn }) => ({ name: RoleName!, arn: Arn!, ...(await role(RoleName!)) })),
      )
    },
    role,
    /** May this role do that? Answers with IAM's decision, and the statements that decided. */
    async may(arn: string, action: string, resource: string) {
      const asked = new SimulatePrincipalPolicyCommand({
        PolicySourceArn: arn,
        ActionNames: [action],
        ResourceArns: [resource],
      })
      const [result] = (await iam.send(asked)).EvaluationResults ?? []
      const decision = result?.EvalDecision ?? 'implicitDeny'
      return {
        decision,
        because:
          decision === 'allowed'
            ? `Allowed by ${sourcesOf(result?.MatchedStatements)}.`
            : decision === 'explicitDeny'
              ? `A statement denies it: ${sourcesOf(result?.MatchedStatements)}.`
              : 'No statement of the role allows it.',
      }
    },
  }

  async function role(RoleName: string) {
    const [{ PolicyNames = [] }, { AttachedPolicies = [] }] = await Promise.all([
      iam.send(new ListRolePoliciesCommand({ RoleName })),
      iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
    ])
    const policies = await Promise.all(
      PolicyNames.map(async PolicyName => {
        const { PolicyDocument = '{}' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
        return {
          name: PolicyName,
          statements: [JSON.parse(decodeURIComponent(PolicyDocument)).Statement].flat(),
        }
      }),
    )
    return { policies, attached: AttachedPolicies.map(one => one.PolicyName!) }
  }
}

const sourcesOf = (matched: readonly { SourcePolicyId?: string | undefined }[] = []): string =>
  [...new Set(matched.map(one => one.SourcePolicyId ?? 'a policy'))].join(', ') || 'a policy'
