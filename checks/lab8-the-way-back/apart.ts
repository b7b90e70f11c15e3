import { ApiGatewayV2Client, GetStagesCommand } from '@aws-sdk/client-apigatewayv2'
import { type Scene, Unmet } from '#kit'
import { allowedResources } from '../permissions.ts'
import { dev, prod, type Stage } from './doors.ts'

/**
 * Holds if no role of the stack may post to connections of both stages. IAM is asked, by simulation. Throws `Unmet`. Where both
 * stages have one name, in two APIs, nobody can tell from outside which is which.
 */
export async function noRolePostsToBoth(scene: Scene): Promise<void> {
  const names = { dev: nameOf(scene, dev), prod: nameOf(scene, prod) }
  if (names.dev === names.prod) return
  scene.did('the check asked IAM whether any role may post to clients of both stages')
  const arns = await connectionsByStage(scene)
  // One role after the other: IAM refuses those who ask too much at a time.
  for (const { logicalId, physicalId } of scene.resources('AWS::IAM::Role')) {
    const allowedAt = (name: string) =>
      allowedResources(scene, physicalId, 'execute-api:ManageConnections', arns.get(name) ?? [])
    const [inDev, inProd] = [await allowedAt(names.dev), await allowedAt(names.prod)]
    if (inDev.length === 0 || inProd.length === 0) continue
    throw new Unmet({
      expected: 'no role to post to clients of dev and to clients of prod',
      observed: `${logicalId} is allowed to post to ${inDev[0]} and to ${inProd[0]}`,
      granted: { policy: '', statement: -1, role: physicalId },
    })
  }
}

/** The stage's name, which the address for clients ends with. */
const nameOf = (scene: Scene, stage: Stage): string =>
  scene.output(stage.url).replace(/\/$/, '').split('/').at(-1)!

/** For each name of a stage, what posting to a connection there is asked about: a name may occur in several APIs. */
async function connectionsByStage(scene: Scene): Promise<Map<string, string[]>> {
  const gateway = scene.aws(ApiGatewayV2Client)
  const found = new Map<string, string[]>()
  for (const { physicalId: ApiId } of scene.resources('AWS::ApiGatewayV2::Api')) {
    const { Items = [] } = await gateway.send(new GetStagesCommand({ ApiId }))
    for (const { StageName = '' } of Items) {
      const arn = `arn:aws:execute-api:${scene.region}:${scene.accountId}:${ApiId}/${StageName}/POST/@connections/abc=`
      found.set(StageName, [...(found.get(StageName) ?? []), arn])
    }
  }
  return found
}
