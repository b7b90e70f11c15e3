import type { Criterion } from '#kit'
import { eachHearsTheirOwn } from './criteria/each-hears-their-own.ts'
import { errorsAreFrames } from './criteria/errors-are-frames.ts'
import { everyInstanceServesAll } from './criteria/every-instance-serves-all.ts'
import { historyIsTold } from './criteria/history-is-told.ts'
import { inABrowser } from './criteria/in-a-browser.ts'
import { messagesArrive } from './criteria/messages-arrive.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { protocolsAreAgreedOn } from './criteria/protocols-are-agreed-on.ts'
import { roomsAreApart } from './criteria/rooms-are-apart.ts'
import { theGoneAreForgotten } from './criteria/the-gone-are-forgotten.ts'
import { theOlderProtocol } from './criteria/the-older-protocol.ts'
import { theProtocolIsKept } from './criteria/the-protocol-is-kept.ts'
import { unsubscribingStopsIt } from './criteria/unsubscribing-stops-it.ts'

/** What lab 6 promises: clients get in, and what is said arrives at those who asked for it, as they asked for it. */
export const criteria: readonly Criterion[] = [
  // Act one.
  protocolsAreAgreedOn,
  theProtocolIsKept,
  // Act two.
  messagesArrive,
  eachHearsTheirOwn,
  roomsAreApart,
  unsubscribingStopsIt,
  errorsAreFrames,
  theOlderProtocol,
  inABrowser,
  historyIsTold,
  theGoneAreForgotten,
  nothingMore,
  everyInstanceServesAll,
]
