import type { BenchState, CheckState, Directory, WireEvent } from '../model/protocol.ts'
import { addEvents, setState } from './state.ts'

/** What a report carries inside it, in place of a server. */
export interface Recorded {
  readonly check: CheckState
  readonly events: readonly WireEvent[]
  readonly directory: Directory
}

/** Events, and what clients are called. */
interface News {
  readonly reset?: boolean
  readonly events: readonly WireEvent[]
  readonly clients: Readonly<Record<string, string>>
}

/** How long a page that is not seen waits, in milliseconds. */
const HIDDEN = 250
/** How long the page has at least between two times that it is drawn, in milliseconds. */
const BREATH = 50

/** Follows the workbench from now on; in a report, reads what it carries. */
export function listen(): void {
  const recorded = document.getElementById('recorded')?.textContent
  if (recorded) {
    replay(JSON.parse(recorded))
    return
  }
  const source = new EventSource('/api/feed')
  source.addEventListener('events', ({ data }) => take(JSON.parse(data)))
  source.addEventListener('state', ({ data }) => setState(JSON.parse(data), true))
  source.onerror = () => setState(undefined, false)
}

/** What has come since the page was last drawn. Thousands of events a second must leave time to scroll. */
let gathered: WireEvent[] = []
let names: Record<string, string> = {}
let isDue = false
let passedAt = 0

function take({ reset, events, clients }: News): void {
  if (reset) {
    gathered = []
    names = {}
    addEvents(events, clients, true)
    return
  }
  gathered.push(...events)
  Object.assign(names, clients)
  if (isDue) return
  isDue = true
  // A page that nobody sees draws no frames, and still has to keep up.
  if (document.hidden) setTimeout(pass, HIDDEN)
  else setTimeout(() => requestAnimationFrame(pass), Math.max(0, passedAt + BREATH - performance.now()))
}

function pass(): void {
  isDue = false
  passedAt = performance.now()
  const [events, clients] = [gathered, names]
  gathered = []
  names = {}
  if (events.length > 0 || Object.keys(clients).length > 0) addEvents(events, clients, false)
}

function replay({ check, events, directory }: Recorded): void {
  const state: BenchState = {
    labs: [],
    withoutLabs: 'This is a report.',
    up: [],
    sockets: [],
    clockAhead: 0,
    cannot: {},
    check,
    directory,
  }
  setState(state, true)
  addEvents(events, directory.clients ?? {}, true)
}
