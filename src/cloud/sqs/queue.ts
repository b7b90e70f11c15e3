import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Events, Happening } from '../events.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import { rememberAttempts } from './attempts.ts'
import { invalidParameter, refusal } from './errors.ts'
import { checksums } from './md5.ts'
import { type Message, newMessage, systemAttributesOf } from './message.ts'
import { queueArn, queueUrl } from './names.ts'
import type { QueueMetric } from './queue-metric.ts'
import type { Queue, Received } from './queues.ts'
import { expired, notAvailable, readReceiptHandle, writeReceiptHandle } from './receipt-handle.ts'
import { redriveOf } from './redrive.ts'
import { openSending } from './sending.ts'
import type { Settings } from './settings.ts'
import { keepStock, type Stock } from './stock.ts'
import { openWaitingRoom } from './waiting.ts'

/** A queue as SQS itself uses it. */
export interface StoredQueue extends Queue {
  readonly name: string
  readonly tags: Map<string, string>
  readonly settings: Settings
  /** Milliseconds since the epoch, by the cloud's clock. */
  readonly createdAt: number
  readonly modifiedAt: number
  /** With an `attemptId`, FIFO queues only, a repeated request is given the same messages again. */
  receive(
    asked: Parameters<Queue['receive']>[0] & { readonly attemptId?: string },
  ): ReturnType<Queue['receive']>
  change(settings: Settings): void
  counts: Stock['counts']
  oldest: Stock['oldest']
  /** Throws PurgeQueueInProgress within a minute of the last time. */
  purge(): void
  /** Forgets every message at once. */
  empty(): void
  /** Takes in a message that another queue, `source`, has given up on. */
  bury(message: Message, source: string): void
  /** The message that would be received next. */
  peek(): Message | undefined
  /** Gives a message to another queue for good, where it is a new one. */
  handOver(message: Message, destination: Pick<StoredQueue, 'welcome'>): void
  /** Takes in what another queue hands over. */
  welcome(message: Message): void
  /** Ends all waiting receives: the queue is gone. */
  close(): void
}

/** What a queue needs to know of its surroundings. */
export interface Around {
  readonly account: Account
  readonly clock: Clock
  find(arn: string): StoredQueue | undefined
  nextSequenceNumber(): string
  readonly events: Pick<Events, 'emit'>
  /** Told of everything that CloudWatch counts of a queue. */
  count(queueName: string, metric: QueueMetric, value: number): void
}

interface Wanted {
  readonly most: number
  readonly visibilityTimeout?: number | undefined
}

/** SQS's quota on messages that are received and not yet deleted. */
const MAX_IN_FLIGHT = 120_000
/** SQS's quota on how long a message may stay hidden after one reception, in seconds. */
const MAX_HIDDEN = 43_200

