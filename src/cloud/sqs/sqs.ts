import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import type { Meter } from '../cloudwatch/metric.ts'
import type { Events } from '../events.ts'
import { denialText } from '../iam/denial.ts'
import type { Service } from '../service.ts'
import { accessDenied } from './errors.ts'
import { messageOperations } from './message-operations.ts'
import { queueMetrics } from './metrics.ts'
import { moveOperations } from './move-operations.ts'
import { openMoveTasks } from './move-tasks.ts'
import { queueInlinePolicyResource, queuePolicyResource } from './policy-resources.ts'
import { queryService } from './query-form.ts'
import { queueOperations } from './queue-operations.ts'
import { queueResource } from './queue-resource.ts'
import type { Queues } from './queues.ts'
import { wellFormed } from './shape.ts'
import { openStore } from './store.ts'

/** Amazon SQS, running. */
export interface Sqs {
  /** The same operations in the JSON protocol, which SDKs speak, and in the Query protocol, which API Gateway does (facts: C17). */
  readonly services: readonly Service[]
  /** `AWS::SQS::Queue`, `AWS::SQS::QueuePolicy` and `AWS::SQS::QueueInlinePolicy`. */
  readonly resources: readonly ResourceType[]
  readonly queues: Queues
  /** Tells CloudWatch what lies in the queues at the end of a minute. */
  measure(at: number): void
  /** Forgets the messages of all queues. */
  empty(): void
  /** Ends all waiting receives. */
  stop(): void
}

/**
 * Starts SQS without a queue. Visibility, delay, retention and deduplication follow the cloud's clock. Only waiting
 * receives use real time.
 */
export function startSqs(cloud: {
  readonly account: Account
  readonly clock: Clock
  readonly events: Events
  readonly meter?: Meter
}): Sqs {
  const metrics = queueMetrics(cloud.clock.now, cloud.meter)
  const store = openStore({ ...cloud, count: metrics.count })
  const json: Service = {
    signingName: 'sqs',
    protocol: 'json-1.0',
    targetPrefix: 'AmazonSQS',
    operations: [
      ...queueOperations(store),
      ...messageOperations(store),
      ...moveOperations(store, openMoveTasks(store, cloud.clock)),
    ].map(wellFormed),
    // facts: J4
    denied: (access, decision, call) => accessDenied(denialText(call.principal, access, decision)),
  }
  return {
    services: [json, queryService(json)],
    resources: [queueResource(store), queuePolicyResource(store), queueInlinePolicyResource(store)],
    queues: store,
    measure: at => metrics.measure(store.all(), at),
    empty() {
      for (const queue of store.all()) queue.empty()
    },
    stop: store.stop,
  }
}
