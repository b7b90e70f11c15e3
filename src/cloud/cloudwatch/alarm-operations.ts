import type { Account } from '../account.ts'
import type { Access, Operation } from '../service.ts'
import type { Alarm, StateValue } from './alarm.ts'
import { readAlarm } from './alarm-settings.ts'
import type { Alarms, HistoryItem } from './alarms.ts'
import { constraint, notFound } from './errors.ts'
import { type Input, listIn, paged, timeIn } from './input.ts'
import { dimensionsIn, keyOf, listOfDimensions } from './metric.ts'

/** CloudWatch's pages. */
const PAGE = 100
const STATES: readonly StateValue[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA']

/** The operations on alarms. */
export function alarmOperations(alarms: Alarms, account: Account): readonly Operation<Input>[] {
  const arnOf = (name: string) =>
    `arn:${account.partition}:cloudwatch:${account.region}:${account.accountId}:alarm:${name}`
  const on = (action: string, names: readonly string[]): readonly Access[] =>
    (names.length > 0 ? names : ['*']).map(name => ({
      action: `cloudwatch:${action}`,
      resource: arnOf(name),
    }))

  return [
    {
      name: 'PutMetricAlarm',
      access: ({ AlarmName = '' }) => on('PutMetricAlarm', [AlarmName]),
      run(input) {
        const tags = listIn(input.Tags).map(({ Key, Value }) => [Key, Value] as const)
        alarms.put(readAlarm(input), alarms.find(input.AlarmName) ? undefined : new Map(tags))
      },
    },
    {
      name: 'DeleteAlarms',
      access: ({ AlarmNames }) => on('DeleteAlarms', listIn(AlarmNames)),
      run({ AlarmNames }) {
        const names = listIn(AlarmNames)
        const gone = names.find(name => !alarms.find(name))
        if (gone !== undefined) throw notFound(`Alarm ${gone} does not exist`)
        for (const name of names) alarms.delete(name)
      },
    },
    {
      name: 'SetAlarmState',
      access: ({ AlarmName = '' }) => on('SetAlarmState', [AlarmName]),
      run({ AlarmName, StateValue, StateReason, StateReasonData }) {
        if (!STATES.includes(StateValue)) {
          throw constraint(
            StateValue,
            'stateValue',
            'Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]',
          )
        }
        if (StateReason === undefined) throw constraint(undefined, 'stateReason', 'Member must not be null')
        alarms.setState(AlarmName, StateValue, StateReason, StateReasonData)
      },
    },
    switching('EnableAlarmActions', true),
    switching('DisableAlarmActions', false),
    {
      name: 'DescribeAlarms',
      access: ({ AlarmNames }) => on('DescribeAlarms', listIn(AlarmNames)),
      run(input) {
        const { AlarmNamePrefix, StateValue, ActionPrefix } = input
        const types = listIn(input.AlarmTypes)
        const names = listIn(input.AlarmNames)
        const found = alarms.all().filter(
          ({ settings, state }) =>
            (names.length === 0 || names.includes(settings.name)) &&
            (!AlarmNamePrefix || settings.name.startsWith(AlarmNamePrefix)) &&
            (!StateValue || state.value === StateValue) &&
            (!ActionPrefix ||
              Object.values(settings.actions)
                .flat()
                .some(arn => arn.startsWith(ActionPrefix))) &&
            (types.length === 0 || types.includes('MetricAlarm')),
        )
        const { items, NextToken } = paged(found, input, PAGE)
        return { MetricAlarms: items.map(shown), CompositeAlarms: [], NextToken }
      },
    },
    {
      name: 'DescribeAlarmsForMetric',
      access: () => [{ action: 'cloudwatch:DescribeAlarmsForMetric', resource: '*' }],
      run(input) {
        const wanted = keyOf({
          namespace: input.Namespace,
          metricName: input.MetricName,
          dimensions: dimensionsIn(input.Dimensions),
        })
        const found = alarms
          .all()
          .filter(
            ({ settings }) =>
              keyOf(settings) === wanted &&
              (!input.Statistic || settings.statistic === input.Statistic) &&
              (!input.Period || settings.period === Number(input.Period)),
          )
        return { MetricAlarms: found.map(shown) }
      },
    },
    {
      name: 'DescribeAlarmHistory',
      access: ({ AlarmName }) => on('DescribeAlarmHistory', AlarmName ? [AlarmName] : []),
      run(input) {
        const from = timeIn(input, 'StartDate') ?? Number.NEGATIVE_INFINITY
        const to = timeIn(input, 'EndDate') ?? Number.POSITIVE_INFINITY
        const found = alarms
          .history(input.AlarmName)
          .filter(
            ({ type, at }) =>
              (!input.HistoryItemType || type === input.HistoryItemType) && at >= from && at <= to,
          )
        const inOrder = input.ScanBy === 'TimestampAscending' ? [...found].reverse() : found
        const { items, NextToken } = paged(inOrder, input, PAGE)
        return { AlarmHistoryItems: items.map(shownItem), NextToken }
      },
    },
  ]

  function switching(name: string, actionsEnabled: boolean): Operation<Input> {
    return {
      name,
      access: ({ AlarmNames }) => on(name, listIn(AlarmNames)),
      run({ AlarmNames }) {
        // Names that are not there are no error.
        for (const one of listIn(AlarmNames)) {
          const alarm = alarms.find(one)
          if (alarm) alarms.put({ ...alarm.settings, actionsEnabled })
        }
      },
    }
  }
}

const shown = ({ settings, arn, configuredAt, state }: Alarm) => ({
  AlarmName: settings.name,
  AlarmArn: arn,
  AlarmDescription: settings.description,
  AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
  ActionsEnabled: settings.actionsEnabled,
  OKActions: settings.actions.OK,
  AlarmActions: settings.actions.ALARM,
  InsufficientDataActions: settings.actions.INSUFFICIENT_DATA,
  StateValue: state.value,
  StateReason: state.reason,
  StateReasonData: state.reasonData,
  StateUpdatedTimestamp: new Date(state.since),
  StateTransitionedTimestamp: new Date(state.since),
  MetricName: settings.metricName,
  Namespace: settings.namespace,
  Statistic: settings.statistic,
  Dimensions: listOfDimensions(settings.dimensions),
  Period: settings.period,
  Unit: settings.unit,
  EvaluationPeriods: settings.evaluationPeriods,
  DatapointsToAlarm: settings.datapointsToAlarm,
  Threshold: settings.threshold,
  ComparisonOperator: settings.comparison,
  TreatMissingData: settings.treatMissingData,
})

const shownItem = ({ alarmName, at, type, summary, data }: HistoryItem) => ({
  AlarmName: alarmName,
  AlarmType: 'MetricAlarm',
  Timestamp: new Date(at),
  HistoryItemType: type,
  HistorySummary: summary,
  HistoryData: JSON.stringify({ version: '1.0', ...(data as object) }),
})
