import type { Clock } from '../../clock.ts'
import { AwsError } from '../../error.ts'
import type { Received } from '../../sqs/queues.ts'
import type { Named } from '../functions.ts'
import { type Deliver, remove } from './delivery.ts'
import { type Batch, type Message, messageOf, startGathering } from './gathering.ts'
import { startLine } from './line.ts'
import { recordOf } from './record.ts'
import type { QueueSettings } from './settings.ts'
import type { Sources } from './source.ts'

/** Reads one queue for one function. */
export interface Poller {
  /** Reads no more; what has been received goes to the function. */
  retire(): void
  /** Reads no more, and lets everything be. */
  stop(): void
}

/** Batches at a time, unless told otherwise: as many as Lambda begins with. */
const CONCURRENCY = 5

/** The most that one ReceiveMessage gives. */
const MOST = 10

/** How long one poll waits for a message, in seconds: as long as SQS lets it. */
const WAIT = 20

/** After a poll that could not be made, in milliseconds by the cloud's clock. AWS does not say. */
const REST = 5000

/** An empty answer sooner than this, in real milliseconds, has not waited: the queue has gone meanwhile. */
const AT_ONCE = 500

/**
 * Polls until it is told not to. It rests a while when there is no queue, no function or no permission, and tries
 * again: any of them may come back. It reads no further than there is room for batches under way.
 */
export function startPoller({
  settings,
  sources,
  clock,
  find,
  deliver,
}: {
  readonly settings: QueueSettings
  readonly sources: Sources
  readonly clock: Clock
  /** The function as it is now; nothing when there is none. */
  readonly find: () => Named | undefined
  readonly deliver: Deliver
}): Poller {
  const { sourceArn, batchSize, window, filter, maximumConcurrency = CONCURRENCY } = settings
  const line = startLine()
  const gathering = startGathering({ batchSize, window, clock, ready: queueUp })
  let underWay = 0
  let reading: AbortController | undefined
  let callOffRest: (() => void) | undefined
  let hasEnded = false
  let isStopped = false

  turn()

  return {
    retire() {
      end()
      gathering.flush()
    },
    stop() {
      end()
      isStopped = true
      gathering.drop()
      line.clear()
    },
  }

  function end() {
    hasEnded = true
    reading?.abort()
    callOffRest?.()
  }

  function queueUp(batch: Batch) {
    line.add(batch)
    turn()
  }

  /** Sends what may go, and reads on when there is room for more. */
  function turn() {
    while (underWay < maximumConcurrency) {
      const batch = line.next()
      if (!batch) break
      void send(batch)
    }
    const hasRoom = line.isEmpty() && underWay < maximumConcurrency
    if (hasRoom && !hasEnded && !reading && !callOffRest) void read()
  }

  async function send(batch: Batch) {
    underWay++
    const kept = await deliver(batch)
    underWay--
    line.done(batch, kept)
    turn()
  }

  async function read() {
    const named = find()
    const queue = sources.find(sourceArn)
    const may =
      named && sources.may(sourceArn, named.version.configuration, 'ReceiveMessage', 'GetQueueAttributes')
    if (!named || !queue || !may) return rest()
    reading = new AbortController()
    const begun = performance.now()
    const received = await queue
      .receive({
        most: Math.min(MOST, gathering.room()),
        waitSeconds: WAIT,
        signal: reading.signal,
      })
      .catch(deletedMeanwhile)
    reading = undefined
    if (isStopped) return
    if (received.length > 0) gathering.add(meantFor(named, received))
    if (hasEnded) gathering.flush()
    else if (received.length === 0 && performance.now() - begun < AT_ONCE) rest()
    else turn()
  }

  /** What passes the filters; the rest is deleted. */
  function meantFor(named: Named, received: readonly Received[]) {
    const passed: Message[] = []
    const dropped: Message[] = []
    for (const message of received) {
      const record = recordOf(message, sourceArn, window)
      const side = filter(record) ? passed : dropped
      side.push(messageOf(record, message.cause))
    }
    if (dropped.length > 0) remove(sources, sourceArn, named, dropped)
    return passed
  }

  function rest() {
    callOffRest = clock.after(REST, () => {
      callOffRest = undefined
      turn()
    })
  }
}

function deletedMeanwhile(error: unknown): readonly Received[] {
  if (!(error instanceof AwsError)) throw error
  return []
}
