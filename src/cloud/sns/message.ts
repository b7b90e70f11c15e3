import type { Protocol } from './topic.ts'

/** An attribute of a message. */
export interface MessageAttribute {
  /** `String`, `Number`, `String.Array`, `Binary`, each with a label of the sender's own behind a dot or without. */
  readonly type: string
  /** Of a binary attribute in Base64. */
  readonly value: string
}

/** What was published. */
export interface Message {
  readonly messageId: string
  /** Milliseconds since the epoch, by the cloud's clock. */
  readonly at: number
  readonly subject?: string
  /** The text for everybody, or for those that have none of their own. */
  readonly text: string
  /** Texts for one protocol each, where `MessageStructure` was `json`. */
  readonly texts: Readonly<Partial<Record<Protocol, string>>>
  readonly attributes: ReadonlyMap<string, MessageAttribute>
  readonly groupId?: string
  /** FIFO topics only: the publisher's, or made of the text. */
  readonly deduplicationId?: string
  /** FIFO topics only. */
  readonly sequenceNumber?: string
  /** The publisher's `X-Amzn-Trace-Id`, handed on to queues. */
  readonly traceHeader?: string
}

/** What a subscriber by this protocol is told. */
export const textFor = ({ text, texts }: Message, protocol: Protocol): string => texts[protocol] ?? text
