import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import type { Scene } from '#kit'

/** Which of the actions a role's policies allow on a resource. Asked of IAM by simulation: nothing is really done. */
export async function allowedActions(
  scene: Scene,
  roleName: string,
  actions: readonly string[],
  resource: string,
): Promise<string[]> {
  const iam = scene.aws(IAMClient)
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleName }))
  const { EvaluationResults = [] } = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: Role?.Arn,
      ActionNames: [...actions],
      ResourceArns: [resource],
    }),
  )
  return EvaluationResults.filter(result => result.EvalDecision === 'allowed').map(
    result => result.EvalActionName ?? '',
  )
}
