import type { IncomingHttpHeaders } from 'node:http'
import * as ws from 'ws'

const NAME = 'permessage-deflate'

/** One offer as `ws` reads it: every value of every parameter. */
type Params = Record<string, unknown[]>

// The types do not know them yet.
const { extension, PerMessageDeflate } = ws as unknown as {
  extension: {
    parse(header: string): Record<string, Params[]>
    format(extensions: Record<string, Params[]>): string
  }
  PerMessageDeflate: new (options: object) => { accept(offers: readonly Params[]): unknown; cleanup(): void }
}

/**
 * Takes offers of compression that cannot be met out of a handshake, so that they are declined: the client is let in,
 * and its next offer is looked at (RFC 7692, 5.1 and 7). `ws` would refuse the whole handshake. A header that cannot
 * be read at all is left, to be refused.
 */
export function declineOffers(headers: IncomingHttpHeaders, options: object): void {
  const header = headers['sec-websocket-extensions']
  if (header === undefined) return
  const offered = offersIn(header)
  if (!offered) return
  const good = offered.filter(offer => isAcceptable(offer, options))
  if (good.length === offered.length) return
  if (good.length > 0) headers['sec-websocket-extensions'] = extension.format({ [NAME]: good })
  else delete headers['sec-websocket-extensions']
}

function offersIn(header: string): readonly Params[] | undefined {
  try {
    return extension.parse(header)[NAME] ?? []
  } catch {
    return undefined
  }
}

function isAcceptable(offer: Params, options: object): boolean {
  const negotiation = new PerMessageDeflate({ ...options, isServer: true })
  try {
    // It writes into what it is given.
    negotiation.accept([{ ...offer }])
    return true
  } catch {
    return false
  } finally {
    negotiation.cleanup()
  }
}
