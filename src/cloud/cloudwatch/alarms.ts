import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Events } from '../events.ts'
import type { Alarm, AlarmSettings, AlarmState, StateValue } from './alarm.ts'
import { notFound } from './errors.ts'
import { fullMinute, judge } from './judge-alarm.ts'
import { reasonDataFor, reasonFor } from './reason.ts'
import { MINUTE, type Series } from './series.ts'

/** The alarms of an account. */
export interface Alarms {
  /** In the order of their names. */
  all(): readonly Alarm[]
  find(name: string): Alarm | undefined
  /** Makes an alarm or changes one: its state stays, as PutMetricAlarm has it. */
  put(settings: AlarmSettings, tags?: ReadonlyMap<string, string>): Alarm
  delete(name: string): void
  /** Sets a state until the next evaluation. Throws ResourceNotFound. */
  setState(name: string, value: StateValue, reason: string, reasonData?: string): void
  /** The history of alarms, latest first: the last hundred entries of each. */
  history(name?: string): readonly HistoryItem[]
}

export interface HistoryItem {
  readonly alarmName: string
  readonly at: number
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action'
  readonly summary: string
  readonly data: unknown
}

/** What an alarm that changes its state does besides. */
export type Act = (alarm: Alarm, before: AlarmState) => readonly string[]

const REMEMBERED = 100

/**
 * Starts without an alarm. By the cloud's clock, every minute, `sample` is called, so that what is counted by the minute is there, and then each alarm is
 * looked at.
 */
export function startAlarms({
  account,
  clock,
  events,
  series,
  sample,
  act,
}: {
  readonly account: Account
  readonly clock: Clock
  readonly events: Events
  readonly series: Series
  /** `at` is within the minute that ends. */
  readonly sample: (at: number) => void
  /** Runs the actions of an alarm's new state; answers with a line for each. */
  readonly act: Act
}): Alarms {
  const alarms = new Map<string, Alarm>()
  const history = new Map<string, HistoryItem[]>()
  waitForMinute()

  const store: Alarms = {
    all: () => [...alarms.values()].sort((a, b) => (a.settings.name < b.settings.name ? -1 : 1)),
    find: name => alarms.get(name),
    put(settings, tags) {
      const before = alarms.get(settings.name)
      const now = clock.now()
      const alarm: Alarm = {
        settings,
        arn: `arn:${account.partition}:cloudwatch:${account.region}:${account.accountId}:alarm:${settings.name}`,
        configuredAt: now,
        state: before?.state ?? {
          value: 'INSUFFICIENT_DATA',
          reason: 'Unchecked: Initial alarm creation',
          reasonData: undefined,
          since: now,
        },
        tags: tags ?? before?.tags ?? new Map(),
      }
      alarms.set(settings.name, alarm)
      const summary = `Alarm "${settings.name}" ${before ? 'updated' : 'created'}`
      note({ alarmName: settings.name, at: now, type: 'ConfigurationUpdate', summary, data: {} })
      return alarm
    },
    delete(name) {
      alarms.delete(name)
      history.delete(name)
    },
    setState(name, value, reason, reasonData) {
      const alarm = alarms.get(name)
      if (!alarm) throw notFound('')
      change(alarm, { value, reason, reasonData, since: clock.now() })
    },
    history: name =>
      [...history]
        .filter(([alarmName]) => name === undefined || alarmName === name)
        .flatMap(([, items]) => items)
        .sort((a, b) => b.at - a.at),
  }
  return store

  function waitForMinute() {
    clock.after(MINUTE - (clock.now() % MINUTE), () => {
      waitForMinute()
      sample(clock.now() - 1)
      for (const alarm of alarms.values()) evaluate(alarm)
    })
  }

  function evaluate(alarm: Alarm) {
    const now = clock.now()
    const judgement = judge(alarm.settings, series, fullMinute(now))
    const { value } = judgement
    if (value === undefined || value === alarm.state.value) return
    change(alarm, {
      value,
      reason: reasonFor(alarm.settings, judgement, alarm.state.value),
      reasonData: reasonDataFor(alarm.settings, judgement, now),
      since: now,
    })
  }

  function change(alarm: Alarm, state: AlarmState) {
    const before = alarm.state
    const changed = { ...alarm, state }
    const { name, actionsEnabled } = alarm.settings
    alarms.set(name, changed)
    if (before.value === state.value) return
    events.emit({ kind: 'alarm', alarmName: name, state: state.value, because: state.reason })
    note({
      alarmName: name,
      at: state.since,
      type: 'StateUpdate',
      summary: `Alarm updated from ${before.value} to ${state.value}`,
      data: { oldState: stateOf(before), newState: stateOf(state) },
    })
    if (!actionsEnabled) return
    for (const summary of act(changed, before)) {
      note({ alarmName: name, at: state.since, type: 'Action', summary, data: {} })
    }
  }

  function note(item: HistoryItem) {
    const items = [item, ...(history.get(item.alarmName) ?? [])]
    history.set(item.alarmName, items.slice(0, REMEMBERED))
  }
}

const stateOf = ({ value, reason, reasonData }: AlarmState) => ({
  stateValue: value,
  stateReason: reason,
  ...(reasonData && { stateReasonData: JSON.parse(reasonData) }),
})
