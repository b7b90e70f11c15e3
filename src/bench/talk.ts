import { once } from 'node:events'
import { WebSocket } from 'ws'

/** What a crowd of clients experienced. */
export interface Talk {
  readonly messagesPerSecond: number
  /** Milliseconds from sending a message to its answer. */
  readonly p50: number
  readonly p99: number
}

/** How many connections are opened at a time. */
const AT_A_TIME = 50

/**
 * Lets `clients` talk with `address`: each sends `text`, waits for the answer and sends again. What happens in the first
 * `warmUp` milliseconds does not count: servers start what they need. Throws when a connection is refused or ends.
 */
export async function talk(
  address: string,
  text: string,
  {
    clients,
    warmUp,
    duration,
  }: { readonly clients: number; readonly warmUp: number; readonly duration: number },
): Promise<Talk> {
  const sockets: WebSocket[] = []
  while (sockets.length < clients) {
    const next = Array.from(
      { length: Math.min(AT_A_TIME, clients - sockets.length) },
      () => new WebSocket(address),
    )
    await Promise.all(next.map(socket => once(socket, 'open')))
    sockets.push(...next)
  }
  const took: number[] = []
  const begin = performance.now() + warmUp
  const end = begin + duration
  await Promise.all(sockets.map(socket => pingPong(socket, text, begin, end, took)))
  for (const socket of sockets) socket.terminate()
  took.sort((a, b) => a - b)
  return {
    messagesPerSecond: (took.length / duration) * 1000,
    p50: took[Math.floor(took.length / 2)] ?? Number.POSITIVE_INFINITY,
    p99: took[Math.floor(took.length * 0.99)] ?? Number.POSITIVE_INFINITY,
  }
}

function pingPong(
  socket: WebSocket,
  text: string,
  begin: number,
  end: number,
  took: number[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0
    const next = () => {
      sent = performance.now()
      if (sent >= end) resolve()
      else socket.send(text)
    }
    // A server that has fallen silent must not hold the benchmark up.
    const late = setTimeout(resolve, end - performance.now() + 1_000)
    socket.on('message', data => {
      const now = performance.now()
      if (data.toString() !== text) return reject(new Error(`An answer that nobody expects: ${data}`))
      if (sent >= begin && now < end) took.push(now - sent)
      if (now >= end) clearTimeout(late)
      next()
    })
    socket.once('close', code => reject(new Error(`The server closed a connection with ${code}.`)))
    next()
  })
}
