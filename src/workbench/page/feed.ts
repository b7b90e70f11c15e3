import type { BenchState, CheckState, Directory, WireEvent } from '../model/protocol.ts'
import { addEvents, setState } from './state.ts'

/** What a report carries inside it, in place of a server. */
export interface Recorded {
  readonly check: CheckState
  readonly events: readonly WireEvent[]
  readonly directory: Directory
}

/** Follows the workbench from now on; in a report, reads what it carries. */
export function listen(): void {
  const recorded = document.getElementById('recorded')?.textContent
  if (recorded) {
    replay(JSON.parse(recorded))
    return
  }
  const source = new EventSource('/api/feed')
  source.addEventListener('events', ({ data }) => {
    const { reset, events } = JSON.parse(data)
    addEvents(events, reset === true)
  })
  source.addEventListener('state', ({ data }) => setState(JSON.parse(data), true))
  source.onerror = () => setState(undefined, false)
}

function replay({ check, events, directory }: Recorded): void {
  const state: BenchState = {
    labs: [],
    withoutLabs: 'This is a report.',
    up: [],
    sockets: [],
    clockAhead: 0,
    check,
    directory,
  }
  setState(state, true)
  addEvents(events, true)
}
