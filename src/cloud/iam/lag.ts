/** What was so a while ago, by key. */
export interface Lag<Value> {
  /** From now on it is so; `undefined` is none. */
  put(key: string, value: Value | undefined): void
  /** What was so then. */
  seen(key: string): Value | undefined
}

/**
 * Sees every change only after `milliseconds`, as an IAM does whose changes are on their way. Without any it sees what is so.
 * Uses real time: callers that wait for IAM wait in real time too, and moving the clock must not make it faster.
 */
export function lagBy<Value>(milliseconds: number): Lag<Value> {
  const changes = new Map<string, { readonly at: number; readonly value: Value | undefined }[]>()

  return {
    put(key, value) {
      const known = forget(key)
      if (milliseconds === 0) known.length = 0
      if (milliseconds === 0 && value === undefined) return void changes.delete(key)
      changes.set(key, [...known, { at: performance.now(), value }])
    },
    seen(key) {
      const [first] = forget(key)
      return first && first.at <= performance.now() - milliseconds ? first.value : undefined
    },
  }

  /** Drops what has been overtaken: the first that is left is the one that is seen, once its time has come. */
  function forget(key: string) {
    const known = changes.get(key) ?? []
    const then = performance.now() - milliseconds
    while (known[1] && known[1].at <= then) known.shift()
    return known
  }
}
