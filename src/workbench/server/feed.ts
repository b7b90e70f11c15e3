import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Events } from '../../cloud/events.ts'
import type { BenchState, WireEvent } from '../model/protocol.ts'
import type { ClientNames } from './client-names.ts'
import { begin } from './http.ts'

/** What pages are told as it happens: by server-sent events. */
export interface Feed {
  /** Tells one more page, from the beginning. */
  join(request: IncomingMessage, response: ServerResponse): void
  /** Tells all pages the state as it is now. Calls within one moment count as one. */
  changed(): void
  close(): void
}

/** How long events are gathered before they are sent, in milliseconds: a frame of the screen. */
const GATHER = 16

/** Starts a feed of a cloud's events and of the workbench's state. */
export function startFeed(events: Events, clients: ClientNames, state: () => Promise<BenchState>): Feed {
  const pages = new Set<ServerResponse>()
  let gathered: WireEvent[] = []
  let timer: NodeJS.Timeout | undefined
  let isStateDue = false
  const stop = events.subscribe(event => {
    gathered.push(event)
    if (event.kind === 'resource') isStateDue = true
    soon()
  })

  return {
    join(request, response) {
      begin(response, 200, 'text/event-stream')
      say(response, 'events', { reset: true, events: events.history(), clients: clients.all() })
      void state().then(now => say(response, 'state', now))
      pages.add(response)
      request.once('close', () => pages.delete(response))
    },
    changed() {
      isStateDue = true
      soon()
    },
    close() {
      stop()
      clearTimeout(timer)
      for (const page of pages) page.end()
    },
  }

  function soon() {
    timer ??= setTimeout(() => void tell(), GATHER)
  }

  async function tell() {
    timer = undefined
    const batch = gathered
    gathered = []
    if (isStateDue) {
      isStateDue = false
      const now = await state()
      for (const page of pages) say(page, 'state', now)
    }
    if (batch.length === 0) return
    const news = { events: batch, clients: clients.news() }
    for (const page of pages) say(page, 'events', news)
  }
}

const say = (page: ServerResponse, name: string, data: unknown): boolean =>
  page.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
