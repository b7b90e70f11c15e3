// For tests alone: SNS behind a door of its own, with IAM, and with queues and functions that only write down what they get.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SNSClient } from '@aws-sdk/client-sns'
import { HANG } from '../../machine/bounds.ts'
import { defaultAccount as account } from '../account.ts'
import { type Clock, movableClock } from '../clock.ts'
import { buildDoor } from '../door/door.ts'
import { AwsError } from '../error.ts'
import { type Events, eventStream } from '../events.ts'
import type { PolicyDocument, Statement } from '../iam/policy.ts'
import { type Iam, startIam } from '../iam/roles.ts'
import type { Invoke } from '../lambda/invoke.ts'
import type { NewMessage, Queue, Queues } from '../sqs/queues.ts'
import { startSts } from '../sts/sessions.ts'
import { type Sns, startSns } from './sns.ts'

/** A queue that keeps what is sent to it. */
export interface FakeQueue extends Queue {
  readonly sent: readonly (NewMessage & { readonly senderId: string })[]
  /** Resolves when there are as many messages. */
  holds(count: number): Promise<void>
}

/** An SNS to try things on. */
export interface Trial {
  readonly sns: Sns
  readonly iam: Iam
  readonly clock: Clock
  readonly events: Events
  /** Speaks as the learner, who may do everything. */
  readonly client: SNSClient
  readonly endpoint: string
  readonly faults: readonly unknown[]
  /** What functions were asked to do. */
  readonly invoked: readonly Invoke[]
  /** Resolves when functions were called that often. */
  called(times: number): Promise<void>
  /** A client that speaks as a role with these statements. */
  clientOf(roleName: string, ...statements: Statement[]): SNSClient
  /** A queue that lets every topic in, or has the policy that is given. */
  queue(name: string, policy?: PolicyDocument | 'none'): FakeQueue
  /** Functions of which SNS is told that it may not call them. */
  readonly closed: Set<string>
  stop(): Promise<void>
}

/** Time stands still until a test moves it. */
const START = Date.UTC(2026, 0, 1)

export async function startTrial(): Promise<Trial> {
  const clock = movableClock(() => START)
  const events = eventStream(clock.now)
  const iam = startIam({ account, events, now: clock.now })
  const sts = startSts({ account, iam, now: Date.now })
  const queues = new Map<string, FakeQueue>()
  const invoked: Invoke[] = []
  const closed = new Set<string>()
  const faults: unknown[] = []
  const changed = watch()
  const clients: SNSClient[] = []

  const sns = startSns({
    account,
    clock,
    events,
    queues: { find: arn => queues.get(arn) } satisfies Queues,
    queueEvent(invoke) {
      if (closed.has(invoke.functionName)) throw new AwsError('AccessDeniedException', 'no', 403)
      invoked.push(invoke)
      changed.tell()
      return 'request'
    },
    authorize: iam.authorize,
    onFault: fault => faults.push(fault),
  })
  const door = buildDoor({
    account,
    services: [sns.service],
    findKey: sts.find,
    authorize: iam.authorize,
    withoutSignature: sns.withoutSignature,
    onFault: fault => faults.push(fault),
  })
  const server = createServer((request, response) => void door.serve(request, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    sns,
    iam,
    clock,
    events,
    endpoint,
    faults,
    invoked,
    closed,
    client: clientWith(sts.learner),
    called: times => changed.until(() => invoked.length >= times),
    clientOf(roleName, ...statements) {
      const trust = {
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      } as const
      const document = { Version: '2012-10-17', Statement: statements }
      const inline = statements.length > 0 ? [{ name: 'may', document }] : []
      const { arn } = iam.createRole({ name: roleName, trust, inline })
      return clientWith(sts.issue(arn, 'session', { seconds: 3600 }))
    },
    queue(name, policy = letsEverybodyIn) {
      const queue = fakeQueue(name, policy === 'none' ? undefined : policy, changed)
      queues.set(queue.arn, queue)
      return queue
    },
    async stop() {
      for (const client of clients) client.destroy()
      server.close()
      server.closeAllConnections()
      await sns.stop()
      clock.stop()
    },
  }

  function clientWith(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    const client = new SNSClient({
      endpoint,
      region: account.region,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
      maxAttempts: 1,
    })
    clients.push(client)
    return client
  }
}

const letsEverybodyIn: PolicyDocument = {
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: '*',
  },
}

function fakeQueue(name: string, policy: PolicyDocument | undefined, changed: Watch): FakeQueue {
  const sent: (NewMessage & { senderId: string })[] = []
  const notHere = () => {
    throw new Error('SNS only sends')
  }
  return {
    arn: `arn:aws:sqs:${account.region}:${account.accountId}:${name}`,
    url: `https://sqs.${account.region}.amazonaws.com/${account.accountId}/${name}`,
    isFifo: name.endsWith('.fifo'),
    visibilityTimeout: 30,
    policy,
    sent,
    holds: count => changed.until(() => sent.length >= count),
    send(message, senderId) {
      sent.push({ ...message, senderId })
      changed.tell()
      return { messageId: 'id', md5OfBody: '' }
    },
    receive: notHere,
    delete: notHere,
    changeVisibility: notHere,
  }
}

/** Lets tests wait for something to become true. */
export interface Watch {
  tell(): void
  until(holds: () => boolean): Promise<void>
}

export function watch(): Watch {
  const waiting = new Set<() => void>()
  return {
    tell() {
      for (const look of [...waiting]) look()
    },
    until: holds =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!holds()) return
          clearTimeout(bound)
          waiting.delete(look)
          resolve()
        }
        const bound = setTimeout(() => {
          waiting.delete(look)
          reject(new Error('it did not come'))
        }, HANG)
        waiting.add(look)
        look()
      }),
  }
}

/** What a call is refused with: code, message, status. */
export async function refusal(call: Promise<unknown>): Promise<readonly [string, string, number]> {
  try {
    await call
  } catch (error) {
    const { Code, name, message, $metadata } = error as any
    return [Code ?? name, message, $metadata?.httpStatusCode]
  }
  throw new Error('it was not refused')
}
