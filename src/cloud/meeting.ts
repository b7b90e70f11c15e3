/** Requests that are to be under way at the same time. Each is known by the connection that made it. */
export interface Meeting {
  /** Whether the meeting still waits for requests. */
  readonly isGathering: boolean
  /** Runs `task` when everybody is there. Until it settles the connection takes part. */
  attend<T>(connectionId: string, task: () => Promise<T>): Promise<T>
  /**
   * Holds something that a connection which takes part has led to. Resolves when everybody else who takes part is held as
   * well, or is done. Undefined for a connection that does not take part.
   */
  hold(connectionId: string): Promise<void> | undefined
  /** One request fewer will come. */
  fewer(): void
  /** Lets everybody go on. */
  end(): void
}

/** What one connection has under way here. */
interface Part {
  requests: number
  readonly held: (() => void)[]
}

/** Calls for `expected` requests. */
export function callMeeting(expected: number): Meeting {
  const parts = new Map<string, Part>()
  let missing = expected
  let gathered = () => {}
  const everybodyIsThere = new Promise<void>(resolve => {
    gathered = resolve
  })
  let isGathering = missing > 0
  let isOver = false

  return {
    get isGathering() {
      return isGathering
    },
    async attend(connectionId, task) {
      const part = parts.get(connectionId) ?? { requests: 0, held: [] }
      parts.set(connectionId, part)
      part.requests += 1
      count()
      await everybodyIsThere
      try {
        return await task()
      } finally {
        part.requests -= 1
        if (part.requests === 0) {
          for (const goOn of part.held.splice(0)) goOn()
          parts.delete(connectionId)
        }
        look()
      }
    },
    hold(connectionId) {
      const part = parts.get(connectionId)
      if (!part || isOver) return undefined
      return new Promise(resolve => {
        part.held.push(resolve)
        look()
      })
    },
    fewer: count,
    end() {
      isOver = true
      isGathering = false
      gathered()
      release()
    },
  }

  function count() {
    missing -= 1
    if (missing > 0 || !isGathering) return
    isGathering = false
    gathered()
  }

  /** A connection with two requests under way is held when both are. */
  function look() {
    if ([...parts.values()].every(({ requests, held }) => held.length >= requests)) release()
  }

  function release() {
    for (const { held } of parts.values()) for (const goOn of held.splice(0)) goOn()
  }
}
