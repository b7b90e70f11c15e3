import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import { compose, type Draft, draftSize, messageLimit } from './compose.ts'
import type { Deliveries } from './deliveries.ts'
import { type Message, type MessageAttribute, textFor } from './message.ts'
import type { GivenAttributes } from './message-attributes.ts'
import type { Published, Topic } from './topic.ts'

/** One message of a batch. */
export interface BatchEntry extends Draft {
  readonly Id: string
  readonly MessageAttributes?: GivenAttributes
}

type Attributes = ReadonlyMap<string, MessageAttribute>

/** What comes with a request, for all of its messages. */
export interface Circumstances {
  readonly traceHeader: string | undefined
}

/** Takes messages in and sends them on their way. */
export interface Publishing {
  /** Throws `InvalidParameter`. */
  publish(topic: Topic, draft: Draft, attributes: Attributes, how: Circumstances): Published
  /** All or none: SNS takes no batch of which one message is wrong. */
  publishBatch(
    topic: Topic,
    entries: readonly BatchEntry[],
    attributesOf: (index: number) => Attributes,
    how: Circumstances,
  ): readonly (Published & { readonly Id: string })[]
}

/** SNS's quotas on a batch, and on how long a FIFO topic remembers a deduplication id, in milliseconds. */
const MAX_ENTRIES = 10
const MAX_ID = 80
const REMEMBERED = 5 * 60 * 1000

export function startPublishing(
  deliveries: Pick<Deliveries, 'publish'>,
  events: Pick<Events, 'emit' | 'causing'>,
  now: () => number,
): Publishing {
  return {
    publish: (topic, draft, attributes, how) =>
      send(topic, compose(topic, draft, attributes, { at: now(), ...how })),
    publishBatch(topic, entries, attributesOf, how) {
      checkIds(entries)
      // On AWS, too, one message that is wrong is told before all of them are too long.
      const given = entries.map((draft, index) => {
        const attributes = attributesOf(index)
        const message = compose(topic, draft, attributes, { at: now(), ...how, inBatch: true })
        return { draft, attributes, message }
      })
      const size = given.reduce((sum, { draft, attributes }) => sum + draftSize(draft, attributes), 0)
      if (size > messageLimit(topic)) {
        throw new AwsError(
          'BatchRequestTooLong',
          'The length of all the messages put together is more than the limit.',
        )
      }
      return given.map(({ draft, message }) => ({ Id: draft.Id, ...send(topic, message) }))
    },
  }

  function send(topic: Topic, message: Message): Published {
    if (!topic.isFifo) {
      deliver(topic, message)
      return { MessageId: message.messageId, SequenceNumber: undefined }
    }
    const key = deduplicationKey(topic, message)
    for (const [old, { until }] of topic.recent) if (until <= now()) topic.recent.delete(old)
    const before = topic.recent.get(key)
    // Taken, but told to nobody: the publisher only missed our answer.
    if (before) return before.published
    const sequenceNumber = `1${String(topic.sequence++).padStart(16, '0')}000`
    const published = { MessageId: message.messageId, SequenceNumber: sequenceNumber }
    topic.recent.set(key, { published, until: now() + REMEMBERED })
    deliver(topic, { ...message, sequenceNumber })
    return published
  }

  function deliver(topic: Topic, message: Message) {
    const { messageId } = message
    const text = textFor(message, 'sqs')
    const published = events.emit({ kind: 'published', topicName: topic.name, messageId, message: text })
    events.causing(published, () => deliveries.publish(message, topic.subscriptions.values()))
  }
}

/** With `FifoThroughputScope: MessageGroup` the same id in another group is another message. */
const deduplicationKey = ({ attributes }: Topic, { groupId, deduplicationId }: Message) =>
  attributes.get('FifoThroughputScope') === 'MessageGroup'
    ? `${groupId} ${deduplicationId}`
    : deduplicationId!

/** How many there may be is looked at before the topic is. */
export function checkCount(entries: readonly unknown[]): void {
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.")
  }
  if (entries.length > MAX_ENTRIES) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    )
  }
}

function checkIds(entries: readonly BatchEntry[]): void {
  for (const { Id = '' } of entries) {
    if (Id.length > MAX_ID) throw badId(`is too long: ${Id}`)
    if (!/^[\w-]+$/.test(Id)) throw badId(`contains an impermissible character: ${Id}`)
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new AwsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    )
  }
}

const badId = (what: string) =>
  new AwsError('InvalidBatchEntryId', `The Id of a batch entry in the batch request ${what}`)
