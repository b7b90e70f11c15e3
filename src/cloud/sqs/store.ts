import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { noSuchQueue, refusal } from './errors.ts'
import { addressIn, checkQueueName, queueArn } from './names.ts'
import { type Around, makeQueue, type StoredQueue } from './queue.ts'
import type { Queues } from './queues.ts'
import { redriveOf } from './redrive.ts'
import { changeSettings, defaultSettings, type Settings } from './settings.ts'

/** The queues of an account. */
export interface QueueStore extends Queues {
  readonly account: Account
  readonly clock: Clock
  find(arn: string): StoredQueue | undefined
  named(name: string): StoredQueue | undefined
  /** The queue that a URL stands for, whatever its host. Throws QueueDoesNotExist. */
  at(url: unknown): StoredQueue
  /** In the order of their names. */
  all(): readonly StoredQueue[]
  /**
   * Makes a queue with what differs from the defaults, or gives the one that is there already. Throws QueueNameExists when that
   * has other attributes, QueueDeletedRecently within a minute of its deletion, or whatever is wrong with name or attributes.
   */
  create(name: unknown, attributes: Readonly<Record<string, unknown>>): StoredQueue
  /** Changes attributes. Throws InvalidAttributeName, InvalidAttributeValue or InvalidParameterValue. */
  change(queue: StoredQueue, attributes: Readonly<Record<string, unknown>>): void
  delete(queue: StoredQueue): void
  /** Lets a name be given anew at once after its deletion: CloudFormation waits for it. */
  release(name: string): void
  /** The queues that send what they give up on to this one. */
  sourcesOf(queue: StoredQueue): readonly StoredQueue[]
  /** Ends all waiting receives. */
  stop(): void
}

/** How long a deleted queue's name is taken. */
const UNTIL_FREE = 60_000

/** Opens an account without queues. */
export function openStore({
  account,
  clock,
  events,
  count,
}: Pick<Around, 'account' | 'clock' | 'events' | 'count'>): QueueStore {
  const queues = new Map<string, StoredQueue>()
  const deletedAt = new Map<string, number>()
  let sequence = FIRST_SEQUENCE_NUMBER

  const find = (arn: string) => [...queues.values()].find(queue => queue.arn === arn)
  const settle = (current: Settings, asked: Readonly<Record<string, unknown>>, name: string) =>
    changeSettings(
      current,
      asked,
      {
        arn: queueArn(account, { accountId: account.accountId, name }),
        isFifo: current.FifoQueue === 'true',
      },
      find,
    )

  const store: QueueStore = {
    account,
    clock,
    find,
    named: name => queues.get(name),
    at(url) {
      const address = addressIn(url, account)
      const queue = address?.accountId === account.accountId ? queues.get(address.name) : undefined
      if (!queue) throw noSuchQueue()
      return queue
    },
    all: () => [...queues.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    create(name, attributes) {
      const isFifo = String(attributes.FifoQueue).toLowerCase() === 'true'
      checkQueueName(name, isFifo)
      const there = queues.get(name)
      if (there) return same(there, settle(there.settings, attributes, name), attributes)
      const settings = settle(defaultSettings(isFifo), attributes, name)
      if (clock.now() - (deletedAt.get(name) ?? Number.NEGATIVE_INFINITY) < UNTIL_FREE) {
        throw refusal(
          'QueueDeletedRecently',
          'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
          'AWS.SimpleQueueService.QueueDeletedRecently',
        )
      }
      const queue = makeQueue(name, settings, { account, clock, events, find, count, nextSequenceNumber })
      queues.set(name, queue)
      return queue
    },
    change: (queue, attributes) => queue.change(settle(queue.settings, attributes, queue.name)),
    delete(queue) {
      queues.delete(queue.name)
      deletedAt.set(queue.name, clock.now())
      queue.close()
    },
    release: name => void deletedAt.delete(name),
    sourcesOf: ({ arn }) => store.all().filter(one => redriveOf(one.settings)?.deadLetterTargetArn === arn),
    stop() {
      for (const queue of queues.values()) queue.close()
    },
  }
  return store

  function nextSequenceNumber() {
    sequence += SEQUENCE_STEP
    return String(sequence)
  }
}

/** AWS's numbers have twenty digits, and are not consecutive. */
const FIRST_SEQUENCE_NUMBER = 18_850_000_000_000_000_000n
const SEQUENCE_STEP = 256n

/** Only what was asked for is compared: CreateQueue with a name alone finds any queue. */
function same(queue: StoredQueue, wanted: Settings, asked: Readonly<Record<string, unknown>>): StoredQueue {
  const different = Object.keys(asked).find(name => wanted[name] !== queue.settings[name])
  if (different === undefined) return queue
  throw refusal(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${different}`,
    'QueueAlreadyExists',
  )
}
