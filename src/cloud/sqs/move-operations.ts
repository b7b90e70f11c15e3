import type { Operation } from '../service.ts'
import { accessTo, type Input } from './access.ts'
import { invalidParameter, missingParameter, refusal } from './errors.ts'
import { FASTEST, type MoveTask, type MoveTasks } from './move-tasks.ts'
import type { StoredQueue } from './queue.ts'
import type { QueueStore } from './store.ts'

/** What a caller that moves dead letters must be allowed to do with their queue. */
const ON_SOURCE = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']

/** Operations by which dead letters are brought back: the redrive of SQS's console. */
export const moveOperations = (store: QueueStore, tasks: MoveTasks): readonly Operation<Input>[] => [
  {
    name: 'StartMessageMoveTask',
    access: ({ SourceArn, DestinationArn }) => [
      ...(SourceArn ? ON_SOURCE.map(action => accessTo(store, action, SourceArn)) : []),
      ...destinations(store, SourceArn, DestinationArn).map(arn => accessTo(store, 'SendMessage', arn)),
    ],
    run({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate }) {
      const source = queueAt(store, SourceArn, 'SourceArn')
      if (store.sourcesOf(source).length === 0) {
        throw invalidParameter('Source queue must be configured as a Dead Letter Queue.')
      }
      const destination =
        DestinationArn === undefined ? undefined : queueAt(store, DestinationArn, 'DestinationArn')
      if (destination === source) {
        throw invalidParameter('Source queue arn and destination queue arn cannot be the same.')
      }
      // AWS's words are not known: assumed.
      if (destination && destination.isFifo !== source.isFifo) {
        throw invalidParameter('Source queue and destination queue must be of the same type.')
      }
      if (rate !== undefined && !(Number.isInteger(rate) && rate >= 1 && rate <= FASTEST)) {
        throw invalidParameter(
          `Value ${rate} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a value between 1 and ${FASTEST}.`,
        )
      }
      return { TaskHandle: tasks.start(source, destination, rate).handle }
    },
  },
  {
    name: 'ListMessageMoveTasks',
    access: ({ SourceArn }) => (SourceArn ? [accessTo(store, 'ListMessageMoveTasks', SourceArn)] : []),
    run({ SourceArn, MaxResults: most = 1 }) {
      const source = queueAt(store, SourceArn, 'SourceArn')
      if (store.sourcesOf(source).length === 0) {
        throw invalidParameter('Source queue must be configured as a Dead Letter Queue.')
      }
      if (!(Number.isInteger(most) && most >= 1 && most <= 10)) {
        throw invalidParameter(
          `Value ${most} for parameter MaxResults is invalid. Reason: You must enter a value between 1 and 10.`,
        )
      }
      return { Results: tasks.of(source.arn).slice(0, most).map(shown) }
    },
  },
  {
    name: 'CancelMessageMoveTask',
    access({ TaskHandle }) {
      const arn = sourceIn(TaskHandle)
      return arn === undefined
        ? []
        : ON_SOURCE.map(action => accessTo(store, action.replace('StartMessage', 'CancelMessage'), arn))
    },
    run({ TaskHandle }) {
      if (TaskHandle === undefined) throw missingParameter('TaskHandle')
      if (sourceIn(TaskHandle) === undefined) {
        throw invalidParameter('Value for parameter TaskHandle is invalid.')
      }
      return { ApproximateNumberOfMessagesMoved: tasks.cancel(TaskHandle).moved }
    },
  },
]

/** Where messages will go: to one queue, or back to all those that send their dead letters there. */
function destinations(store: QueueStore, source: unknown, destination: unknown): readonly string[] {
  if (typeof destination === 'string') return [destination]
  const queue = typeof source === 'string' ? store.find(source) : undefined
  return queue ? store.sourcesOf(queue).map(({ arn }) => arn) : []
}

function queueAt(store: QueueStore, arn: unknown, parameter: string): StoredQueue {
  if (arn === undefined) throw missingParameter(parameter)
  if (!/^arn:[^:]+:sqs:[^:]+:\d{12}:[^:]+$/.test(String(arn))) {
    throw invalidParameter(
      `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    )
  }
  const queue = store.find(String(arn))
  if (queue) return queue
  const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`
  throw refusal('ResourceNotFoundException', message, 'ResourceNotFoundException', 404)
}

/** The queue that a task's handle names; undefined for what is none. */
function sourceIn(handle: unknown): string | undefined {
  try {
    return JSON.parse(Buffer.from(String(handle), 'base64').toString()).sourceArn
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

const shown = (task: MoveTask) => ({
  // Only what can still be cancelled has a handle.
  ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
  Status: task.status,
  SourceArn: task.sourceArn,
  ...(task.destinationArn !== undefined && { DestinationArn: task.destinationArn }),
  ...(task.rate !== undefined && { MaxNumberOfMessagesPerSecond: task.rate }),
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  ...(task.failureReason !== undefined && { FailureReason: task.failureReason }),
  StartedTimestamp: task.startedAt,
})
