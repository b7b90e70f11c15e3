import { batch, computed, signal } from '@preact/signals'
import { describer } from '../model/describe.ts'
import type { BenchState, WireEvent } from '../model/protocol.ts'
import type { Row } from '../model/row.ts'

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
/** Names that an event had when it was described: rows are described anew when there are more. */
let namesKnown = 0

/** Takes events in; `reset` when they are the whole history. */
export function addEvents(more: readonly WireEvent[], reset: boolean): void {
  if (reset) {
    describe = describer()
    events = []
  }
  events = [...events, ...more].slice(-KEPT)
  const { directory } = bench.value ?? {}
  if (!directory) return
  const old = reset ? [] : rows.value
  rows.value = [...old, ...more.map(event => describe(event, directory))].slice(-KEPT)
}

/** Takes the state in. */
export function setState(state: BenchState | undefined, isThere: boolean): void {
  batch(() => {
    connected.value = isThere
    if (!state) return
    bench.value = state
    const names = Object.keys(state.directory.names).length + Object.keys(state.directory.logGroups).length
    if (names === namesKnown && rows.value.length === events.length) return
    namesKnown = names
    describe = describer()
    rows.value = events.map(event => describe(event, state.directory))
  })
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