/** Makes a queue; a FIFO queue if its settings say so. Only for those who wait in it does it set the clock. */
export function makeQueue(name: string, first: Settings, { account, clock, ...around }: Around): StoredQueue {
  const isFifo = first.FifoQueue === 'true'
  const address = { accountId: account.accountId, name }
  const arn = queueArn(account, address)
  const createdAt = clock.now()
  let settings = first
  let policy = policyIn(first)
  let redrive = redriveOf(first)
  let modifiedAt = createdAt
  let purgedAt = Number.NEGATIVE_INFINITY

  const stock = keepStock(clock.now, isFifo, () => settings)
  const waiting = openWaitingRoom(clock, take, stock.nextChange)
  const sending = openSending({ put: arrive }, isFifo, {
    now: clock.now,
    settings: () => settings,
    nextSequenceNumber: around.nextSequenceNumber,
  })
  const attempts = rememberAttempts()

  return {
    name,
    arn,
    url: queueUrl(account, address),
    isFifo,
    tags: new Map(),
    createdAt,
    get settings() {
      return settings
    },
    get modifiedAt() {
      return modifiedAt
    },
    get visibilityTimeout() {
      return Number(settings.VisibilityTimeout)
    },
    get policy() {
      return policy
    },
    counts: stock.counts,
    oldest: stock.oldest,
    close: waiting.close,
    change(changed) {
      settings = changed
      policy = policyIn(changed)
      redrive = redriveOf(changed)
      modifiedAt = clock.now()
      stock.resettle()
      waiting.wake()
    },
    send(asked, senderId) {
      const sent = sending.send(asked, senderId)
      around.count(name, 'NumberOfMessagesSent', 1)
      around.count(name, 'SentMessageSize', Buffer.byteLength(asked.body))
      waiting.wake()
      return sent
    },
    async receive({ most, waitSeconds, visibilityTimeout, signal, attemptId }) {
      const again = attemptId === undefined ? undefined : retake(attemptId, visibilityTimeout)
      if (again) return again
      const wanted = { most, visibilityTimeout }
      let found = take(wanted)
      if (found.length === 0 && waitSeconds > 0) found = await waiting.wait(wanted, waitSeconds, signal)
      else if (found.length === 0 && isFull()) throw tooManyInFlight()
      if (attemptId !== undefined) attempts.remember(attemptId, found, clock.now())
      if (found.length > 0) around.count(name, 'NumberOfMessagesReceived', found.length)
      else around.count(name, 'NumberOfEmptyReceives', 1)
      return found
    },
    delete(receiptHandle) {
      const message = held(receiptHandle)
      // Deleted already, or received again since: SQS says yes and does nothing.
      if (!message) return
      if (isFifo && !stock.isHidden(message)) throw expired(receiptHandle)
      stock.remove(message)
      tell('deleted', message)
      around.count(name, 'NumberOfMessagesDeleted', 1)
      // The rest of its group may come now. Otherwise one message less will become visible again.
      if (isFifo) waiting.wake()
      else waiting.cancel(message.hiddenUntil)
    },
    changeVisibility(receiptHandle, seconds) {
      const message = held(receiptHandle)
      if (!message || (isFifo && !stock.isHidden(message))) throw notAvailable(receiptHandle)
      const hiddenUntil = clock.now() + seconds * 1000
      if (hiddenUntil - message.lastReceivedAt! > MAX_HIDDEN * 1000) throw hiddenTooLong(seconds)
      stock.put({ ...message, hiddenUntil })
      waiting.wake()
    },
    purge() {
      const now = clock.now()
      if (now - purgedAt < 60_000) throw purgedJustNow(name)
      purgedAt = now
      empty()
    },
    empty,
    peek() {
      for (const message of stock.next()) return message
      return undefined
    },
    handOver(message, destination) {
      stock.remove(message)
      destination.welcome(message)
    },
    welcome({ body, attributes, senderId, traceHeader, groupId, deduplicationId }) {
      const asked = { body, attributes, ...(traceHeader && { traceHeader }), ...(groupId && { groupId }) }
      const order = isFifo ? { deduplicationId, sequenceNumber: around.nextSequenceNumber() } : {}
      arrive(newMessage(asked, senderId, clock.now(), { hiddenUntil: clock.now(), ...order }))
      waiting.wake()
    },
    bury(message, source) {
      const now = clock.now()
      stock.put({
        ...message,
        arrivedAt: now,
        ...(isFifo ? { keptSince: now, sequenceNumber: around.nextSequenceNumber() } : {}),
        hiddenUntil: now,
        deadLetterSource: source,
        cause: tell('buried', message, message.cause),
      })
      // Nobody is woken for a message that this queue would give up on as well: two queues that point at each other
      // must not throw it to and fro for as long as somebody waits.
      if (!isDead(message)) waiting.wake()
    },
  }

  function empty() {
    stock.clear()
    sending.forget()
  }

  function arrive(message: Message) {
    stock.put({ ...message, cause: tell('sent', message) })
  }

  function tell(
    change: Extract<Happening, { kind: 'message' }>['change'],
    { id, body }: Message,
    cause?: number,
  ): number {
    return around.events.emit({ kind: 'message', queueName: name, messageId: id, change, body }, cause)
  }

  /** Hands out up to so many; what has been received too often goes to the dead-letter queue instead, if it is there. */
  function take({ most, visibilityTimeout }: Wanted): readonly Received[] {
    const due: Message[] = []
    const dead: Message[] = []
    const grave = redrive && around.find(redrive.deadLetterTargetArn)
    const room = isFull() ? 0 : most
    for (const message of stock.next()) {
      if (due.length >= room) break
      if (grave && isDead(message)) dead.push(message)
      else due.push(message)
    }
    for (const message of dead) stock.remove(message)
    const received = due.map(message => handOut(message, visibilityTimeout))
    // Only now: a receiver that waits there may send something back here at once.
    for (const message of dead) grave!.bury(message, arn)
    return received
  }

  function handOut(message: Message, visibilityTimeout = Number(settings.VisibilityTimeout)): Received {
    const now = clock.now()
    const received: Message = {
      ...message,
      receives: message.receives + 1,
      firstReceivedAt: message.firstReceivedAt ?? now,
      lastReceivedAt: now,
      hiddenUntil: now + visibilityTimeout * 1000,
    }
    const cause = tell('received', received, received.cause)
    stock.put(received)
    stock.stepBack(received)
    const { id, receives, body, attributes } = received
    return {
      messageId: id,
      receiptHandle: writeReceiptHandle(arn, { messageId: id, receives }),
      body,
      attributes,
      ...checksums(received),
      system: systemAttributesOf(received),
      cause,
    }
  }

  /** What an earlier request with this id was given, hidden for as long again; undefined once that request no longer holds all of it. */
  function retake(
    attemptId: string,
    visibilityTimeout = Number(settings.VisibilityTimeout),
  ): readonly Received[] | undefined {
    const earlier = attempts.earlier(attemptId, clock.now())
    const messages = earlier?.map(({ messageId }) => stock.get(messageId))
    const isStillHeld = (message: Message | undefined, index: number) =>
      message &&
      stock.isHidden(message) &&
      String(message.receives) === earlier![index]!.system.ApproximateReceiveCount
    if (!messages?.length || !messages.every(isStillHeld)) return undefined
    const hiddenUntil = clock.now() + visibilityTimeout * 1000
    for (const message of messages) stock.put({ ...message!, hiddenUntil })
    return earlier
  }

  function isDead({ receives }: Message): boolean {
    return redrive !== undefined && receives >= redrive.maxReceiveCount
  }

  function isFull(): boolean {
    return stock.size >= MAX_IN_FLIGHT && stock.counts().inFlight >= MAX_IN_FLIGHT
  }

  /** The message that a handle stands for, if it is there and has not been received by another since. */
  function held(receiptHandle: string): Message | undefined {
    const { messageId, receives } = readReceiptHandle(arn, receiptHandle)
    const message = stock.get(messageId)
    if (message && message.receives !== receives && isFifo) throw expired(receiptHandle)
    return message?.receives === receives ? message : undefined
  }
}

const hiddenTooLong = (seconds: number) =>
  invalidParameter(
    `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${MAX_HIDDEN} seconds]`,
  )

const purgedJustNow = (name: string) =>
  refusal(
    'PurgeQueueInProgress',
    `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`,
    'AWS.SimpleQueueService.PurgeQueueInProgress',
    403,
  )

// AWS's words are not known: assumed.
const tooManyInFlight = () => refusal('OverLimit', 'Too many messages in flight.', 'OverLimit', 403)

const policyIn = ({ Policy }: Settings): PolicyDocument | undefined =>
  Policy ? JSON.parse(Policy) : undefined
