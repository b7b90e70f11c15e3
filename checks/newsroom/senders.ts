import { type ContextEntry, IAMClient, SimulateCustomPolicyCommand } from '@aws-sdk/client-iam'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type Scene, Unmet } from '#kit'
import { type Found, quoted, type Statement, statementsIn } from '../budget/statement.ts'
import { example, hasWildcards, many, matches } from '../budget/wildcards.ts'

/** Somebody who would like to send to a queue. */
interface Sender {
  /** `another topic of the account`: for the report. */
  readonly as: string
  /** A service, or somebody of another account. */
  readonly service?: string
  readonly context: Readonly<Record<string, string>>
}

const SNS = 'sns.amazonaws.com'
const STRANGER = '999999999999'

/**
 * Holds if the stack's queues take messages from the topic, and from no other topic, no other service, and nobody of another account.
 * IAM is asked: a queue's policy is put to it as if it were the sender's own. What the account's own roles may send, their policies
 * say. Throws `Unmet`.
 */
export async function queuesTakeFromTheTopicOnly(scene: Scene): Promise<void> {
  scene.did('the check asked IAM from whom the policies of the queues let messages in')
  await Promise.all(
    scene.resources('AWS::SQS::Queue').map(async ({ physicalId, logicalId }) => {
      const command = new GetQueueAttributesCommand({
        QueueUrl: physicalId,
        AttributeNames: ['Policy', 'QueueArn'],
      })
      const { Policy, QueueArn = '' } = (await scene.aws(SQSClient).send(command)).Attributes ?? {}
      const statements = Policy
        ? statementsIn(Policy, physicalId, `the policy of the queue ${logicalId}`)
        : []
      for (const sender of sendersTo(scene, statements))
        await isKeptOut(scene, sender, statements, { logicalId, arn: QueueArn })
    }),
  )
}

function sendersTo(scene: Scene, statements: readonly Found[]): Sender[] {
  const topic = scene.output('TopicArn')
  const { region, accountId } = scene
  const own = { 'aws:SourceAccount': accountId, 'aws:SourceOwner': accountId }
  const theirs = { 'aws:SourceAccount': STRANGER, 'aws:SourceOwner': STRANGER }
  const theirsOrOwn = (arn: string) => {
    const owner = arn.split(':')[4] || accountId
    return { 'aws:SourceAccount': owner, 'aws:SourceOwner': owner }
  }
  const sns = (as: string, arn: string | undefined, account = own): Sender => ({
    as,
    service: SNS,
    context: { ...account, ...(arn && { 'aws:SourceArn': arn }) },
  })
  const services = statements.flatMap(({ statement: { Principal } }) =>
    typeof Principal === 'object' ? many(Principal.Service) : [],
  )
  return [
    sns('another topic of the account', `arn:aws:sns:${region}:${accountId}:another-${scene.nonce()}`),
    ...[`${topic}x`, `${topic}-2`, topic.slice(0, -1)].map(arn =>
      sns('a topic whose name is like this one', arn),
    ),
    sns(
      'a topic of this name in another region',
      topic.replace(region, region === 'eu-west-1' ? 'eu-west-2' : 'eu-west-1'),
    ),
    sns('a topic of this name in another account', topic.replace(accountId, STRANGER), theirs),
    sns('topics, whichever they are', undefined, theirs),
    { as: 'people of another account', context: {} },
    ...namedSources(statements)
      .filter(arn => arn !== topic && !(hasWildcards(arn) && matches(arn, topic)))
      .map(arn => sns('a topic that it names besides', example(arn, 'another'), theirsOrOwn(arn))),
    ...[...new Set(services)]
      .filter(service => service !== SNS)
      .map(service => ({
        as: `the service ${service}`,
        service,
        context: { ...own, 'aws:SourceArn': topic },
      })),
  ]
}

/** The ARNs that conditions name as sources. */
const namedSources = (statements: readonly Found[]): string[] =>
  statements.flatMap(({ statement: { Condition } }) =>
    Object.values(Condition ?? {}).flatMap(keys =>
      Object.entries(keys)
        .filter(([key]) => key.toLowerCase() === 'aws:sourcearn')
        .flatMap(([, values]) => many(values).map(String)),
    ),
  )

async function isKeptOut(
  scene: Scene,
  sender: Sender,
  statements: readonly Found[],
  queue: { readonly logicalId: string; readonly arn: string },
): Promise<void> {
  const about = statements.filter(({ statement }) => covers(statement, sender))
  if (!about.some(({ statement }) => statement.Effect === 'Allow')) return
  const isAllowed = async (some: readonly Found[]) => {
    const { EvaluationResults = [] } = await scene.aws(IAMClient).send(
      new SimulateCustomPolicyCommand({
        PolicyInputList: [asOfSender(some)],
        ActionNames: ['sqs:SendMessage'],
        ResourceArns: [queue.arn],
        ContextEntries: contextOf(sender, scene),
      }),
    )
    return EvaluationResults.some(({ EvalDecision }) => EvalDecision === 'allowed')
  }
  if (!(await isAllowed(about))) return
  const denials = about.filter(({ statement }) => statement.Effect === 'Deny')
  for (const found of about) {
    if (found.statement.Effect === 'Deny' || !(await isAllowed([found, ...denials]))) continue
    throw new Unmet({
      expected: `the queue ${queue.logicalId} to take messages from the topic, and from nobody else`,
      observed: `its policy lets in ${sender.as}${sender.context['aws:SourceArn'] ? `, such as ${sender.context['aws:SourceArn']}` : ''}`,
      evidence: [quoted(found)],
      granted: { policy: found.policy, statement: found.at },
    })
  }
}

/** The statements as they would stand in the sender's own policy. */
const asOfSender = (statements: readonly Found[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map(({ statement: { Principal: _, NotPrincipal: __, Sid: ___, ...rest } }) => rest),
  })

function covers({ Principal, NotPrincipal }: Statement, { service }: Sender): boolean {
  if (NotPrincipal !== undefined) return true
  if (Principal === '*') return true
  const accounts = many(Principal?.AWS)
  if (accounts.includes('*')) return true
  return service === undefined
    ? accounts.some(one => one.includes(STRANGER))
    : many(Principal?.Service).includes(service)
}

function contextOf({ service, context }: Sender, { region }: Scene): ContextEntry[] {
  const strings: Record<string, string> = {
    'aws:RequestedRegion': region,
    ...(service
      ? { 'aws:PrincipalServiceName': service }
      : {
          'aws:PrincipalAccount': STRANGER,
          'aws:PrincipalArn': `arn:aws:iam::${STRANGER}:role/somebody`,
          'aws:PrincipalType': 'AssumedRole',
        }),
    ...context,
  }
  const entry = (ContextKeyName: string, ContextKeyType: ContextEntry['ContextKeyType'], value: string) => ({
    ContextKeyName,
    ContextKeyType,
    ContextKeyValues: [value],
  })
  return [
    ...Object.entries(strings).map(([key, value]) => entry(key, 'string', value)),
    entry('aws:PrincipalIsAWSService', 'boolean', String(service !== undefined)),
    entry('aws:SecureTransport', 'boolean', 'true'),
    ...(service ? [] : [entry('aws:SourceIp', 'ip', '198.51.100.7')]),
  ]
}
