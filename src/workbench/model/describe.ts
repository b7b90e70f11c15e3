import { drawAnswer, drawCall, drawDecision, drawInvocation, drawInvoke, drawLog } from './draw-functions.ts'
import { drawAlarm, drawItem, drawMessage, drawPublished, drawResource } from './draw-services.ts'
import { drawClose, drawFrame, drawHandshake, drawKnock } from './draw-sockets.ts'
import type { Drawn } from './drawn.ts'
import type { Lane } from './lanes.ts'
import { askerLane, clientLanes, serviceLane } from './participants.ts'
import type { Directory, WireEvent } from './protocol.ts'
import { remember } from './remember.ts'
import type { Row } from './row.ts'

/**
 * Turns events into rows. It remembers the clients that it has met, so that each keeps its number; who called whom; and
 * when a message was sent, for the time that it waits.
 */
export function describer() {
  const clients = clientLanes()
  /** The lane that an event comes from, for what it causes: the caller of a call, the topic of a message. */
  const sources = new Map<number, Lane>()
  /** When something came into a queue, or to a topic: by the event. */
  const enqueued = new Map<number, number>()
  /** The same of messages that have not been received yet, by queue and id. */
  const waiting = new Map<string, number>()
  /** How long an invocation waited before it began, by its `invoke` event. */
  const waits = new Map<number, number>()

  return function describe(event: WireEvent, directory: Directory): Row {
    const drawn = draw(event, directory)
    const { id, at } = event
    let haystack: string | undefined
    return {
      id,
      at,
      bad: drawn.tone === 'bad',
      event,
      ...drawn,
      // Put together when somebody searches: there may be thousands of events a second.
      get haystack() {
        haystack ??= `${drawn.twin} ${drawn.label} ${JSON.stringify(event)}`.toLowerCase()
        return haystack
      },
    }
  }

  function draw(event: WireEvent, directory: Directory): Drawn {
    const cause = event.causedBy ?? -1
    switch (event.kind) {
      case 'knock':
        return drawKnock(event)
      case 'handshake':
        return drawHandshake(
          event,
          event.connectionId ? clients.of(event.connectionId, directory) : clients.refused,
        )
      case 'frame':
        return drawFrame(event, clients.of(event.connectionId, directory))
      case 'close':
        return drawClose(event, clients.of(event.connectionId, directory))
      case 'invoke': {
        const since = enqueued.get(cause)
        if (since !== undefined) remember(waits, event.id, event.at - since)
        return drawInvoke(event, directory)
      }
      case 'invocation':
        return drawInvocation(event, waits.get(cause), directory)
      case 'decision':
        return drawDecision(event, directory)
      case 'call': {
        const caller = askerLane(event.principal, directory)
        remember(sources, event.id, caller)
        return drawCall(event, caller, directory)
      }
      case 'answer':
        return drawAnswer(event, sources.get(cause), directory)
      case 'message':
        return drawMessage(event, sources.get(cause), waitOf(event), directory)
      case 'published': {
        const publisher = sources.get(cause)
        remember(sources, event.id, serviceLane('sns'))
        remember(enqueued, event.id, event.at)
        return drawPublished(event, publisher, directory)
      }
      case 'item':
        return drawItem(event, directory)
      case 'log':
        return drawLog(event, directory)
      case 'alarm':
        return drawAlarm(event, directory)
      case 'resource':
        return drawResource(event)
    }
  }

  /** How long a message that is received now has waited; undefined for one that is not received for the first time. */
  function waitOf({ id, at, change, queueName, messageId }: WireEvent & { kind: 'message' }) {
    const key = `${queueName} ${messageId}`
    if (change === 'sent' || change === 'buried') {
      remember(enqueued, id, at)
      remember(waiting, key, at)
      return undefined
    }
    const since = waiting.get(key)
    waiting.delete(key)
    return change === 'received' && since !== undefined ? at - since : undefined
  }
}
