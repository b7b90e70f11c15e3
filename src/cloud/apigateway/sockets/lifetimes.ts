import type { Clock } from '../../clock.ts'
import type { Connection } from './connection.ts'

/** A connection without a message for this long is closed (facts: A35, G6). In milliseconds. */
export const IDLE = 10 * 60 * 1000
/** Nothing keeps a connection open for longer (facts: A36, G6). In milliseconds. */
export const LIFETIME = 2 * 60 * 60 * 1000

/** Which connections are open, oldest first, and which of them have had their time. */
export interface Lifetimes {
  start(connection: Connection): void
  /** Notes a message, in either direction (facts: A37). */
  touch(connection: Connection): void
  end(connection: Connection): void
  stop(): void
}

/**
 * Calls `expired` with each connection whose time is up. One appointment serves them all, however many there are:
 * both sets are in the order in which their connections fall due, so only their first matters.
 */
export function watchLifetimes(clock: Clock, expired: (connection: Connection) => void): Lifetimes {
  const byAge = new Set<Connection>()
  const byActivity = new Set<Connection>()
  let cancel: (() => void) | undefined

  return {
    start(connection) {
      byAge.add(connection)
      byActivity.add(connection)
      // Nobody who comes now falls due before those who are here.
      if (!cancel) wind()
    },
    touch(connection) {
      connection.lastActiveAt = clock.now()
      if (byActivity.delete(connection)) byActivity.add(connection)
    },
    end(connection) {
      byAge.delete(connection)
      byActivity.delete(connection)
      if (byAge.size > 0) return
      cancel?.()
      cancel = undefined
    },
    stop() {
      cancel?.()
      cancel = undefined
      byAge.clear()
      byActivity.clear()
    },
  }

  function wind() {
    const due = nextDue()
    cancel = due === undefined ? undefined : clock.after(Math.max(0, due - clock.now()), ring)
  }

  function ring() {
    cancel = undefined
    for (const connection of [...overdue(byAge, ageEnds), ...overdue(byActivity, idleEnds)]) {
      if (byAge.has(connection)) expired(connection)
    }
    wind()
  }

  function* overdue(connections: ReadonlySet<Connection>, ends: (connection: Connection) => number) {
    for (const connection of connections) {
      if (ends(connection) > clock.now()) return
      yield connection
    }
  }

  function nextDue(): number | undefined {
    const [oldest] = byAge
    const [idlest] = byActivity
    return oldest && idlest && Math.min(ageEnds(oldest), idleEnds(idlest))
  }
}

const ageEnds = ({ peer }: Connection) => peer.connectedAt + LIFETIME
const idleEnds = ({ lastActiveAt }: Connection) => lastActiveAt + IDLE
