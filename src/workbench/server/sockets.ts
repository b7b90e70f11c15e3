import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { requested } from '../../machine/requested.ts'

/** Headers that are the browser's business with the workbench, not with the stage. */
const KEPT_BACK = new Set(['cookie', 'host', 'origin'])

/**
 * Takes a page's socket to a stage: the handshake is written anew for the stage's own port, and then every byte goes
 * through as it is. `sockets` are the stages that there are: a page reaches nothing else.
 */
export function takeToStage(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  sockets: readonly string[],
): void {
  const asked = requested(request.url)
  const stage = asked.searchParams.get('stage') ?? ''
  if (!sockets.includes(stage)) {
    return void socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\nThere is no such stage.')
  }
  const to = new URL(stage)
  const query = asked.searchParams.get('query')
  const lines = [`GET ${to.pathname}${query ? `?${query}` : ''} HTTP/1.1`, `Host: ${to.host}`]
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at]!
    if (!KEPT_BACK.has(name.toLowerCase())) lines.push(`${name}: ${request.rawHeaders[at + 1]}`)
  }
  const stageSide = connect(Number(to.port), to.hostname === 'localhost' ? '127.0.0.1' : to.hostname)
  const end = () => {
    stageSide.destroy()
    socket.destroy()
  }
  stageSide.once('error', end).once('close', end)
  socket.once('error', end).once('close', end)
  stageSide.once('connect', () => {
    stageSide.write(`${lines.join('\r\n')}\r\n\r\n`)
    if (head.length > 0) stageSide.write(head)
    stageSide.pipe(socket).pipe(stageSide)
  })
}
