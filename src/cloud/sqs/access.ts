import type { Access, Call, Operation } from '../service.ts'
import { addressIn, queueArn } from './names.ts'
import type { StoredQueue } from './queue.ts'
import type { QueueStore } from './store.ts'

/** What an operation of SQS is asked with: the JSON protocol's members. */
export type Input = Readonly<Record<string, any>>

/**
 * An operation on the queue at `QueueUrl`, tried against the policies of the caller and of the queue. SQS writes
 * actions in lower case (facts: J4); of a batch `action` is the single one.
 */
export const onQueue = (
  store: QueueStore,
  name: string,
  run: (queue: StoredQueue, input: Input, call: Call) => unknown,
  action = name,
): Operation<Input> => ({
  name,
  access({ QueueUrl }) {
    const address = addressIn(QueueUrl, store.account)
    // Refused for want of a queue by the operation itself.
    return address ? [accessTo(store, action, queueArn(store.account, address))] : []
  },
  run: (input, call) => run(store.at(input.QueueUrl), input, call),
})

/** The question whether somebody may do `action` to the queue with this ARN, which need not exist. */
export function accessTo(store: QueueStore, action: string, arn: string): Access {
  const resourcePolicy = store.find(arn)?.policy
  return {
    action: `sqs:${action.toLowerCase()}`,
    resource: arn,
    ...(resourcePolicy ? { resourcePolicy } : {}),
  }
}
