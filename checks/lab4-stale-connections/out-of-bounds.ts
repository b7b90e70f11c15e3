import { type Scene, Unmet } from '#kit'
import { allowedActions } from '../permissions.ts'

/** Holds when no role of the stack may do what is none of a chat room's business. Asked of IAM, by simulation. Throws `Unmet`. */
export async function nothingMoreIsAllowed(scene: Scene): Promise<void> {
  const roles = scene.resources('AWS::IAM::Role')
  if (roles.length === 0) {
    throw new Unmet({
      expected: 'the roles of the functions to be made by the stack, where they can be examined',
      observed: 'no role among its resources',
    })
  }
  for (const { title, actions, resource } of outOfBounds(scene)) {
    scene.did(`the check asked IAM whether any role of the stack may ${title}`)
    for (const role of roles) {
      const allowed = await allowedActions(scene, role.physicalId, actions, resource)
      if (allowed.length === 0) continue
      throw new Unmet({
        expected: `no role of the stack to be allowed to ${title}`,
        observed: `${role.logicalId} is allowed ${allowed.join(', ')} on ${resource}`,
      })
    }
  }
}

/** What an over-fix would allow: asked of every role, allowed to none. */
function outOfBounds({ accountId, region, output, nonce }: Scene) {
  const table = (name: string) => `arn:aws:dynamodb:${region}:${accountId}:table/${name}`
  return [
    {
      title: "post to another API's connections",
      actions: ['execute-api:ManageConnections'],
      resource: `arn:aws:execute-api:${region}:${accountId}:another${nonce()}/live/POST/@connections/abc=`,
    },
    {
      title: 'drop or change the table',
      actions: ['dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'dynamodb:UpdateTimeToLive'],
      resource: table(output('TableName')),
    },
    {
      title: 'touch another table',
      actions: ['dynamodb:Scan', 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'],
      resource: table(`another-${nonce()}`),
    },
  ]
}
