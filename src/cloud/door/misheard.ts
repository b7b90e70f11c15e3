import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** How long a client may take to read such an answer and hang up, in milliseconds: a line that is cut while it still sends may cost it the answer. */
const LINGER = 1000

/**
 * Answers what is no HTTP request, is too large for one or does not come to its end, and hangs up. What AWS says then was not captured;
 * assumed: the status that HTTP has for it, and nothing else.
 */
export function answerMisheard(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>()
  const refused = new WeakSet<Duplex>()
  server.on('request', ({ socket }: IncomingMessage, response) => answers.set(socket, response))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // It goes on sending, and none of that is any better.
    if (refused.has(socket)) return
    const answer = answers.get(socket)
    const isInAnAnswer = answer?.headersSent && !answer.writableFinished
    const status = statusOf(error.code ?? '')
    // What broke below HTTP, a TLS handshake for one, has nobody to be answered.
    if (!status || !socket.writable || isInAnAnswer) return void socket.destroy()
    refused.add(socket)
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
    setTimeout(() => socket.destroy(), LINGER).unref()
  })
}

/** By the names that Node and its parser give such errors. */
const statusOf = (code: string) => STATUSES[code] ?? (code.startsWith('HPE_') ? 400 : undefined)

const STATUSES: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
}
