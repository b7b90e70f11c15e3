import { invokeConfigOf, readName } from '../functions.ts'
import type { Destinations } from './destinations.ts'
import type { Conclude } from './event-queue.ts'
import { deadLetter, invocationRecord } from './invocation-record.ts'

/** Reports how an event ended: to a destination the whole story, a dead letter queue the event. */
export const concluder =
  (destinations: Destinations, now: () => number): Conclude =>
  (named, event, condition, last) => {
    const { configuration } = named.version
    const { onSuccess, onFailure } = invokeConfigOf(named.fn, readName(named.arn).qualifier)
    const to = condition === 'Success' ? onSuccess : onFailure
    if (to !== undefined) {
      const body = invocationRecord(named, event, condition, last, now())
      destinations.send(to, configuration, { body })
    }
    const { deadLetterArn } = configuration
    if (condition !== 'Success' && deadLetterArn !== undefined)
      destinations.send(deadLetterArn, configuration, deadLetter(event, last))
  }
