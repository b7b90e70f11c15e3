// What CloudFormation's handlers for SQS ask: a table.
import { arnIn, type Rights, type Subject } from '../cloudformation/rights.ts'

/** AWS::SQS::Queue. */
export const queueRights: Rights = {
  service: 'Sqs',
  on: of => queueArn(of, of.physicalId ?? queueName(of)),
  create: 'sqs: CreateQueue GetQueueUrl GetQueueAttributes ListQueueTags',
  read: 'sqs: GetQueueAttributes ListQueueTags',
  update: 'sqs: SetQueueAttributes GetQueueAttributes ListQueueTags',
  delete: 'sqs: DeleteQueue GetQueueAttributes',
  tag: 'sqs: TagQueue',
  untag: 'sqs: UntagQueue',
}

/** AWS::SQS::QueuePolicy, for the first of its queues: mostly it has one. */
export const queuePolicyRights: Rights = {
  service: 'Sqs',
  on: of => queueArn(of, of.properties.Queues?.[0] ?? '*'),
  create: 'sqs: SetQueueAttributes',
  update: 'sqs: SetQueueAttributes',
  delete: 'sqs: SetQueueAttributes',
  also: of =>
    (of.properties.Queues ?? []).slice(1).map((url: string) => ({
      action: 'sqs:SetQueueAttributes',
      resource: queueArn(of, url),
    })),
}

/** AWS::SQS::QueueInlinePolicy. */
export const queueInlinePolicyRights: Rights = {
  service: 'Sqs',
  on: of => queueArn(of, of.properties.Queue),
  create: 'sqs: SetQueueAttributes',
  read: 'sqs: GetQueueAttributes GetQueueUrl',
  update: 'sqs: SetQueueAttributes',
  delete: 'sqs: SetQueueAttributes GetQueueAttributes',
}

/** Accepts a queue's name, or a URL that ends in it. */
const queueArn = ({ account }: Subject, nameOrUrl: string): string =>
  arnIn(account, 'sqs', nameOrUrl.slice(nameOrUrl.lastIndexOf('/') + 1))

const queueName = ({ properties, inventName }: Subject): string =>
  properties.QueueName ??
  (String(properties.FifoQueue).toLowerCase() === 'true' ? `${inventName(75)}.fifo` : inventName(80))
