/** Requests that are to be under way at the same time. Each is known by the connection that made it. */
export interface Meeting {
  /** Whether the meeting still waits for requests. */
  readonly isGathering: boolean
  /**
   * Runs `task` when everybody is there. Until it settles the connection takes part. `isGoodbye`: who sent it is not waiting for
   * anything any more.
   */
  attend<T>(connectionId: string, task: () => Promise<T>, isGoodbye?: boolean): Promise<T>
  /**
   * Holds something that a connection which takes part has led to. Resolves when everybody else who takes part is held as
   * well, or is done. Undefined for a connection that does not take part.
   */
  hold(connectionId: string): Promise<void> | undefined
  /** Somebody who was to send a request is through with it, or will send none. Goodbyes of theirs may still be on their way. */
  through(): void
  /** Lets everybody go on. */
  end(): void
}

/** What one connection has under way here. */
interface Part {
  requests: number
  readonly held: (() => void)[]
}

/** Calls for `expected` requests. `isAnybodyLeaving`: a connection is closing whose goodbye is still to come. */
export function callMeeting(expected: number, isAnybodyLeaving: () => boolean = () => false): Meeting {
  const parts = new Map<string, Part>()
  let came = 0
  /** Those who sent a request and wait for what comes of it. */
  let waiting = 0
  let through = 0
  let gathered = () => {}
  const everybodyIsThere = new Promise<void>(resolve => {
    gathered = resolve
  })
  let isGathering = expected > 0
  let isOver = false

  return {
    get isGathering() {
      return isGathering
    },
    async attend(connectionId, task, isGoodbye = false) {
      const part = parts.get(connectionId) ?? { requests: 0, held: [] }
      parts.set(connectionId, part)
      part.requests += 1
      came += 1
      if (!isGoodbye) waiting += 1
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
    through() {
      through += 1
      count()
    },
    end() {
      isOver = true
      isGathering = false
      gathered()
      release()
    },
  }

  function count() {
    if (!isGathering) return
    // A client that says goodbye is through at once, while its goodbye is on its way. All others wait for what they asked for.
    const nobodyElseComes = !isAnybodyLeaving() && waiting >= expected - through
    if (came < expected && !nobodyElseComes) return
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
