import type { Occasion } from '../messages/event-shapes.ts'
import type { Sources } from '../messages/selection-expression.ts'
import type { Offer } from '../sockets/offer.ts'

/** One request on its way through a route's integration. */
export interface Passage {
  readonly occasion: Occasion
  /** What a Lambda proxy is given. */
  readonly event: () => object
  /** The message; `''` for a handshake and a farewell. */
  readonly body: string
  /** The client's own request: only a handshake is one (facts: C20). */
  readonly offer?: Pick<Offer, 'headers' | 'query'>
  readonly sources: Sources
  /** Whether anybody reads the answer. A one-way route's is dropped unread (facts: C1, C8). */
  readonly wanted: boolean
}
