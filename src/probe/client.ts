import { once } from 'node:events'
import { WebSocket } from 'ws'
import { fairSignal } from '../machine/fair-timer.ts'
import { namePort } from '../machine/named-ports.ts'
import { inbox } from './inbox.ts'
import { type Line, lineOf } from './line.ts'
import type { Client, Closed, ConnectOptions } from './people.ts'
import { signedUrl } from './signed-url.ts'
import { cannotTell, type Silence } from './silence.ts'
import { inAStep, type Transcript } from './transcript.ts'
import { Unmet } from './unmet.ts'
import { networkCode, Unreachable } from './unreachable.ts'

/** API Gateway waits this long for `$connect` at most, in milliseconds (facts: C15): before then a handshake may still be answered. */
const INTEGRATION_TIMEOUT = 29_000

/** What comes of knocking: a client who is in, or the HTTP status with which the handshake was refused. */
export type Knock = { readonly client: Client; readonly line: Line } | { readonly refused: number }

/**
 * Opens a socket. Answers with a refusal's status instead of throwing.
 *
 * @throws Unmet when what answers is no WebSocket handshake, and Unreachable when there is no connection.
 */
export async function knock(
  url: string | URL,
  name: string,
  options: ConnectOptions,
  transcript: Transcript,
  patience: number,
  silence: Silence = cannotTell,
): Promise<Knock> {
  const unsigned = new URL(url)
  for (const [key, value] of Object.entries(options.query ?? {})) unsigned.searchParams.append(key, value)
  const address = options.signedBy ? await signedUrl(unsigned, options.signedBy) : unsigned

  const socket = new WebSocket(address, [...(options.protocols ?? [])], {
    headers: options.headers ?? {},
    handshakeTimeout: INTEGRATION_TIMEOUT + patience,
  })
  // The workbench can then call the connection by this name.
  socket.once('upgrade', response => namePort(response.socket.localPort, name))
  const client = clientOn(socket, name, transcript, patience, silence)
  const refusal = await handshake(socket)
  if (refusal instanceof Error && networkCode(refusal)) throw new Unreachable(unsigned.host, refusal)
  if (refusal === undefined) {
    transcript.frame(`${name} connected (101)`)
    return { client, line: lineOf(socket) }
  }
  if (typeof refusal === 'number') {
    transcript.frame(`${name} was refused (${refusal})`)
    return { refused: refusal }
  }
  const observed = refusal.message || String(refusal)
  transcript.frame(`${name} could not connect: ${observed}`)
  if (/timed out/.test(observed)) transcript.ranOut()
  throw new Unmet({ expected: `an answer to ${name}'s handshake`, observed })
}

/** Undefined once open, the status of a refusal, or any other failure. */
function handshake(socket: WebSocket): Promise<number | Error | undefined> {
  return new Promise(resolve => {
    socket.once('open', () => resolve(undefined))
    socket.once('unexpected-response', (request, response) => {
      response.resume()
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.once('error', resolve)
  })
}

/** The client at this end of `socket`. Listens from the first moment, so that no frame is missed. */
function clientOn(
  socket: WebSocket,
  name: string,
  transcript: Transcript,
  patience: number,
  silence: Silence,
): Client {
  const messages = inbox(name, transcript, patience, undefined, silence)
  let closed: Closed | undefined

  socket.on('message', data => {
    transcript.frame(`${name} < ${data}`)
    messages.put(String(data))
  })
  socket.on('close', (code, reason) => {
    closed = { code, reason: String(reason) }
    transcript.frame(`${name} closed ${code}${reason.length > 0 ? ` ${JSON.stringify(String(reason))}` : ''}`)
    messages.end(`the connection was closed with ${code}`)
  })
  // A socket error is always followed by a close, which tells the same.
  socket.on('error', () => {})

  return {
    name,
    sendAll(messages) {
      const [first, ...others] = messages.map(asText)
      if (first === undefined) return
      transcript.step(`${name} sent ${messages.length} messages at once, the first of them ${inAStep(first)}`)
      transcript.frame(`${name} > ${first}`)
      for (const text of [first, ...others]) socket.send(text)
      if (others.length > 0) transcript.frame(`${name} > (and ${others.length} more)`)
    },
    send(message) {
      const text = asText(message)
      transcript.step(`${name} sent ${inAStep(text)}`)
      transcript.frame(`${name} > ${text}`)
      socket.send(text)
    },
    hears: messages.take,
    hearsNothing: messages.refuse,
    get unheard() {
      return messages.left()
    },
    async isClosed({ code } = {}) {
      await settled(socket, patience, transcript)
      if (closed && (code === undefined || closed.code === code)) return closed
      throw new Unmet({
        expected: `${name}'s connection to be closed${code === undefined ? '' : ` with ${code}`}`,
        observed: closed ? `it was closed with ${closed.code}` : 'it stayed open',
      })
    },
    async isStillThere() {
      const answered = socket.readyState === WebSocket.OPEN && (await pong(socket, patience, transcript))
      if (answered) return
      throw new Unmet({
        expected: `${name}'s connection to stay open`,
        observed: closed ? `it was closed with ${closed.code}` : 'it no longer answers',
      })
    },
    async leave(code, reason) {
      if (socket.readyState === WebSocket.CLOSED) return
      transcript.step(`${name} left`)
      socket.close(code, reason)
      await settled(socket, patience, transcript)
      if (!closed) socket.terminate()
    },
    vanish() {
      transcript.step(`${name}'s line was cut`)
      socket.terminate()
    },
  }
}

const asText = (message: unknown): string => (typeof message === 'string' ? message : JSON.stringify(message))

async function settled(socket: WebSocket, patience: number, transcript: Transcript): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return
  await once(socket, 'close', { signal: fairSignal(patience) }).catch(error => noteTimeout(error, transcript))
}

async function pong(socket: WebSocket, patience: number, transcript: Transcript): Promise<boolean> {
  const answer = once(socket, 'pong', { signal: fairSignal(patience) })
  socket.ping()
  return answer.then(
    () => true,
    error => {
      noteTimeout(error, transcript)
      return false
    },
  )
}

function noteTimeout(error: unknown, transcript: Transcript): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error
  transcript.ranOut()
}
