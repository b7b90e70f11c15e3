import type { Socket } from 'node:net'

/** Sockets that are open and have not brought a request yet: a client that holds many of them silently loses them soon. */
export interface Unheard {
  /** Takes a socket in. It must be spoken to in time, and when there are too many the one that waits longest has to go. */
  add(socket: Socket): void
  /** It speaks HTTP: from now on the HTTP server sees to its pace. For a TLS socket's inside and outside alike. */
  speaks(socket: Addressed): void
  /** Its first request's headers are there. For a TLS socket's inside and outside alike. */
  isHeard(socket: Addressed): void
}

/** What the two sides of a TLS socket have in common. */
type Addressed = Pick<Socket, 'remoteAddress' | 'remotePort'>

/** Keeps at most `most` of them, each for `patience` milliseconds of real time before it speaks HTTP. */
export function unheard(most: number, patience: number): Unheard {
  // Oldest first.
  const waiting = new Map<string, { readonly socket: Socket; readonly timer: NodeJS.Timeout }>()

  return {
    add(socket) {
      const address = addressOf(socket)
      // Gone again already.
      if (!address) return void socket.destroy()
      const timer = setTimeout(() => socket.destroy(), patience).unref()
      const visitor = { socket, timer }
      waiting.set(address, visitor)
      socket.once('close', () => {
        clearTimeout(timer)
        // The system gives an address away again before we have heard of its end.
        if (waiting.get(address) === visitor) waiting.delete(address)
      })
      const [oldest] = waiting.values()
      if (waiting.size > most) oldest?.socket.destroy()
    },
    speaks(socket) {
      clearTimeout(waiting.get(addressOf(socket) ?? '')?.timer)
    },
    isHeard(socket) {
      const address = addressOf(socket) ?? ''
      clearTimeout(waiting.get(address)?.timer)
      waiting.delete(address)
    },
  }
}

const addressOf = ({ remoteAddress, remotePort }: Addressed) =>
  remoteAddress === undefined ? undefined : `${remoteAddress}:${remotePort}`
