import { WebSocket } from 'ws'

/** A socket of the scene's, or somebody else who acts in it. */
export interface Line {
  /**
   * Resolves when whatever had been said before, on either side, has been heard on the other; or when the connection has ended. At
   * once on a socket that is paused: it hears nothing.
   */
  there(signal: AbortSignal): Promise<void>
  /** Whether anything may still come of it. */
  readonly isOpen: boolean
  /** Whether it may be about something that `there` does not know of. */
  readonly isOpaque?: boolean
}

/** A pong comes after everything that was sent before it, and answers a ping that came after everything that was said. */
export function lineOf(socket: WebSocket): Line {
  let pings = 0
  return {
    get isOpen() {
      return socket.readyState === WebSocket.OPEN
    },
    there(signal) {
      const { readyState } = socket
      if (readyState === WebSocket.CLOSED || socket.isPaused) return Promise.resolve()
      return new Promise((resolve, reject) => {
        pings += 1
        const mine = pings
        // Of pings that come fast, only the last is answered for certain.
        const heard = (data: Buffer) => {
          if (Number(data) >= mine) end()
        }
        const end = () => {
          socket.off('pong', heard).off('close', end)
          signal.removeEventListener('abort', end)
          if (signal.aborted) reject(signal.reason)
          else resolve()
        }
        socket.on('pong', heard).on('close', end)
        signal.addEventListener('abort', end)
        if (signal.aborted) end()
        else if (readyState === WebSocket.OPEN) socket.ping(String(mine))
      })
    },
  }
}
