import { AwsError } from '../error.ts'
import { connectionOf, type Spreading } from '../spread.ts'
import type { Work as Counter } from '../work.ts'
import type { Capacity, Staffed } from './capacity.ts'
import type { Configuration } from './configuration.ts'
import type { Work } from './instance.ts'
import { noteEnd } from './note-end.ts'
import { type Outcome, timedOut } from './outcome.ts'
import { rotation } from './rotation.ts'
import { staffing } from './staffing.ts'

/** How an invocation went, whether it waited for an instance to start, and the end of its log. */
export type Run = Outcome & {
  readonly cold: boolean
  /** Of a cold one: how long the instance took to start, in milliseconds. */
  readonly startMs?: number | undefined
  readonly tail: string
}

/** The instances of one configuration of a function, and those who wait for one. */
export interface Pool {
  /** Rejects when no instance can be started, with the reason. */
  run(work: Work): Promise<Run>
  /** Gives work to free instances, and starts more as far as there is capacity. */
  dispatch(): void
  /** Nobody new will come: idle instances go now, busy ones when they are done. */
  retire(): void
  /** Since when the instance that is idle for longest is. */
  idleSince(): number | undefined
  dismissOldest(): void
  /** Ends those idle since `before` or longer. */
  dismissIdle(before: number): void
  stop(): Promise<void>
}

interface Waiting {
  readonly work: Work
  /** By `performance.now()`. */
  readonly since: number
  readonly resolve: (run: Run) => void
  readonly reject: (error: unknown) => void
  /** How many instances were given it and had ended by themselves before they began. */
  misses: number
}

/** After so many the function is taken to end itself whenever it starts, as one does that leaves a promise unhandled while it loads. */
const MOST_MISSES = 2

interface Idle {
  readonly staffed: Staffed
  readonly since: number
}

