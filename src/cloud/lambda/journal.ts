import type { Account } from '../account.ts'
import type { Events } from '../events.ts'
import type { Decision } from '../iam/policy.ts'
import type { Principal } from '../iam/principal.ts'
import type { LogGroup } from '../logs/group.ts'
import type { Access } from '../service.ts'
import type { Configuration } from './configuration.ts'

/** As much of CloudWatch Logs as a function's log needs. */
export interface LogStore {
  readonly groups: ReadonlyMap<string, LogGroup>
  createGroup(name: string): LogGroup
  /** `cause` is the event that made the line be written; the present one unless given. */
  write(groupName: string, streamName: string, message: string, timestamp?: number, cause?: number): void
}

/** The log of one instance. */
export interface Journal {
  /** Asks again whether the function's role may write: before initialization, and before each invocation. */
  open(): void
  /** What is written from now on was caused by this event: the beginning of an invocation. */
  isFor(cause: number | undefined): void
  /** Adds a line, if the role may; otherwise it is lost, as it is on AWS. */
  line(text: string): void
  /** The last four kilobytes of what the present invocation logged, whether or not the role may write. */
  tail(): string
}

/** As much as Invoke gives back with `LogType: Tail`, in characters. */
const TAIL = 4096

/**
 * A log written with the function's own role: it needs `logs:CreateLogStream` and `logs:PutLogEvents` on the
 * stream, and `logs:CreateLogGroup` where there is no group yet. Folders of this machine are given AWS's names.
 */
export function openJournal(
  configuration: Configuration,
  {
    stream,
    principal,
    runtimeFolder,
    account,
    logs,
    decide,
    events,
  }: {
    readonly stream: string
    readonly principal: Principal
    readonly runtimeFolder: string
    readonly account: Account
    readonly logs: LogStore
    readonly events: Pick<Events, 'causing'>
    readonly decide: (principal: Principal, access: Access) => Decision
  },
): Journal {
  const group = configuration.logGroup
  const arn = `arn:${account.partition}:logs:${account.region}:${account.accountId}:log-group:${group}:log-stream:`
  const may = (action: string, resource: string) =>
    decide(principal, { action: `logs:${action}`, resource }).allowed
  let isOpen = false
  let tail = ''
  let cause: number | undefined

  return {
    open() {
      const present = logs.groups.get(group)
      isOpen =
        may('PutLogEvents', arn + stream) &&
        (present?.streams.has(stream) || may('CreateLogStream', arn + stream)) &&
        (present !== undefined || may('CreateLogGroup', arn))
      if (isOpen && !present) logs.createGroup(group)
    },
    tail: () => tail,
    isFor(event) {
      cause = event
    },
    line(text) {
      tail = `${text.startsWith('START RequestId') ? '' : tail}${text}`.slice(-TAIL)
      // The group may have been deleted in the meantime; the next invocation makes it anew.
      if (!isOpen || !logs.groups.has(group)) return
      const line = asOnAws(text, configuration, runtimeFolder)
      if (cause === undefined) events.causing(undefined, () => logs.write(group, stream, line))
      else logs.write(group, stream, line, undefined, cause)
    },
  }
}

/** Folders of this machine by the names they have on AWS: a stack trace reads the same in both places. */
export function asOnAws(text: string, { code }: Configuration, runtimeFolder: string): string {
  if (!text.includes(code.root) && !text.includes(runtimeFolder)) return text
  return text
    .replaceAll(code.task, '/var/task')
    .replaceAll(code.layers, '/opt')
    .replaceAll(runtimeFolder, '/var/runtime')
}
