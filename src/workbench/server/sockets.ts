import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Cloud } from '../../cloud/cloud.ts'
import { namePort } from '../../machine/named-ports.ts'
import { requested } from '../../machine/requested.ts'
import { signedUrl } from '../../probe/signed-url.ts'
import { headersIn } from '../model/stage.ts'

/** Headers that are the browser's business with the workbench, not with the stage. */
const KEPT_BACK = new Set(['cookie', 'host', 'origin'])

/** Sockets of pages to stages. */
export interface Tunnels {
  /**
   * Takes a page's socket to a stage: the handshake is written anew for the stage's own port, and then every byte goes through as it is.
   * A page reaches nothing but stages. The query says which (`stage`), what the stage's query is (`query`), what the client is called
   * (`name`) and by which key the page knows it (`client`), which headers are added (`headers`), and whether it is signed as IAM asks
   * (`sign`).
   */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  /** The port from which a client of a page talks to its stage, while it does. */
  portOf(client: string): number | undefined
  close(): void
}

/** Opens the way to the stages of a cloud. */
export function openTunnels(cloud: Cloud): Tunnels {
  const ends = new Set<Duplex>()
  const ports = new Map<string, number>()

  return {
    async take(request, socket, head) {
      ends.add(socket)
      socket.once('close', () => ends.delete(socket))
      const asked = requested(request.url).searchParams
      const stage = asked.get('stage') ?? ''
      if (!cloud.sockets().includes(stage)) {
        return void socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\nThere is no such stage.')
      }
      const address = await addressOf(stage, asked)
      if (socket.destroyed) return
      const [name, client] = [asked.get('name'), asked.get('client')]
      pass(address, handshakeOf(request, address, asked), socket, head, port => {
        if (name) namePort(port, name)
        if (!client) return
        ports.set(client, port)
        socket.once('close', () => ports.delete(client))
      })
    },
    portOf: client => ports.get(client),
    close() {
      for (const end of ends) end.destroy()
    },
  }

  async function addressOf(stage: string, asked: URLSearchParams): Promise<URL> {
    const address = new URL(stage)
    address.search = asked.get('query') ?? ''
    if (!asked.has('sign')) return address
    const credentials = cloud.credentials
    return signedUrl(address, { credentials, region: cloud.account.region })
  }
}

/** The head of the handshake as the stage is to see it. */
function handshakeOf(request: IncomingMessage, { pathname, search, host }: URL, asked: URLSearchParams) {
  const lines = [`GET ${pathname}${search} HTTP/1.1`, `Host: ${host}`]
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at]!
    if (!KEPT_BACK.has(name.toLowerCase())) lines.push(`${name}: ${request.rawHeaders[at + 1]}`)
  }
  for (const [name, value] of headersIn(asked.get('headers') ?? '')) lines.push(`${name}: ${value}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

function pass(
  { hostname, port }: URL,
  handshake: string,
  socket: Duplex,
  head: Buffer,
  begins: (localPort: number) => void,
) {
  const stageSide = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname)
  const end = () => {
    stageSide.destroy()
    socket.destroy()
  }
  stageSide.once('error', end).once('close', end)
  socket.once('error', end).once('close', end)
  stageSide.once('connect', () => {
    begins(stageSide.localPort!)
    stageSide.write(handshake)
    if (head.length > 0) stageSide.write(head)
    stageSide.pipe(socket).pipe(stageSide)
  })
}
