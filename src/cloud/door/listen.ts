import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import type { Certificate } from './certificate.ts'
import { answerMisheard } from './misheard.ts'
import { type Unheard, unheard } from './unheard.ts'

/** What happens to those who come. */
export interface Reception {
  request(request: http.IncomingMessage, response: http.ServerResponse): void
  upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void
}

/** A port that is open. */
export interface Opened {
  readonly port: number
  /** Closes the port and every connection on it. */
  close(): Promise<void>
}

/** How long a client may take, in milliseconds of real time: one that dawdles holds a socket. AWS tells none of this. */
export interface Patience {
  /** Until it speaks HTTP: for its first byte, and for the TLS handshake if that is what it begins with. */
  readonly greeting: number
  /** For a request's headers. */
  readonly headers: number
  /** For a whole request, its headers included. Not shorter than `headers`. */
  readonly request: number
  /** Without taking any more of an answer. */
  readonly answer: number
  /** Between an answer and the next request. */
  readonly idle: number
  /** How many sockets may be without a request at once. */
  readonly most: number
}

/** Up to 16 MB come in a request, but the network is none. */
const PATIENCE: Patience = {
  greeting: 20_000,
  headers: 20_000,
  request: 60_000,
  answer: 60_000,
  idle: 5_000,
  // Far more than honest clients open in the blink that a request takes, far fewer than a process may hold.
  most: 4096,
}
/** The first byte of a TLS handshake record. */
const TLS_HANDSHAKE = 22
/** The most bytes of request headers, API Gateway's own limit for a WebSocket handshake's included. */
const MAX_HEADER_BYTES = 16 * 1024

/**
 * Opens one loopback port that speaks plain HTTP and, with a certificate, TLS too: the first byte tells which.
 *
 * @throws the system's error (`EADDRINUSE`) when the port is taken. Port 0 takes a free one.
 */
export async function listen(
  reception: Reception,
  port = 0,
  certificate?: Certificate,
  patience: Partial<Patience> = {},
): Promise<Opened> {
  const limits = { ...PATIENCE, ...patience }
  const newcomers = unheard(limits.most, limits.greeting)
  const options: http.ServerOptions = {
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.idle,
    connectionsCheckingInterval: Math.ceil(limits.headers / 20),
    maxHeaderSize: MAX_HEADER_BYTES,
  }
  const plain = receive(http.createServer(options), 'connection', reception, newcomers, limits)
  const secure =
    certificate &&
    receive(
      https.createServer({ ...options, ...certificate }),
      'secureConnection',
      reception,
      newcomers,
      limits,
    )

  const sockets = new Set<net.Socket>()
  const server = net.createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    newcomers.add(socket)
    if (!secure) return void plain.emit('connection', socket)
    socket.once('data', first => {
      socket.pause()
      socket.unshift(first)
      ;(first[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  // Node looks for slow requests only in a server that listens; this is how it learns that somebody does for it.
  plain.emit('listening')
  secure?.emit('listening')
  // A client that cannot be let in, because the system has no more sockets for us, is that client's trouble only.
  server.on('error', () => {})

  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      plain.close()
      secure?.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Makes a server, which does not listen itself, of those who come. `speaking` is the event by which a socket is ready for HTTP. */
function receive<S extends http.Server | https.Server>(
  server: S,
  speaking: 'connection' | 'secureConnection',
  { request, upgrade }: Reception,
  newcomers: Unheard,
  { answer }: Patience,
): S {
  server.on(speaking, newcomers.speaks)
  server.on('request', (asked, response) => {
    newcomers.isHeard(asked.socket)
    response.once('prefinish', () => response.socket?.setTimeout(answer))
    request(asked, response)
  })
  server.on('upgrade', (asked, socket, head) => {
    newcomers.isHeard(asked.socket)
    upgrade(asked, socket, head)
  })
  answerMisheard(server)
  return server
}
