import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** How many messages of one client may be under way at once before no more are read from it. */
const MAX_UNDER_WAY = 256
/** How many bytes may wait for one client before no more messages are read from it. */
const MAX_WAITING_BYTES = 512 * 1024

/** Stops reading from a client that sends faster than its messages are handled, or does not take its answers: TCP then tells it to wait. */
export function regulate(socket: WebSocket, wire: Duplex) {
  let underWay = 0

  wire.on('drain', adjust)
  return {
    begin() {
      underWay++
      adjust()
    },
    end() {
      underWay--
      adjust()
    },
  }

  function adjust() {
    const enough = underWay >= MAX_UNDER_WAY || socket.bufferedAmount > MAX_WAITING_BYTES
    if (enough === socket.isPaused) return
    if (enough) socket.pause()
    else socket.resume()
  }
}
