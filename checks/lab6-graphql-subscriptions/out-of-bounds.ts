import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type Scene, Unmet } from '#kit'
import { allowedActions } from '../permissions.ts'

/** Holds when no role of the stack may do what is none of its business. Asked of IAM, by simulation. Throws `Unmet`. */
export async function nothingMoreIsAllowed(scene: Scene): Promise<void> {
  const roles = scene.resources('AWS::IAM::Role')
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
  await queuesTakeFromNobodyElse(scene)
}

/** What an over-fix would allow: asked of every role, allowed to none. */
function outOfBounds({ accountId, region, output, nonce }: Scene) {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`
  const another = `another-${nonce()}`
  return [
    {
      title: "post to another API's connections",
      actions: ['execute-api:ManageConnections'],
      resource: arn('execute-api', `another${nonce()}/live/POST/@connections/abc=`),
    },
    {
      title: 'drop or change the table',
      actions: ['dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'dynamodb:UpdateTimeToLive'],
      resource: arn('dynamodb', `table/${output('TableName')}`),
    },
    {
      title: 'touch another table',
      actions: ['dynamodb:Scan', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
      resource: arn('dynamodb', `table/${another}`),
    },
    {
      title: 'publish to another topic',
      actions: ['sns:Publish'],
      resource: arn('sns', another),
    },
    {
      title: 'read from another queue, or send to it',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SendMessage'],
      resource: arn('sqs', another),
    },
    {
      title: 'call another function',
      actions: ['lambda:InvokeFunction'],
      resource: arn('lambda', `function:${another}`),
    },
  ]
}

/** Holds when a queue's own policy lets in only this account, by name or by condition. Throws `Unmet`. */
async function queuesTakeFromNobodyElse(scene: Scene): Promise<void> {
  scene.did('the check read the policies of the queues')
  for (const queue of scene.resources('AWS::SQS::Queue')) {
    const { Attributes } = await scene
      .aws(SQSClient)
      .send(new GetQueueAttributesCommand({ QueueUrl: queue.physicalId, AttributeNames: ['Policy'] }))
    const statements: Statement[] = [JSON.parse(Attributes?.Policy ?? '{}').Statement ?? []].flat()
    const open = statements.find(
      ({ Effect, Principal, Condition }) =>
        Effect === 'Allow' &&
        isAnybody(Principal) &&
        !JSON.stringify(Condition ?? {}).includes(scene.accountId),
    )
    if (!open) continue
    throw new Unmet({
      expected: 'no queue to take messages from topics of others',
      observed: `the policy of ${queue.logicalId} lets in ${JSON.stringify(open.Principal)}, for anybody's account`,
    })
  }
}

interface Statement {
  readonly Effect: string
  readonly Principal?: unknown
  readonly Condition?: unknown
}

/** Everybody, or a service, which works for everybody. */
const isAnybody = (principal: unknown): boolean => /"\*"|"Service"/.test(JSON.stringify(principal ?? null))
