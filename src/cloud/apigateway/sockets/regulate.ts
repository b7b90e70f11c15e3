import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** How many messages of one client may be under way at once before the next ones wait and no more are read. */
const MAX_UNDER_WAY = 256
/** How many bytes may wait for one client before no more messages are read from it. */
const MAX_WAITING_BYTES = 512 * 1024
/** How many bytes of messages may be under way or wait, of all clients together. */
const MAX_HELD_BYTES = 256 * 1024 * 1024
/** How much of that a client may have in any case: eight messages of the largest size, as it may have of answers. */
const SHARE = 8 * 128 * 1024

/** Takes a task for a message of so many bytes. Says no when the client has sent more than can be held for it. */
export type Run = (bytes: number, task: () => Promise<void>) => boolean

/**
 * Runs clients' tasks, many at once but not any number. A client that sends faster than its messages are handled, or does not take
 * its answers, is not read from for a while: TCP then tells it to wait. What had been read by then is held: that is at most what one
 * packet holds, but compressed it may hold a thousand times its size.
 */
export function regulator(most = MAX_HELD_BYTES, share = SHARE): (socket: WebSocket, wire: Duplex) => Run {
  let heldOfAll = 0

  return (socket, wire) => {
    const waiting: (() => Promise<void>)[] = []
    let underWay = 0
    let held = 0

    wire.on('drain', adjust)
    return (bytes, task) => {
      if (heldOfAll + bytes > most && held + bytes > share) return false
      hold(bytes)
      waiting.push(() => task().finally(() => hold(-bytes)))
      startWaiting()
      return true
    }

    function hold(bytes: number) {
      held += bytes
      heldOfAll += bytes
    }

    function startWaiting() {
      while (underWay < MAX_UNDER_WAY && waiting.length > 0) {
        underWay++
        void waiting.shift()!().finally(ended)
      }
      adjust()
    }

    function ended() {
      underWay--
      startWaiting()
    }

    function adjust() {
      const enough = underWay >= MAX_UNDER_WAY || socket.bufferedAmount > MAX_WAITING_BYTES
      if (enough === socket.isPaused) return
      if (enough) socket.pause()
      else socket.resume()
    }
  }
}
