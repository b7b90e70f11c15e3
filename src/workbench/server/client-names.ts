import type { Events } from '../../cloud/events.ts'
import { nameOfPort } from '../../machine/named-ports.ts'
import { remember } from '../model/remember.ts'

/** What clients are called by those who connected them from this process: a check, or the page. */
export interface ClientNames {
  /** By the connectionId. */
  all(): Readonly<Record<string, string>>
  /** Those that have become known since the last call. */
  news(): Readonly<Record<string, string>>
  /** The connectionId of the last client that came from this port. */
  at(port: number): string | undefined
}

/** Learns which connection is whose: by the port from which its handshake came. */
export function keepClientNames(events: Pick<Events, 'subscribe'>): ClientNames {
  /** By the `knock` event. */
  const ports = new Map<number, number>()
  const byPort = new Map<number, string>()
  const nameless = new Map<string, { readonly port: number; readonly at: number }>()
  const known = new Map<string, string>()
  const fresh = new Map<string, string>()

  events.subscribe(event => {
    if (event.kind === 'knock' && event.port !== undefined) remember(ports, event.id, event.port)
    if (event.kind !== 'handshake' || event.connectionId === undefined) return
    const port = ports.get(event.causedBy ?? -1)
    if (port === undefined) return
    remember(byPort, port, event.connectionId)
    remember(nameless, event.connectionId, { port, at: performance.now() })
  })

  function resolve(): void {
    for (const [connectionId, { port, at }] of nameless) {
      const name = nameOfPort(port, at)
      if (name === undefined) continue
      nameless.delete(connectionId)
      remember(known, connectionId, name)
      remember(fresh, connectionId, name)
    }
  }
  return {
    all() {
      resolve()
      return Object.fromEntries(known)
    },
    news() {
      resolve()
      const news = Object.fromEntries(fresh)
      fresh.clear()
      return news
    },
    at: port => byPort.get(port),
  }
}
