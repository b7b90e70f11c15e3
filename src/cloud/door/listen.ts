import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import type { Certificate } from './certificate.ts'

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

/** The first byte of a TLS handshake record. */
const TLS_HANDSHAKE = 22
/** How long a client may take over its request's headers, in milliseconds: one that dawdles holds a socket. */
const HEADERS_TIMEOUT = 20_000
/** The most bytes of request headers, API Gateway's own limit for a WebSocket handshake's included. */
const MAX_HEADER_BYTES = 16 * 1024

/**
 * Opens one loopback port that speaks plain HTTP and, with a certificate, TLS too: the first byte tells which.
 *
 * @throws the system's error (`EADDRINUSE`) when the port is taken. Port 0 takes a free one.
 */
export async function listen(reception: Reception, port = 0, certificate?: Certificate): Promise<Opened> {
  const options = { headersTimeout: HEADERS_TIMEOUT, maxHeaderSize: MAX_HEADER_BYTES }
  const plain = receive(http.createServer(options), reception)
  const secure = certificate && receive(https.createServer({ ...options, ...certificate }), reception)

  const sockets = new Set<net.Socket>()
  const server = net.createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
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

  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function receive<S extends http.Server | https.Server>(server: S, { request, upgrade }: Reception): S {
  server.on('request', request)
  server.on('upgrade', upgrade)
  server.on('clientError', (_error, socket) => socket.destroy())
  return server
}
