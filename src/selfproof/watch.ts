import { HANG } from '../machine/bounds.ts'

/** What somebody sees of a socket. `open` holds the subprotocol. */
export type Sight =
  | { readonly open: string }
  | { readonly message: unknown }
  | { readonly error: true }
  | { readonly close: number; readonly reason: string; readonly wasClean: boolean }

/** A socket that somebody watches: everything it shows is kept until it is asked for. */
export interface Watched {
  send(text: string): Promise<void>
  /** The next thing to be seen, in the order in which the socket showed them. Rejects when it hangs. */
  next(): Promise<Sight>
  close(code?: number, reason?: string): Promise<void>
}

/** Anything with the face of a WebSocket: a browser's, that of `ws`, or what a library wraps around one. */
interface Face {
  readonly protocol: string
  addEventListener(type: any, listener: (event: any) => void): void
  send(data: string): void
  close(code?: number, reason?: string): void
}

/** Watches a socket from its first moment. Runs in Node and in pages. */
export function watch(socket: Face): Watched {
  const seen: Sight[] = []
  const waiting: ((sight: Sight) => void)[] = []
  const see = (sight: Sight) => {
    const first = waiting.shift()
    if (first) first(sight)
    else seen.push(sight)
  }
  socket.addEventListener('open', () => see({ open: socket.protocol }))
  socket.addEventListener('message', ({ data }) => see({ message: data }))
  socket.addEventListener('error', () => see({ error: true }))
  socket.addEventListener('close', ({ code, reason, wasClean }) => see({ close: code, reason, wasClean }))

  return {
    send: async text => socket.send(text),
    next: () =>
      new Promise((resolve, reject) => {
        const sight = seen.shift()
        if (sight) return resolve(sight)
        const timer = setTimeout(() => reject(new Error(`nothing to be seen for ${HANG / 1000} s`)), HANG)
        waiting.push(found => {
          clearTimeout(timer)
          resolve(found)
        })
      }),
    close: async (code, reason) => socket.close(code, reason),
  }
}
