import type { WireEvent } from './protocol.ts'

type Linked = Pick<WireEvent, 'id' | 'causedBy'>

/** Who caused whom among the events that are kept. A cause may be forgotten, or come later than what it caused. */
export interface Causes {
  /** What made this event happen, the first cause first. */
  before(id: number): readonly number[]
  /** What this event made happen, directly. */
  after(id: number): readonly number[]
  /** The whole tree that an event belongs to. */
  tree(id: number): ReadonlySet<number>
}

/** Reads the causes of events. */
export function causesOf(events: readonly Linked[]): Causes {
  const causes = new Map<number, number>()
  const effects = new Map<number, number[]>()
  for (const { id, causedBy } of events) {
    if (causedBy === undefined || causedBy === id) continue
    causes.set(id, causedBy)
    const known = effects.get(causedBy)
    if (known) known.push(id)
    else effects.set(causedBy, [id])
  }
  const after = (id: number) => effects.get(id) ?? []

  function before(id: number): number[] {
    const way: number[] = []
    for (let one = causes.get(id); one !== undefined && !way.includes(one); one = causes.get(one))
      way.unshift(one)
    return way
  }

  return {
    before,
    after,
    tree(id) {
      const found = new Set([before(id)[0] ?? id])
      // A set is walked in the order in which it grows.
      for (const one of found) for (const next of after(one)) found.add(next)
      return found
    },
  }
}
