import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { HANG } from '../../machine/bounds.ts'

/** A client by hand: bytes out, and what they led to. */
export interface ByHand {
  readonly socket: net.Socket
  /** Resolves when the 101 is there, with true; with false for any other end. */
  readonly opened: Promise<boolean>
  /** Resolves once it is over: with `close <code>`, `HTTP <status>`, `hung up`, or `cannot connect`. */
  readonly ended: Promise<string>
  /** What it led to; `nothing` when it is not over after so many milliseconds. The socket is gone then. */
  outcome(patience?: number): Promise<string>
}

/** Connects, and sends bytes. */
export function dial(url: string, bytes: string | Buffer = ''): ByHand {
  const { hostname, port } = new URL(url)
  const socket = net.connect({ port: Number(port), host: hostname, family: 4 })
  // Of what is sent to us we need the beginning; what a close frame is found in is never long.
  let heard = Buffer.alloc(0)
  let isConnected = false
  let isOpen!: (open: boolean) => void
  let isOver!: (outcome: string) => void
  const opened = new Promise<boolean>(resolve => {
    isOpen = resolve
  })
  const ended = new Promise<string>(resolve => {
    isOver = resolve
  })
  socket.on('error', () => {})
  socket.on('connect', () => {
    isConnected = true
  })
  socket.on('data', chunk => {
    heard = Buffer.concat([heard, chunk])
    const { status, rest } = readHead(heard)
    if (status !== 101) return
    isOpen(true)
    const { code, left } = findClose(rest)
    heard = Buffer.concat([SWITCHED, left])
    if (code !== undefined) isOver(`close ${code}`)
  })
  socket.on('close', () => {
    isOpen(false)
    const { status } = readHead(heard)
    isOver(status && status !== 101 ? `HTTP ${status}` : isConnected ? 'hung up' : 'cannot connect')
  })
  if (bytes.length > 0) socket.write(bytes)

  return {
    socket,
    opened,
    ended,
    async outcome(patience = HANG) {
      const giveUp = new AbortController()
      const silence = pause(patience, 'nothing', { signal: giveUp.signal }).catch(() => 'nothing')
      const outcome = await Promise.race([ended, silence])
      giveUp.abort()
      await leave(socket)
      return outcome
    },
  }
}

/** Connects as a WebSocket client does. */
export const shake = (url: string, ...headers: readonly string[]): ByHand =>
  dial(url, handshake(url, ...headers))

/** A proper handshake's request, with further headers. */
export function handshake(url: string, ...headers: readonly string[]): string {
  const { pathname, host } = new URL(url)
  const lines = [
    `GET ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** The header that offers compression. */
export const DEFLATE = 'Sec-WebSocket-Extensions: permessage-deflate'

/** Sends bytes, and waits while the other side does not take them. Says whether there is anybody to take more. */
export async function push({ socket }: Pick<ByHand, 'socket'>, bytes: Buffer | string): Promise<boolean> {
  if (!socket.writable) return false
  if (socket.write(bytes)) return true
  await new Promise<void>(resolve => {
    const go = () => {
      socket.off('drain', go).off('close', go)
      resolve()
    }
    socket.on('drain', go).on('close', go)
  })
  return socket.writable
}

/** Hangs up and waits until it is done. */
export async function leave(socket: net.Socket): Promise<void> {
  if (socket.closed) return
  const closed = new Promise(resolve => socket.once('close', resolve))
  socket.destroy()
  await closed
}

const SWITCHED = Buffer.from('HTTP/1.1 101 \r\n\r\n')

function readHead(bytes: Buffer) {
  const end = bytes.indexOf('\r\n\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(bytes.subarray(0, 16).toString('latin1'))?.[1])
  return end < 0 ? { status: undefined, rest: bytes } : { status, rest: bytes.subarray(end + 4) }
}

/** Skips a server's frames up to the first that is not whole, or that closes. */
function findClose(bytes: Buffer): { code?: number; left: Buffer } {
  for (let at = 0; ; ) {
    const left = bytes.subarray(at)
    const short = left[1] ?? 0
    const header = short === 127 ? 10 : short === 126 ? 4 : 2
    if (left.length < header) return { left }
    const length =
      short === 127 ? Number(left.readBigUInt64BE(2)) : short === 126 ? left.readUInt16BE(2) : short
    if (left.length < header + length) return { left }
    if (left[0] === 0x88) return { code: length >= 2 ? left.readUInt16BE(header) : 1005, left }
    at += header + length
  }
}
