import {
  type EvaluationResult,
  GetRoleCommand,
  IAMClient,
  paginateSimulatePrincipalPolicy,
} from '@aws-sdk/client-iam'
import type { Scene } from '#kit'

/** Which of the actions a role's policies allow on a resource. Asked of IAM by simulation: nothing is really done. */
export async function allowedActions(
  scene: Scene,
  roleName: string,
  actions: readonly string[],
  resource: string,
): Promise<string[]> {
  return (await allowed(scene, roleName, actions, [resource])).map(result => result.EvalActionName ?? '')
}

/** On which of the resources a role's policies allow an action. */
export async function allowedResources(
  scene: Scene,
  roleName: string,
  action: string,
  resources: readonly string[],
): Promise<string[]> {
  return (await allowed(scene, roleName, [action], resources)).map(result => result.EvalResourceName ?? '')
}

async function allowed(
  scene: Scene,
  roleName: string,
  actions: readonly string[],
  resources: readonly string[],
): Promise<EvaluationResult[]> {
  const iam = scene.aws(IAMClient)
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleName }))
  const question = { PolicySourceArn: Role?.Arn, ActionNames: [...actions], ResourceArns: [...resources] }
  const found: EvaluationResult[] = []
  // A page holds a hundred results.
  for await (const { EvaluationResults = [] } of paginateSimulatePrincipalPolicy({ client: iam }, question)) {
    found.push(...EvaluationResults.filter(result => result.EvalDecision === 'allowed'))
  }
  return found
}
