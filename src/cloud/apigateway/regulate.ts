import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** How many messages of one client may be under way at once before the next ones wait and no more are read. */
const MAX_UNDER_WAY = 256
/** How many bytes may wait for one client before no more messages are read from it. */
const MAX_WAITING_BYTES = 512 * 1024

/**
 * Runs one client's tasks, many at once but not any number. A client that sends faster than its messages are handled, or does not
 * take its answers, is not read from for a while: TCP then tells it to wait.
 */
export function regulate(socket: WebSocket, wire: Duplex): (task: () => Promise<void>) => void {
  // What had been read when reading stopped: at most what one packet holds.
  const waiting: (() => Promise<void>)[] = []
  let underWay = 0

  wire.on('drain', adjust)
  return task => {
    waiting.push(task)
    startWaiting()
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
