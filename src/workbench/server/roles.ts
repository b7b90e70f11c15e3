import {
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam'
import type { RoleAnswer, RoleInside } from '../model/roles.ts'

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
    /** May this role do that? */
    async may(arn: string, action: string, resource: string): Promise<RoleAnswer> {
      const question = { ActionNames: [action], ResourceArns: [resource] }
      const asked = new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ...question })
      const [result] = (await iam.send(asked)).EvaluationResults ?? []
      const decision = result?.EvalDecision ?? 'implicitDeny'
      if (decision === 'implicitDeny')
        return { decision, because: 'No statement of the role allows it.', statements: [] }
      const sources = [...new Set(result?.MatchedStatements?.map(one => one.SourcePolicyId ?? 'a policy'))]
      const verb = decision === 'allowed' ? 'Allowed' : 'Denied'
      const because = `${verb} by ${sources.join(', ') || 'a policy'}.`
      return { decision, because, statements: await matching(arn, question) }
    },
    stop: () => iam.destroy(),
  }

  /** IAM names the policies. Given each statement as a policy of its own, it names the statement. */
  async function matching(arn: string, question: { ActionNames: string[]; ResourceArns: string[] }) {
    const { policies } = await role(arn.split('/').at(-1)!)
    const statements = policies.flatMap(policy => policy.statements)
    if (statements.length === 0) return []
    const PolicyInputList = statements.map(Statement =>
      JSON.stringify({ Version: '2012-10-17', Statement: [Statement] }),
    )
    const asked = new SimulateCustomPolicyCommand({ PolicyInputList, ...question })
    const [result] = (await iam.send(asked)).EvaluationResults ?? []
    const places = (result?.MatchedStatements ?? []).map(one => Number(one.SourcePolicyId?.split('.').at(-1)))
    return statements.filter((_, at) => places.includes(at + 1))
  }

  async function role(RoleName: string): Promise<RoleInside> {
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
