import type { Filter } from './filter/filter-policy.ts'

/** A topic. */
export interface Topic {
  readonly arn: string
  readonly name: string
  readonly isFifo: boolean
  /** Attributes as they were set: `DisplayName`, `SignatureVersion`, `ContentBasedDeduplication` … */
  readonly attributes: Map<string, string>
  /** JSON text. */
  policy: string
  readonly tags: Map<string, string>
  /** By ARN. */
  readonly subscriptions: Map<string, Subscription>
  subscriptionsDeleted: number
  /** FIFO topics: what was published in the last five minutes, by deduplication id. */
  readonly recent: Map<string, { readonly published: Published; readonly until: number }>
  /** FIFO topics: how many messages there have been. */
  sequence: number
}

/** What the publisher is told. */
export interface Published {
  readonly MessageId: string
  /** FIFO topics only; JSON says null where there is none. */
  readonly SequenceNumber: string | undefined
}

/** How SNS delivers here. */
export type Protocol = 'sqs' | 'lambda' | 'http' | 'https'

/** Somebody who is told what is published. */
export interface Subscription {
  readonly arn: string
  readonly topic: Topic
  readonly protocol: Protocol
  readonly endpoint: string
  /** Whose call made it: `arn:aws:iam::…:user/learner`. */
  readonly principal: string
  isConfirmed: boolean
  /** Whether its confirmation had to be signed: queues and functions confirm by themselves. */
  wasAuthenticated: boolean
  /** Whether only the owner may end it. */
  authenticateOnUnsubscribe: boolean
  /** Attributes as they were set: `RawMessageDelivery`, `FilterPolicy` … */
  readonly attributes: Map<string, string>
  /** The filter policy, compiled. */
  filter: Filter | undefined
}

/** Whether an attribute of a subscription was switched on. */
export const isRaw = ({ attributes }: Subscription) => attributes.get('RawMessageDelivery') === 'true'
