import { lacking } from '../lack.ts'
import { type AlarmSettings, type Comparison, comparisons, type MissingData } from './alarm.ts'
import { constraint, invalidCombination, invalidValue, missingParameter, validationError } from './errors.ts'
import { dimensionsIn } from './metric.ts'
import { statistics } from './series.ts'

type Given = Readonly<Record<string, any>>

const MISSING_DATA = ['missing', 'ignore', 'breaching', 'notBreaching']

/** CloudWatch's quota on the actions of one state, and on how far back an alarm may look, in seconds: a day, or a week for hours. */
const MAX_ACTIONS = 5
const DAY = 86_400

/** Why an alarm is not to be had here, in so far as what is given shows it: metric math, percentiles, composite alarms, other actions. */
export function unserved(given: Given): readonly string[] {
  const actions = [given.AlarmActions, given.OKActions, given.InsufficientDataActions].flatMap(
    one => one ?? [],
  )
  return [
    ...(given.Metrics === undefined
      ? []
      : ['Metrics: expressions of several metrics are not worked out here']),
    ...(given.ThresholdMetricId === undefined ? [] : ['ThresholdMetricId: anomalies are not detected here']),
    ...(given.ExtendedStatistic === undefined
      ? []
      : [
          `ExtendedStatistic ${given.ExtendedStatistic} is not kept here: only ${Object.keys(statistics).join(', ')} are`,
        ]),
    ...(given.Period !== undefined && Number(given.Period) < 60
      ? [`Period ${given.Period}: what is counted here is counted by the minute`]
      : []),
    ...actions
      .filter(arn => typeof arn === 'string' && arn !== '' && !/^arn:[^:]+:sns:/.test(arn))
      .map(arn => `actions go to topics here, not to ${arn}`),
  ]
}

/**
 * Reads what PutMetricAlarm or a template gives: both call everything alike. Throws ValidationError, MissingParameter, InvalidParameterValue or
 * InvalidParameterCombination.
 */
export function readAlarm(given: Given, name: unknown = given.AlarmName): AlarmSettings {
  if (typeof name !== 'string' || name === '') throw constraint(name, 'alarmName', 'Member must not be null')
  const refused = unserved(given)
  if (refused.length > 0) throw lacking(invalidValue(`The local cloud: ${refused.join('; ')}`))
  for (const member of ['EvaluationPeriods', 'ComparisonOperator']) {
    const inSmithy = member[0]!.toLowerCase() + member.slice(1)
    if (given[member] === undefined) throw constraint(undefined, inSmithy, 'Member must not be null')
  }
  for (const member of ['MetricName', 'Namespace', 'Statistic', 'Period', 'Threshold']) {
    if (given[member] === undefined)
      throw missingParameter(`The parameter ${member} is required for alarms on one metric.`)
  }
  const settings: AlarmSettings = {
    name,
    description: given.AlarmDescription,
    actionsEnabled: String(given.ActionsEnabled ?? true) === 'true',
    actions: {
      OK: actionsIn(given.OKActions),
      ALARM: actionsIn(given.AlarmActions),
      INSUFFICIENT_DATA: actionsIn(given.InsufficientDataActions),
    },
    namespace: String(given.Namespace),
    metricName: String(given.MetricName),
    dimensions: dimensionsIn(given.Dimensions),
    statistic: oneOf(Object.keys(statistics), given.Statistic, 'statistic'),
    unit: given.Unit,
    period: whole(given.Period, 'period'),
    evaluationPeriods: whole(given.EvaluationPeriods, 'evaluationPeriods'),
    datapointsToAlarm:
      given.DatapointsToAlarm === undefined ? undefined : whole(given.DatapointsToAlarm, 'datapointsToAlarm'),
    threshold: Number(given.Threshold),
    comparison: oneOf(Object.keys(comparisons), given.ComparisonOperator, 'comparisonOperator') as Comparison,
    treatMissingData:
      given.TreatMissingData === undefined
        ? undefined
        : (oneOf(MISSING_DATA, given.TreatMissingData, 'treatMissingData') as MissingData),
  }
  check(settings)
  return settings
}

function check({ period, evaluationPeriods, datapointsToAlarm = 1, threshold }: AlarmSettings): void {
  if (Number.isNaN(threshold)) throw invalidValue('The value for parameter Threshold is invalid.')
  if (period % 60 !== 0) throw validationError('Period must be 10, 30 or a multiple of 60')
  const most = period >= 3600 ? 7 * DAY : DAY
  if (period * evaluationPeriods > most) {
    throw validationError(
      `Metrics cannot be checked across more than ${most === DAY ? 'a day' : 'a week'} (EvaluationPeriods * Period must be <= ${most}).`,
    )
  }
  if (datapointsToAlarm > evaluationPeriods) {
    throw invalidCombination('DatapointsToAlarm must not be greater than EvaluationPeriods.')
  }
}

function actionsIn(list: unknown): readonly string[] {
  const actions = (Array.isArray(list) ? list : []).map(String)
  if (actions.length > MAX_ACTIONS) {
    throw constraint(
      `[${actions.join(', ')}]`,
      'alarmActions',
      `Member must have length less than or equal to ${MAX_ACTIONS}`,
    )
  }
  return actions
}

function whole(value: unknown, member: string): number {
  const number = Number(value)
  if (Number.isInteger(number) && number >= 1) return number
  throw constraint(value, member, 'Member must have value greater than or equal to 1')
}

function oneOf(known: readonly string[], value: unknown, member: string): string {
  if (known.includes(String(value))) return String(value)
  throw constraint(value, member, `Member must satisfy enum value set: [${known.join(', ')}]`)
}
