import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import type { Events } from '../events.ts'
import type { Service } from '../service.ts'
import { alarmActions, type PublishFor } from './alarm-actions.ts'
import { alarmOperations } from './alarm-operations.ts'
import { alarmResource } from './alarm-resource.ts'
import { type Alarms, startAlarms } from './alarms.ts'
import { inAllDialects } from './dialects.ts'
import { meterLambda } from './from-lambda.ts'
import type { Meter } from './metric.ts'
import { metricOperations } from './metric-operations.ts'
import { keepSeries } from './series.ts'

/** Amazon CloudWatch: metrics of what happens here, and alarms on them. */
export interface CloudWatch {
  readonly meter: Meter
  readonly alarms: Alarms
  readonly resources: readonly ResourceType[]
  /** The same operations in each protocol. */
  readonly services: readonly Service[]
}

/** Starts CloudWatch without a metric and without an alarm. */
export function startCloudWatch({
  account,
  clock,
  events,
  sample,
  publishFor,
}: {
  readonly account: Account
  readonly clock: Clock
  readonly events: Events
  /** Called at the end of each minute, for what is measured by looking. `at` is the last moment of that minute. */
  readonly sample: (at: number) => void
  readonly publishFor: PublishFor
}): CloudWatch {
  const series = keepSeries(clock.now)
  meterLambda(events, series)
  const alarms = startAlarms({
    account,
    clock,
    events,
    series,
    act: alarmActions(account, publishFor),
    sample,
  })
  return {
    meter: series,
    alarms,
    resources: [alarmResource(alarms)],
    services: inAllDialects([...alarmOperations(alarms, account), ...metricOperations(series, clock.now)]),
  }
}
