import type { Staffed } from './capacity.ts'

/** Instances up to this number are started so that an event meets one that knows nothing of its connection. */
const INSTANCES = 3

/** Which instance is given which event while events are spread. */
export interface Rotation {
  /** Notes that an instance is given an event. */
  note(staffed: Staffed, connectionId: string | undefined): void
  /** The idle instance that an event is to go to, of `instances` that have started. Undefined: it is to wait for another one. */
  choose(idle: readonly Staffed[], connectionId: string | undefined, instances: number): Staffed | undefined
}

/** Starts without any event. */
export function rotation(): Rotation {
  /** When each instance was last given an event of each connection, by a count. An empty id stands for all events. */
  const given = new WeakMap<Staffed, Map<string, number>>()
  let last: Staffed | undefined
  let count = 0
  const when = (staffed: Staffed, connectionId: string) => given.get(staffed)?.get(connectionId) ?? 0

  return {
    note(staffed, connectionId = '') {
      count += 1
      last = staffed
      const times = given.get(staffed) ?? new Map<string, number>()
      given.set(staffed, times.set(connectionId, count).set('', count))
    },
    choose(idle, connectionId = '', instances) {
      const others = idle
        .filter(staffed => staffed !== last)
        .sort((a, b) => when(a, connectionId) - when(b, connectionId) || when(a, '') - when(b, ''))
      const [first] = others
      const knowsIt = first !== undefined && when(first, connectionId) > 0
      return knowsIt && instances < INSTANCES ? undefined : first
    },
  }
}
