import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Decision } from '../iam/policy.ts'
import type { ServicePrincipal } from '../iam/principal.ts'
import type { QueueEvent } from '../lambda/invoke.ts'
import type { Access } from '../service.ts'
import type { Queues } from '../sqs/queues.ts'
import type { Envelopes } from './envelope.ts'

/** What it takes to reach a queue or a function. */
export interface Means {
  readonly account: Account
  readonly clock: Clock
  readonly queues: Queues
  readonly queueEvent: QueueEvent
  readonly envelopes: Envelopes
  /** Asks IAM, and reports the answer to watchers. */
  authorize(principal: ServicePrincipal, access: Access): Decision
}

/** Who SNS is to the others. */
export const SNS: ServicePrincipal = { kind: 'service', service: 'sns.amazonaws.com' }
