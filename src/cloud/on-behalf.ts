import type { Account } from './account.ts'
import { AwsError } from './error.ts'
import type { Decision } from './iam/policy.ts'
import type { ServicePrincipal } from './iam/principal.ts'
import type { Invoke, QueueEvent } from './lambda/invoke.ts'
import type { Access } from './service.ts'
import type { NewMessage, Queues } from './sqs/queues.ts'

/** Something that an AWS service brings to a function, a queue or a topic on the account's behalf: S3, EventBridge. */
export interface Delivery {
  /** `s3.amazonaws.com`. */
  readonly service: string
  /** What the policy of the target may ask for as `aws:SourceArn`: a bucket, a rule. */
  readonly sourceArn: string
  readonly targetArn: string
  readonly body: string
  /** Topics only. */
  readonly subject?: string
  /** FIFO queues only. */
  readonly groupId?: string
  /** Queues only. */
  readonly attributes?: NewMessage['attributes']
}

/** Delivers as an AWS service, as the policy of each target lets it. */
export interface OnBehalf {
  /** Throws `AwsError` when there is no such target, or its policy does not let the service in. */
  check(delivery: Omit<Delivery, 'body'>): void
  /** The same, and delivers. A function is queued an event; whether it then fails is no matter of the sender. */
  send(delivery: Delivery): void
  /** Whether something can be delivered to this ARN here. */
  serves(targetArn: string): boolean
}

/** What the rooms offer for that. */
export interface Reached {
  readonly account: Account
  readonly queues: () => Queues
  readonly lambda: () => { readonly queueEvent: QueueEvent; mayInvoke(asked: Omit<Invoke, 'payload'>): void }
  readonly sns: () => {
    publishFor(
      service: string,
      topicArn: string,
      message: { readonly Subject?: string; readonly Message: string } | undefined,
      sourceArn: string,
      ofOwner: boolean,
    ): void
  }
  /** Asks IAM, and reports the answer to watchers. */
  readonly authorize: (principal: ServicePrincipal, access: Access) => Decision
}

export function deliverOnBehalf(reached: Reached): OnBehalf {
  const { account, queues, lambda, sns, authorize } = reached

  return {
    serves: arn => ['lambda', 'sqs', 'sns'].includes(serviceIn(arn)),
    check: delivery => go(delivery, undefined),
    send: delivery => go(delivery, delivery.body),
  }

  /** Without a body it is only asked whether it would be let in. */
  function go(delivery: Omit<Delivery, 'body'>, body: string | undefined): void {
    const kind = serviceIn(delivery.targetArn)
    if (kind === 'lambda') toFunction(delivery, body)
    else if (kind === 'sqs') toQueue(delivery, body)
    else if (kind === 'sns') toTopic(delivery, body)
    else throw new AwsError('InvalidParameter', `${delivery.targetArn} is no target here`)
  }

  function toFunction({ service, sourceArn, targetArn }: Omit<Delivery, 'body'>, body: string | undefined) {
    const caller: ServicePrincipal = { kind: 'service', service }
    const asked = { functionName: targetArn, caller, sourceArn, sourceAccount: account.accountId }
    if (body === undefined) lambda().mayInvoke(asked)
    else lambda().queueEvent({ ...asked, payload: body })
  }

  function toQueue(
    { service, sourceArn, targetArn, groupId, attributes }: Omit<Delivery, 'body'>,
    body: string | undefined,
  ) {
    const queue = queues().find(targetArn)
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
    const { policy } = queue
    const decision = authorize(
      { kind: 'service', service },
      {
        action: 'sqs:SendMessage',
        resource: targetArn,
        context: { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': account.accountId },
        ...(policy ? { resourcePolicy: policy } : {}),
      },
    )
    if (!decision.allowed) throw new AwsError('AccessDenied', `${service} may not send to ${targetArn}`, 403)
    if (body === undefined) return
    const more = { ...(groupId === undefined ? {} : { groupId }), ...(attributes ? { attributes } : {}) }
    queue.send({ body, ...more }, SENDER_ID)
  }

  function toTopic(
    { service, sourceArn, targetArn, subject }: Omit<Delivery, 'body'>,
    body: string | undefined,
  ) {
    const message =
      body === undefined
        ? undefined
        : { Message: body, ...(subject === undefined ? {} : { Subject: subject }) }
    sns().publishFor(service, targetArn, message, sourceArn, false)
  }
}

const serviceIn = (arn: string): string => arn.split(':')[2] ?? ''

/** What a queue shows as the sender: a service has a user of its own. */
const SENDER_ID = 'AIDAIT2UOQQY3AUEKVGXU'
