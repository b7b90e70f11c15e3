import type { Clock } from '../../clock.ts'
import { AwsError } from '../../error.ts'
import type { Events } from '../../events.ts'
import type { Named } from '../functions.ts'
import type { Finished } from '../invoke.ts'
import type { Batch, Message } from './gathering.ts'
import { failedIds } from './report.ts'
import type { QueueSettings } from './settings.ts'
import type { Sources } from './source.ts'

/** Brings a batch to its function; answers with the messages that stay in the queue. */
export type Deliver = (batch: Batch) => Promise<readonly Message[]>

/** How long Lambda waits before it tries a throttled function again: a second, then twice as long each time. */
const FIRST_WAIT = 1000

/**
 * Runs the function with each batch, and deletes what it has dealt with: all of it, all but what it reports, or
 * nothing when it fails. What is not deleted comes back when its visibility timeout is over. While there is no room
 * for the function the batch is held, until its messages would come back anyway.
 */
export function deliverer({
  settings,
  sources,
  clock,
  events,
  find,
  run,
}: {
  readonly settings: QueueSettings
  readonly sources: Sources
  readonly clock: Clock
  readonly events: Pick<Events, 'causing'>
  /** The function as it is now; nothing when there is none. */
  readonly find: () => Named | undefined
  /** Throws `AwsError` when it cannot be run. */
  readonly run: (named: Named, payload: string) => Promise<Finished>
}): Deliver {
  const { sourceArn, reportsFailures } = settings

  return async ({ messages, since }) => {
    const payload = `{"Records":[${messages.map(({ json }) => json).join(',')}]}`
    for (let wait = FIRST_WAIT; ; wait *= 2) {
      const named = find()
      if (!named) return messages
      // An invocation has one cause: the first message of its batch.
      const done = await events.causing(messages[0]?.cause, () => attempt(named, payload))
      if (done !== 'throttled')
        return events.causing(messages[0]?.cause, () => conclude(named, messages, done))
      const timeout = sources.find(sourceArn)?.visibilityTimeout ?? 0
      if (clock.now() + wait - since >= timeout * 1000) return messages
      await new Promise<void>(resolve => clock.after(wait, resolve))
    }
  }

  async function attempt(named: Named, payload: string): Promise<Finished | 'throttled' | 'refused'> {
    try {
      return await run(named, payload)
    } catch (error) {
      // No room, or a role that is gone: the messages stay where they are.
      if (!(error instanceof AwsError)) throw error
      return error.status === 429 ? 'throttled' : 'refused'
    }
  }

  function conclude(
    named: Named,
    messages: readonly Message[],
    done: Finished | 'refused',
  ): readonly Message[] {
    if (done === 'refused' || done.kind === 'failed') return messages
    const ids = new Set(messages.map(({ id }) => id))
    const failed = reportsFailures ? failedIds(done.payload, ids) : new Set<string>()
    const through = messages.filter(({ id }) => !failed.has(id))
    if (!remove(sources, sourceArn, named, through)) return messages
    return messages.filter(({ id }) => failed.has(id))
  }
}

/** Deletes messages, if the role may; says whether it may. */
export function remove(
  sources: Sources,
  sourceArn: string,
  { version }: Named,
  messages: readonly Message[],
): boolean {
  const queue = sources.find(sourceArn)
  if (!queue || !sources.may(sourceArn, version.configuration, 'DeleteMessage')) return false
  for (const { receiptHandle } of messages) {
    try {
      queue.delete(receiptHandle)
    } catch (error) {
      // The function has deleted it itself, or took so long that somebody else has it.
      if (!(error instanceof AwsError)) throw error
    }
  }
  return true
}
