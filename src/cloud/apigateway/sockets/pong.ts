import { WebSocket } from 'ws'

/**
 * Answers a client's pings. Of those that come faster than they can be answered the last one is, as RFC 6455 (5.5.3) allows: so that a flood
 * of them fills no buffer, and costs a client that merely hurries nothing.
 */
export function answerPings(socket: WebSocket): void {
  let unanswered: Buffer | undefined
  let isAnswering = false

  socket.on('ping', ping => {
    unanswered = ping
    if (!isAnswering) answer()
  })

  function answer() {
    if (unanswered === undefined || socket.readyState !== WebSocket.OPEN) return
    const ping = unanswered
    unanswered = undefined
    isAnswering = true
    socket.pong(ping, false, () => {
      isAnswering = false
      answer()
    })
  }
}
