import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { type ClientOptions, WebSocket } from 'ws'
import { fairTimeout } from '../machine/fair-timer.ts'
import { assert } from './assert.ts'

/** How to knock. */
export interface KnockOptions {
  /** Put into the query string; an object as JSON. */
  readonly query?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly protocols?: readonly string[]
  /** Further options of `ws`. */
  readonly ws?: ClientOptions
}

/** A client that is connected: the unmodified `ws`, and an inbox. */
export interface Socket {
  readonly ws: WebSocket
  /** A string or a buffer as it is, anything else as JSON. */
  send(message: unknown): void
  /** The next text that came or comes. Throws when it takes too long, or the connection is closed. */
  hears(): Promise<string>
  /** The next text, parsed. */
  hearsJson(): Promise<any>
  /** Holds if nothing is there that was not asked for. Whoever calls it has waited for whatever could have come. */
  hasHeardNothing(): Promise<void>
  /** How the connection ended. Throws when it takes too long. */
  closed(): Promise<{ readonly code: number; readonly reason: string }>
}

/** A handshake's answer, byte for byte as far as Node shows it. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: http.IncomingHttpHeaders
  /** Names as they were sent, in turn with values. */
  readonly rawHeaders: readonly string[]
  /** Of a refusal. */
  readonly body: string
}

const urlOf = (url: string, { query = {} }: KnockOptions): URL => {
  const address = new URL(url)
  for (const [name, value] of Object.entries(query))
    address.searchParams.append(name, typeof value === 'string' ? value : JSON.stringify(value))
  return address
}

/** Opens a socket. Throws `ws`'s own error (`Unexpected server response: 401`) when it is refused. */
export async function open(url: string, options: KnockOptions, patience: number): Promise<Socket> {
  const ws = new WebSocket(urlOf(url, options), [...(options.protocols ?? [])], {
    headers: options.headers as Record<string, string>,
    handshakeTimeout: 30_000 + patience,
    rejectUnauthorized: !/localhost|127\.0\.0\.1/.test(url),
    ...options.ws,
  })
  const letters: string[] = []
  let end: { code: number; reason: string } | undefined
  ws.on('message', (data, isBinary) => {
    letters.push(isBinary ? `a binary frame: ${data}` : String(data))
  })
  ws.on('close', (code, reason) => {
    end = { code, reason: String(reason) }
  })
  await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
  ws.on('error', () => {})

  const socket: Socket = {
    ws,
    send: message =>
      ws.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)),
    async hears() {
      await until(() => letters.length > 0 || end !== undefined)
      assert.ok(
        letters.length > 0,
        end ? `closed with ${end.code} instead of a message` : `no message in ${patience / 1000} s`,
      )
      return letters.shift()!
    },
    hearsJson: async () => JSON.parse(await socket.hears()),
    async hasHeardNothing() {
      if (ws.readyState === WebSocket.OPEN) {
        const late = new AbortController()
        const callOff = fairTimeout(patience, () => late.abort())
        const pong = once(ws, 'pong', { signal: late.signal }).finally(callOff)
        ws.ping()
        await pong
      }
      assert.deepEqual(letters, [])
    },
    async closed() {
      await until(() => end !== undefined)
      assert.ok(end, `still open after ${patience / 1000} s`)
      return end
    },
  }
  return socket

  /** Resolves when it is so, or when patience is at its end. */
  function until(isSo: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const look = () => {
        if (isSo()) finish()
      }
      const finish = () => {
        callOff()
        ws.off('message', look).off('close', look)
        resolve()
      }
      const callOff = fairTimeout(patience, finish)
      ws.on('message', look).on('close', look)
      look()
    })
  }
}

/** Knocks with a request of its own making, and tells exactly how it was answered. A 101 is hung up on at once. */
export async function knock(url: string, options: KnockOptions, patience: number): Promise<Answer> {
  const address = urlOf(url, options)
  const secure = address.protocol === 'wss:' || address.protocol === 'https:'
  const protocol = options.protocols?.join(', ')
  const request = (secure ? https : http).request({
    host: address.hostname,
    port: address.port || (secure ? 443 : 80),
    path: `${address.pathname}${address.search}`,
    servername: address.hostname,
    rejectUnauthorized: !/localhost|127\.0\.0\.1/.test(address.hostname),
    timeout: 30_000 + patience,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...(protocol && { 'Sec-WebSocket-Protocol': protocol }),
      ...(options.headers as http.OutgoingHttpHeaders),
    },
    agent: false,
  })
  return new Promise((resolve, reject) => {
    request.on('upgrade', (response, socket) => {
      socket.on('error', () => {})
      socket.destroy()
      resolve(answerOf(response, ''))
    })
    request.on('response', async response => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve(answerOf(response, Buffer.concat(chunks).toString()))
    })
    request.on('timeout', () => request.destroy(new Error('no answer to the handshake')))
    request.on('error', reject)
    request.end()
  })
}

const answerOf = ({ statusCode = 0, headers, rawHeaders }: http.IncomingMessage, body: string): Answer => ({
  status: statusCode,
  headers,
  rawHeaders,
  body,
})
