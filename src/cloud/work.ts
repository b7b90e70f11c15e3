/** Counts what is under way, so that somebody can wait until nothing is. */
export interface Work {
  /** Something has begun. The answer ends it; called again, it does nothing. */
  begin(): () => void
  /** The same promise, counted until it is settled. */
  add<T>(promise: Promise<T>): Promise<T>
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
  isIdle(): boolean
  /** How much has ever begun. */
  readonly begun: number
}

/** Starts with nothing under way. `whole` counts the same, too: this is a part of it. */
export function countWork(whole?: Work): Work {
  let underWay = 0
  let begun = 0
  const waiting: (() => void)[] = []

  const work: Work = {
    get begun() {
      return begun
    },
    isIdle: () => underWay === 0,
    begin() {
      const endThere = whole?.begin()
      let isOver = false
      underWay += 1
      begun += 1
      return () => {
        if (isOver) return
        isOver = true
        underWay -= 1
        if (underWay === 0) for (const tell of waiting.splice(0)) tell()
        endThere?.()
      }
    },
    add(promise) {
      promise.then(...both(work.begin()))
      return promise
    },
    async settled() {
      while (underWay > 0) {
        await new Promise<void>(resolve => {
          waiting.push(resolve)
        })
      }
    },
  }
  return work
}

const both = (end: () => void) => [end, end] as const