/** Starts a pool without an instance. An instance used last is used first, as on AWS, unless events are spread. */
export function startPool(
  configuration: Configuration,
  {
    staff,
    capacity,
    now,
    spread,
    work: count,
    onIdle,
    onEmpty,
  }: {
    readonly staff: (configuration: Configuration) => Staffed
    readonly capacity: Capacity
    readonly now: () => number
    readonly spread: Spreading
    readonly work: Pick<Counter, 'add'>
    readonly onIdle: () => void
    readonly onEmpty: () => void
  },
): Pool {
  const idle: Idle[] = []
  const all = new Set<Staffed>()
  /** Of an instance that has not served yet: how long it took to start. */
  const fresh = new WeakMap<Staffed, number>()
  const waiting: Waiting[] = []
  const turns = rotation()
  const staffs = staffing(dispatch)
  let starting = 0
  let retired = false
  let stopped = false

  return {
    run: work =>
      new Promise((resolve, reject) => {
        waiting.push({ work, since: performance.now(), misses: 0, resolve, reject })
        dispatch()
      }),
    dispatch,
    retire() {
      retired = true
      for (const { staffed } of idle.splice(0)) staffed.instance.kill()
      if (all.size === 0 && waiting.length === 0) onEmpty()
    },
    idleSince: () => idle[0]?.since,
    dismissOldest() {
      idle.shift()?.staffed.instance.kill()
    },
    dismissIdle(before) {
      while (idle[0] && idle[0].since <= before) idle.shift()!.staffed.instance.kill()
    },
    async stop() {
      retired = true
      stopped = true
      staffs.stop()
      for (const { reject } of waiting.splice(0))
        reject(new AwsError('ServiceException', 'The cloud has been stopped.', 500))
      for (const { instance } of all) instance.kill()
      await Promise.all([...all].map(({ instance }) => instance.ended))
    },
  }

  function dispatch() {
    if (stopped) return
    for (let at = 0; at < waiting.length; ) {
      const free = takeIdle(waiting[at]!)
      if (free) serve(free, waiting.splice(at, 1)[0]!)
      // Spread, an event waits for an instance that the next event may have at once.
      else if (spread.isOn) at++
      else break
    }
    while (starting < wanted() && capacity.enter()) start()
    if (waiting.length > 0) staffs.lookAgain()
  }

  /** How many instances should be starting. Spread, every event is to find one free. */
  function wanted() {
    if (spread.isOn) return waiting.length
    return staffs.wanted(waiting.length, waiting[0]?.since ?? 0, all.size - starting, starting)
  }

  function takeIdle({ work }: Waiting): Staffed | undefined {
    for (let next = chosen(work); next; next = chosen(work)) {
      const { staffed } = next
      idle.splice(idle.indexOf(next), 1)
      const isValid = staffed.expires > Date.now() || fresh.has(staffed)
      if (staffed.instance.isAlive() && isValid) return staffed
      staffed.instance.kill()
    }
    return undefined
  }

  function chosen({ payload }: Work): Idle | undefined {
    if (!spread.isOn) return idle.at(-1)
    const free = idle.map(({ staffed }) => staffed)
    const staffed = turns.choose(free, connectionOf(payload), all.size - starting)
    return idle.find(one => one.staffed === staffed)
  }

  async function start() {
    starting++
    staffs.begins()
    let staffed: Staffed
    try {
      staffed = staff(configuration)
    } catch (error) {
      starting--
      // Taken out before anybody is told of the capacity: who still waits would be started for once more, without end.
      waiting.shift()?.reject(error)
      capacity.up()
      capacity.left()
      return
    }
    const { instance, journal } = staffed
    all.add(staffed)
    instance.ended.then(() => {
      all.delete(staffed)
      const place = idle.findIndex(one => one.staffed === staffed)
      if (place !== -1) idle.splice(place, 1)
      capacity.left()
      if (retired && all.size === 0 && waiting.length === 0) onEmpty()
    })
    const begun = await count.add(instance.started)
    if (begun.kind === 'ready') void count.add(instance.standsStill())
    starting--
    if (begun.kind === 'ready') {
      fresh.set(staffed, begun.duration)
      staffs.started(begun.duration)
      release(staffed)
      capacity.up()
      return
    }
    const status = begun.kind === 'failed' ? `error\tError Type: ${begun.error.errorType}` : 'timeout'
    journal.line(
      `INIT_REPORT Init Duration: ${begun.duration.toFixed(2)} ms\tPhase: init\tStatus: ${status}\n`,
    )
    // AWS initializes a second time, within the invocation, before it gives up; here once is enough.
    const first = waiting.shift()
    if (first) {
      const { requestId } = first.work
      const error =
        begun.kind === 'timed out'
          ? timedOut(requestId, configuration.timeout)
          : begun.error.errorType === 'Runtime.ExitError'
            ? {
                ...begun.error,
                errorMessage: begun.error.errorMessage.replace(/^RequestId: /, `RequestId: ${requestId}`),
              }
            : begun.error
      const outcome = { duration: begun.duration, memoryUsed: begun.memoryUsed, error }
      journal.isFor(first.work.cause)
      journal.line(startLine(requestId))
      noteEnd(
        journal,
        configuration,
        requestId,
        begun.kind === 'failed'
          ? { kind: 'failed', exited: true, ...outcome }
          : { kind: 'timed out', ...outcome },
        undefined,
        now(),
      )
      first.resolve(
        begun.kind === 'failed'
          ? { kind: 'failed', exited: true, cold: true, tail: journal.tail(), ...outcome }
          : { kind: 'timed out', cold: true, tail: journal.tail(), ...outcome },
      )
    }
    capacity.up()
  }

  async function serve(staffed: Staffed, request: Waiting) {
    const { instance, journal, principal } = staffed
    const { work } = request
    const connectionId = spread.isOn ? connectionOf(work.payload) : undefined
    turns.note(staffed, connectionId)
    const held = spread.handOver(principal, connectionId, work.functionArn)
    if (held) await held
    const initDuration = fresh.get(staffed)
    fresh.delete(staffed)
    // The first time, initialization has just asked.
    if (initDuration === undefined) journal.open()
    journal.isFor(work.cause)
    journal.line(startLine(work.requestId))
    const came = await instance.run(work)
    staffs.cameFree(came.kind === 'not begun' ? undefined : (came.took ?? came.duration))
    spread.done(principal)
    // The answer is there, and what the handler did not wait for may still be about to happen.
    void count.add(instance.standsStill())
    if (came.kind === 'not begun' && !(came.error && ++request.misses >= MOST_MISSES)) {
      waiting.unshift(request)
      dispatch()
      return
    }
    const outcome: Outcome =
      came.kind === 'not begun'
        ? { kind: 'failed', exited: true, error: came.error!, duration: 0, memoryUsed: 0 }
        : came
    noteEnd(journal, configuration, work.requestId, outcome, initDuration, now())
    if (instance.isAlive()) release(staffed)
    request.resolve({
      ...outcome,
      cold: initDuration !== undefined,
      startMs: initDuration,
      tail: journal.tail(),
    })
    dispatch()
  }

  function release(staffed: Staffed) {
    if (retired && waiting.length === 0) {
      staffed.instance.kill()
      return
    }
    idle.push({ staffed, since: now() })
    onIdle()
    dispatch()
  }

  function startLine(requestId: string) {
    return `START RequestId: ${requestId} Version: ${configuration.version}\n`
  }
}
