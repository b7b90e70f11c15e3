/** Lets many in together, or one alone, in the order in which they came. */
export interface Gate {
  /** Ordinary requests: side by side. */
  together<T>(task: () => Promise<T>): Promise<T>
  /** Transactions: nobody else inside, so that nobody sees them half done. */
  alone<T>(task: () => Promise<T>): Promise<T>
}

/** Opens a gate with nobody inside. */
export function openGate(): Gate {
  const queue: { readonly alone: boolean; readonly enter: () => void }[] = []
  let inside = 0
  let taken = false

  return {
    together: task => run(false, task),
    alone: task => run(true, task),
  }

  async function run<T>(alone: boolean, task: () => Promise<T>): Promise<T> {
    if (queue.length > 0 || !mayEnter(alone)) {
      await new Promise<void>(enter => queue.push({ alone, enter }))
    } else {
      take(alone)
    }
    try {
      return await task()
    } finally {
      inside--
      taken = false
      admit()
    }
  }

  function mayEnter(alone: boolean) {
    return !taken && (!alone || inside === 0)
  }

  // Those who are let in are counted here, before their promise has gone round: else the next one would not see them.
  function admit() {
    while (queue[0] && mayEnter(queue[0].alone)) {
      const next = queue.shift()!
      take(next.alone)
      next.enter()
    }
  }

  function take(alone: boolean) {
    inside++
    taken = alone
  }
}
