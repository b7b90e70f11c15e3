import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { declineOffers } from './compression-offers.ts'
import { MAX_MESSAGE_BYTES } from './frame-size.ts'

/** Who decides about a handshake and takes what comes of it. */
export interface Reception {
  /** Asked once the handshake's form is right: go on to the 101, and with which subprotocol? The callee answers the client itself when it says no. */
  judge(): Promise<{ readonly protocol?: string | undefined } | undefined>
  /** Called as the 101 goes out, before anything is read. */
  opened(socket: WebSocket): void
  /** The client was gone before its 101. */
  left(): void
  /** The handshake's form is wrong, and the client is still without an answer. */
  malformed(error: Error): void
}

/** How long a client may take to hang up once it has been told to, in milliseconds of real time: its socket is ours until then. */
const CLOSE_TIMEOUT = 5000

/**
 * The client's window is never limited, the server's only if the client asks: in the capture it had asked for 12
 * (facts: A21). The types know numbers only.
 */
const COMPRESSION = { clientMaxWindowBits: false as unknown as number }

interface Visit extends Reception {
  protocol?: string | undefined
  isOpen?: true
}

/** Speaks the WebSocket protocol with `ws`, and says 101 as API Gateway says it (facts: A21, A22, A23). */
export function upgradeServer() {
  const visits = new WeakMap<IncomingMessage, Visit>()
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    // The types do not know it yet.
    ...{ closeTimeout: CLOSE_TIMEOUT },
    // The switchboard answers them: `ws` breaks a client off that sends sixty at once.
    autoPong: false,
    perMessageDeflate: COMPRESSION,
    handleProtocols: () => false,
    verifyClient: ({ req }: { req: IncomingMessage }, done: (verified: boolean) => void) => {
      const visit = visits.get(req)!
      void visit.judge().then(verdict => {
        if (!verdict) return
        visit.protocol = verdict.protocol
        done(true)
        if (!visit.isOpen) visit.left()
      })
    },
  })
  server.on('wsClientError', (error, _socket, request) => visits.get(request)!.malformed(error))
  server.on('headers', (lines, request) => {
    const { protocol } = visits.get(request)!
    const chosen = protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]
    lines.splice(0, lines.length, ...lines.map(asCaptured), ...chosen)
  })

  return (request: IncomingMessage, socket: Duplex, head: Buffer, reception: Reception): void => {
    // `ws` asks for neither (RFC 6455, 4.2.1).
    const lacking =
      request.httpVersion !== '1.1' ? 'Invalid HTTP version' : !request.headers.host && 'Missing Host header'
    if (lacking) return void reception.malformed(new Error(lacking))
    declineOffers(request.headers, COMPRESSION)
    const visit: Visit = { ...reception }
    visits.set(request, visit)
    server.handleUpgrade(request, socket, head, opened => {
      visit.isOpen = true
      visit.opened(opened)
    })
  }
}

/** The spelling of the captured 101: names in lower case but for `Connection`, extension parameters without spaces (facts: A21). */
function asCaptured(line: string): string {
  const colon = line.indexOf(':')
  if (colon < 0) return line
  const name = line.slice(0, colon).toLowerCase()
  const value = line.slice(colon + 2)
  if (name === 'connection') return 'Connection: upgrade'
  return `${name}: ${name === 'sec-websocket-extensions' ? value.replaceAll('; ', ';') : value}`
}
