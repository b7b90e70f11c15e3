import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire that counts what passes. */
export interface Wiretap {
  /** The address of a socket, by way of here. */
  readonly url: string
  /** Bytes that have passed towards the server, and back. */
  readonly there: number
  readonly back: number
  close(): void
}

/** Puts itself between clients and the server of a `ws://` URL. */
export async function wiretap(url: string): Promise<Wiretap> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let there = 0
  let back = 0
  const server = createServer(client => {
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [client, far],
      [far, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
      one.pipe(other)
    }
    client.on('data', ({ length }) => {
      there += length
    })
    far.on('data', ({ length }) => {
      back += length
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const tapped = new URL(url)
  tapped.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: tapped.href,
    get there() {
      return there
    },
    get back() {
      return back
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
