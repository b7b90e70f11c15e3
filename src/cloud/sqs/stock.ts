import type { Message } from './message.ts'
import type { Settings } from './settings.ts'
import { fifoShelf, standardShelf } from './shelf.ts'

/** The messages of a queue and what time does to them: delay, visibility timeout, retention. */
export interface Stock {
  readonly size: number
  get(messageId: string): Message | undefined
  put(message: Message): void
  remove(message: Message): void
  clear(): void
  /** Those that can be received now, in their order. Nothing may be put or removed in between. */
  next(): Iterable<Message>
  /** Lets other groups of a FIFO queue go first next time. */
  stepBack(message: Message): void
  isHidden(message: Message): boolean
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number }
  /** When the message came that waits for longest; one that has been received three times no longer counts, unless there is no other. */
  oldest(): number | undefined
  /** When, in milliseconds since the epoch, more of it can be received without anybody doing anything. */
  nextChange(): number | undefined
  /** The queue has other settings now. */
  resettle(): void
}

/** After so many receptions CloudWatch looks past a message that nobody deletes. */
const POISONOUS = 3

/** Starts without a message. Nothing here runs by a timer: what is over is found out when somebody looks. */
export function keepStock(now: () => number, isFifo: boolean, settings: () => Settings): Stock {
  const shelf = isFifo ? fifoShelf() : standardShelf()
  /** No message's retention ends before. */
  let nextEnd = Number.POSITIVE_INFINITY

  const milliseconds = (name: string) => Number(settings()[name]) * 1000
  const endOf = ({ keptSince }: Message) => keptSince + milliseconds('MessageRetentionPeriod')
  // A FIFO queue's delay holds for what is in it already as well, a standard queue's only for what comes.
  const visibleFrom = (message: Message) =>
    message.hiddenUntil ?? message.sentAt + milliseconds('DelaySeconds')

  return {
    get size() {
      return shelf.size
    },
    get(messageId) {
      forgetOld()
      return shelf.get(messageId)
    },
    put(message) {
      shelf.put(message)
      nextEnd = Math.min(nextEnd, endOf(message))
    },
    remove: shelf.remove,
    clear: shelf.clear,
    next() {
      forgetOld()
      const at = now()
      return shelf.next(message => visibleFrom(message) <= at)
    },
    stepBack: shelf.stepBack,
    isHidden: message => visibleFrom(message) > now(),
    counts() {
      forgetOld()
      const at = now()
      const counts = { visible: 0, inFlight: 0, delayed: 0 }
      for (const message of shelf.all()) {
        if (visibleFrom(message) <= at) counts.visible++
        else if (message.lastReceivedAt === undefined) counts.delayed++
        else counts.inFlight++
      }
      return counts
    },
    oldest() {
      forgetOld()
      const all = [...shelf.all()]
      const fresh = all.filter(({ receives }) => receives < POISONOUS)
      const times = (fresh.length > 0 ? fresh : all).map(({ arrivedAt }) => arrivedAt)
      return times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : undefined
    },
    nextChange() {
      const at = now()
      // One whose time is up no longer holds up its group.
      let next = isFifo && shelf.size > 0 ? nextEnd : Number.POSITIVE_INFINITY
      for (const message of shelf.all()) {
        const from = visibleFrom(message)
        if (from > at && from < next) next = from
      }
      return Number.isFinite(next) ? next : undefined
    },
    resettle() {
      nextEnd = Number.NEGATIVE_INFINITY
      forgetOld()
    },
  }

  function forgetOld() {
    const at = now()
    if (at < nextEnd) return
    nextEnd = Number.POSITIVE_INFINITY
    for (const message of [...shelf.all()]) {
      if (endOf(message) <= at) shelf.remove(message)
      else nextEnd = Math.min(nextEnd, endOf(message))
    }
  }
}
