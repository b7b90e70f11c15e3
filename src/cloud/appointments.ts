/** Something that is to be done at a time. */
export interface Appointment {
  /** Milliseconds since the epoch. */
  readonly due: number
  readonly task: () => void
}

/** What is to be done, the soonest first; of two that are due at the same time, the one that was made first. */
export interface Appointments {
  add(due: number, task: () => void): Appointment
  /** Whether it was still to come. */
  callOff(appointment: Appointment): boolean
  soonest(): Appointment | undefined
  clear(): void
}

interface Entry extends Appointment {
  readonly order: number
  isOff: boolean
}

/**
 * A binary heap. Every message makes an appointment and calls it off again, with thousands of clients' appointments beside
 * it: neither may look at all of them. One that is called off stays until it comes to the top, or most of them are off.
 */
export function appointments(): Appointments {
  let heap: Entry[] = []
  let made = 0
  let off = 0

  return {
    add(due, task) {
      const entry: Entry = { due, task, order: made++, isOff: false }
      heap.push(entry)
      rise(heap.length - 1)
      return entry
    },
    callOff(appointment) {
      const entry = appointment as Entry
      if (entry.isOff) return false
      entry.isOff = true
      off++
      if (off > 64 && off > heap.length / 2) forgetThoseOff()
      return true
    },
    soonest() {
      while (heap[0]?.isOff) takeFirst()
      return heap[0]
    },
    clear() {
      for (const entry of heap) entry.isOff = true
      heap = []
      off = 0
    },
  }

  function takeFirst(): void {
    const last = heap.pop()!
    off--
    if (heap.length === 0) return
    heap[0] = last
    sink(0)
  }

  function forgetThoseOff(): void {
    heap = heap.filter(entry => !entry.isOff)
    off = 0
    for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(at)
  }

  function rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!comesBefore(heap[at]!, heap[parent]!)) return
      swap(at, parent)
      at = parent
    }
  }

  function sink(from: number): void {
    for (let at = from; ; ) {
      const left = 2 * at + 1
      const right = left + 1
      let first = at
      if (left < heap.length && comesBefore(heap[left]!, heap[first]!)) first = left
      if (right < heap.length && comesBefore(heap[right]!, heap[first]!)) first = right
      if (first === at) return
      swap(at, first)
      at = first
    }
  }

  function swap(a: number, b: number): void {
    const held = heap[a]!
    heap[a] = heap[b]!
    heap[b] = held
  }
}

const comesBefore = (a: Entry, b: Entry): boolean => a.due < b.due || (a.due === b.due && a.order < b.order)
