/** Whether an instance stands still: it has done what it was given, and waits for more. */
export interface Standstill {
  /** Something is given to it. */
  given(): void
  /** It says that it stands still. It does so once before anything is given to it, and once after each thing. */
  said(): void
  ended(): void
  /** Resolves when it stands still, or has ended. */
  reached(): Promise<void>
}

/** Starts with an instance that is starting. */
export function standstill(): Standstill {
  const waiting: (() => void)[] = []
  let given = 0
  let said = 0
  let hasEnded = false

  return {
    given() {
      given += 1
    },
    said() {
      said += 1
      look()
    },
    ended() {
      hasEnded = true
      look()
    },
    reached: () =>
      new Promise(resolve => {
        waiting.push(resolve)
        look()
      }),
  }

  function look() {
    if (said <= given && !hasEnded) return
    for (const tell of waiting.splice(0)) tell()
  }
}
