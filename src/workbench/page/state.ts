import { batch, computed, signal } from '@preact/signals'
import { describer } from '../model/describe.ts'
import type { BenchState, Directory, WireEvent } from '../model/protocol.ts'
import type { Row } from '../model/row.ts'

/** Whether this page is a report: it has no server that could do something. */
export const isReport = document.getElementById('recorded') !== null

/** What the server said last of the workbench. */
export const bench = signal<BenchState | undefined>(undefined)
/** Whether the server is still there. */
export const connected = signal(true)
/** Every event as a row, oldest first. The array is replaced, its rows are kept. */
export const rows = signal<readonly Row[]>([])

/** As many as the cloud keeps. */
const KEPT = 10_000

let describe = describer()
let events: WireEvent[] = []
/** What clients are called, by the connectionId. */
let clients: Record<string, string> = {}
/** Names that an event had when it was described: rows are described anew when there are more. */
let namesKnown = 0

/** Takes events in, and what their clients are called; `reset` when they are the whole history. */
export function addEvents(
  more: readonly WireEvent[],
  names: Readonly<Record<string, string>>,
  reset: boolean,
): void {
  if (reset) events = []
  clients = { ...(reset ? {} : clients), ...names }
  events = [...events, ...more].slice(-KEPT)
  const directory = namesNow()
  if (!directory) return
  if (reset || Object.keys(names).some(hasCome)) describeAll(directory)
  else rows.value = [...rows.value, ...more.map(event => describe(event, directory))].slice(-KEPT)
}

/** Takes the state in. */
export function setState(state: BenchState | undefined, isThere: boolean): void {
  batch(() => {
    connected.value = isThere
    if (!state) return
    bench.value = state
    const { names, logGroups } = state.directory
    const count = Object.keys(names).length + Object.keys(logGroups).length
    if (count === namesKnown && rows.value.length === events.length) return
    namesKnown = count
    describeAll(namesNow()!)
  })
}

function namesNow(): Directory | undefined {
  const { directory } = bench.value ?? {}
  return directory && { ...directory, clients }
}

/** Whether this connection is in a row already, without its name. */
const hasCome = (connectionId: string): boolean =>
  rows.value.findLast(({ event }) => event.kind === 'handshake' && event.connectionId === connectionId) !==
  undefined

function describeAll(directory: Directory): void {
  describe = describer()
  rows.value = events.map(event => describe(event, directory))
}

/** Where people are: `#/wire`, `#/read/docs/routes.md~forbidden`. */
export const place = signal(location.hash.slice(2) || '')
addEventListener('hashchange', () => {
  place.value = location.hash.slice(2)
})
export const go = (to: string): void => {
  location.hash = `#/${to}`
}

/** The lab that people have chosen, or the one that is the next to do. */
const chosenId = signal<string | undefined>(undefined)
export const choose = (id: string): void => {
  chosenId.value = id
}
export const chosen = computed(() => {
  const labs = bench.value?.labs ?? []
  const id = chosenId.value ?? bench.value?.check?.lab ?? bench.value?.standing?.lab
  return labs.find(lab => lab.id === id) ?? labs.find(lab => !lab.passed) ?? labs[0]
})
