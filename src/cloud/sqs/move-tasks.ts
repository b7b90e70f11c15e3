import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { invalidParameter, refusal } from './errors.ts'
import type { Message } from './message.ts'
import type { StoredQueue } from './queue.ts'
import type { QueueStore } from './store.ts'

/** Dead letters on their way back. */
export interface MoveTask {
  readonly handle: string
  readonly sourceArn: string
  /** Undefined: each goes back to the queue that gave up on it. */
  readonly destinationArn: string | undefined
  /** Messages a second, if it was asked for. */
  readonly rate: number | undefined
  readonly startedAt: number
  readonly toMove: number
  moved: number
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED'
  failureReason?: string
}

/** The tasks of an account. */
export interface MoveTasks {
  /** Throws for a queue for which a task is running. */
  start(source: StoredQueue, destination: StoredQueue | undefined, rate: number | undefined): MoveTask
  /** Throws ResourceNotFoundException, or UnsupportedOperation for one that is over. */
  cancel(handle: string): MoveTask
  /** The ten last of a queue, latest first. */
  of(sourceArn: string): readonly MoveTask[]
}

/** SQS's fastest, messages a second: taken as well where it would choose by itself. */
export const FASTEST = 500
const REMEMBERED = 10
const NO_QUEUE = 'AWS.SimpleQueueService.NonExistentQueue'

/** Starts without a task. */
export function openMoveTasks(store: Pick<QueueStore, 'find'>, clock: Clock): MoveTasks {
  const tasks = new Map<string, MoveTask[]>()

  return {
    start(source, destination, rate) {
      const before = tasks.get(source.arn) ?? []
      if (before.some(({ status }) => status === 'RUNNING')) {
        throw invalidParameter(
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        )
      }
      const task: MoveTask = {
        handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString(
          'base64',
        ),
        sourceArn: source.arn,
        destinationArn: destination?.arn,
        rate,
        startedAt: clock.now(),
        toMove: source.counts().visible,
        moved: 0,
        status: 'RUNNING',
      }
      tasks.set(source.arn, [task, ...before].slice(0, REMEMBERED))
      clock.after(0, () => goOn(task))
      return task
    },
    cancel(handle) {
      const task = [...tasks.values()].flat().find(one => one.handle === handle)
      if (!task)
        throw refusal('ResourceNotFoundException', 'Task does not exist.', 'ResourceNotFoundException', 404)
      if (task.status !== 'RUNNING') {
        throw refusal(
          'UnsupportedOperation',
          'Only active tasks can be cancelled.',
          'AWS.SimpleQueueService.UnsupportedOperation',
        )
      }
      task.status = 'CANCELLED'
      return task
    },
    of: sourceArn => tasks.get(sourceArn) ?? [],
  }

  /** One second's worth. */
  function goOn(task: MoveTask): void {
    if (task.status !== 'RUNNING') return
    const source = store.find(task.sourceArn)
    for (let left = task.rate ?? FASTEST; left > 0; left--) {
      const message = source?.peek()
      const destination = message && destinationOf(task, message)
      if (!source || typeof destination === 'string') {
        task.status = 'FAILED'
        task.failureReason = typeof destination === 'string' ? destination : NO_QUEUE
        return
      }
      if (!destination) {
        task.status = 'COMPLETED'
        return
      }
      source.handOver(message, destination)
      task.moved++
    }
    clock.after(1000, () => goOn(task))
  }

  /** Where a message goes, or why it goes nowhere. */
  function destinationOf({ destinationArn }: MoveTask, message: Message): StoredQueue | string {
    const arn = destinationArn ?? message.deadLetterSource
    if (arn === undefined) return 'CouldNotDetermineMessageSource'
    return store.find(arn) ?? NO_QUEUE
  }
}
