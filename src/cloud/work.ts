/** Counts what is under way, so that somebody can wait until nothing is. */
export interface Work {
  /** The same promise, counted until it is settled. */
  add<T>(promise: Promise<T>): Promise<T>
  settled(): Promise<void>
  isIdle(): boolean
}

export function countWork(): Work {
  const underWay = new Set<Promise<unknown>>()
  return {
    add(promise) {
      underWay.add(promise)
      const over = () => underWay.delete(promise)
      promise.then(over, over)
      return promise
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    isIdle: () => underWay.size === 0,
  }
}
