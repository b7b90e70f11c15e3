import { fairTimeout } from '../machine/fair-timer.ts'
import type { Principal } from './iam/principal.ts'
import { callMeeting, type Meeting } from './meeting.ts'
import type { Access } from './service.ts'

/**
 * Spreads the events of a function over its instances, as a crowd does on AWS, but every time: what a function keeps in its memory,
 * only the events that the same instance is given can see. Lambda, the gateway and the door ask it what to do.
 *
 * While it is on:
 * - An event never goes to the instance that was given the previous event of that function. It goes to one that has had none of its
 *   connection's, if there is one; of the first three instances each is started for that. No instance is ended for it.
 * - Of the requests of a meeting (`meet`) none begins before all have come. An event that belongs to one of them is handed to its
 *   instance when each of the others has an instance for its event as well, or is done. The first write (to DynamoDB, S3 or SSM) of
 *   each waits until each of the others has come to its own first write, or is done. So all have read before any has written.
 * - Events without a connection, batches of a queue for instance, cannot be called to a meeting. The first write of each waits for a
 *   moment: if another event of the same function comes to its own first write meanwhile, both have read before either writes.
 */
export interface Spreading {
  readonly isOn: boolean
  /** Throws when it is on already. */
  begin(): Spread
  /** Runs what a connection has asked the gateway for; or its goodbye, which follows its leaving. */
  attend<T>(connectionId: string, task: () => Promise<T>, isGoodbye?: boolean): Promise<T>
  /** A connection has begun to close: its goodbye will come. */
  leaves(connectionId: string): void
  /** Tells that the instance with this principal is about to be given an event. Resolves when it may be given it; undefined: at once. */
  handOver(
    principal: Principal,
    connectionId: string | undefined,
    functionArn: string,
  ): Promise<void> | undefined
  /** Tells that it is done. */
  done(principal: Principal): void
  /** Asked before a principal does what needs such access. Resolves when it may; undefined: at once. */
  beforeCall(principal: Principal, accesses: readonly Access[]): Promise<void> | undefined
}

/** Spreading that is on. */
export interface Spread {
  /**
   * The next `count` requests, handshakes, messages or goodbyes, are to meet. `through`: one of those who send them has nothing to
   * wait for any more.
   */
  meet(count: number): { through(): void }
  end(): void
}

/** How long an event without a connection waits for another one before it writes, in milliseconds of fair time. */
const ANOTHER_WITHIN = 250

/** An event at its instance. */
interface AtWork {
  readonly connectionId: string | undefined
  readonly functionArn: string
  /** Undefined before the first write. */
  firstWrite: Promise<void> | undefined
}

/** Starts with spreading off. */
export function spreading(): Spreading {
  const meetings = new Set<Meeting>()
  /** Connections that are closing, and have not said goodbye. */
  const leaving = new Set<string>()
  const atWork = new Map<Principal, AtWork>()
  /** By function: how to let an event go on that waits for another one. */
  const waitingForAnother = new Map<string, () => void>()
  let isOn = false

  return {
    get isOn() {
      return isOn
    },
    begin() {
      if (isOn) throw new Error('Events are being spread already.')
      isOn = true
      return {
        meet(count) {
          const meeting = callMeeting(count, () => leaving.size > 0)
          meetings.add(meeting)
          return meeting
        },
        end() {
          isOn = false
          for (const meeting of meetings) meeting.end()
          meetings.clear()
          atWork.clear()
          for (const goOn of [...waitingForAnother.values()]) goOn()
        },
      }
    },
    attend(connectionId, task, isGoodbye) {
      if (isGoodbye) leaving.delete(connectionId)
      for (const meeting of meetings)
        if (meeting.isGathering) return meeting.attend(connectionId, task, isGoodbye)
      return task()
    },
    leaves: connectionId => void leaving.add(connectionId),
    handOver(principal, connectionId, functionArn) {
      if (!isOn) return undefined
      atWork.set(principal, { connectionId, functionArn, firstWrite: undefined })
      return connectionId === undefined ? undefined : hold(connectionId)
    },
    done: principal => void atWork.delete(principal),
    beforeCall(principal, accesses) {
      const event = isOn ? atWork.get(principal) : undefined
      if (!event || !accesses.some(isWrite)) return undefined
      // Writes that come together wait together.
      event.firstWrite ??= held(event) ?? Promise.resolve()
      return event.firstWrite
    },
  }

  function held({ connectionId, functionArn }: AtWork): Promise<void> | undefined {
    if (connectionId !== undefined) return hold(connectionId)
    const another = waitingForAnother.get(functionArn)
    if (another) return void another()
    return new Promise(resolve => {
      const goOn = () => {
        waitingForAnother.delete(functionArn)
        callOff()
        resolve()
      }
      const callOff = fairTimeout(ANOTHER_WITHIN, goOn)
      waitingForAnother.set(functionArn, goOn)
    })
  }

  function hold(connectionId: string): Promise<void> | undefined {
    for (const meeting of meetings) {
      const held = meeting.hold(connectionId)
      if (held) return held
    }
    return undefined
  }
}

/** Whether access is to something that another instance may read. */
const isWrite = ({ action }: Access): boolean =>
  /^(dynamodb:(Put|Update|Delete|BatchWrite)Item|dynamodb:PartiQL(Insert|Update|Delete)|s3:(Put|Delete)Object|ssm:(Put|Delete)Parameter)/.test(
    action,
  )

/** The connection of an event that API Gateway has made. What a client has said stands in it as a text, its quotes escaped. */
export const connectionOf = (payload: string): string | undefined =>
  /"connectionId":"([\w=-]+)"/.exec(payload)?.[1]
