import { type AlarmSettings, comparisons, type StateValue } from './alarm.ts'
import { type Datapoint, MINUTE, type Series, statistics } from './series.ts'

/** What an evaluation comes to. `undefined` as the state: it stays as it is. */
export interface Judgement {
  readonly value: StateValue | undefined
  /** The real datapoints that were looked at, latest first. */
  readonly evaluated: readonly Evaluated[]
  /** How many of them were wanted for the state. */
  readonly decisive: readonly Evaluated[]
  readonly missing: number
}

export interface Evaluated extends Datapoint {
  readonly value: number
  readonly breaching: boolean
}

/** How many periods beyond those that are asked for CloudWatch looks at, in case some have no data. AWS tells no number; its examples have two. */
const SPARE = 2

/**
 * Looks at the last periods of an alarm's metric, as "How CloudWatch alarms handle missing data" has it: real datapoints count before missing ones,
 * which are filled in, as few as can be, by `TreatMissingData`. `at` is a full minute.
 */
export function judge(settings: AlarmSettings, series: Series, at: number): Judgement {
  const { evaluationPeriods: periods, datapointsToAlarm: needed = periods } = settings
  const ages = realDatapoints(settings, series, at)
  const evaluated = [...ages.values()].slice(0, periods)
  const missing = periods - evaluated.length
  const breaching = evaluated.filter(one => one.breaching)
  const calm = evaluated.filter(one => !one.breaching)
  const told = (value: StateValue | undefined, decisive: readonly Evaluated[]): Judgement => ({
    value,
    evaluated,
    decisive,
    missing,
  })

  if (missing === 0 || settings.treatMissingData === 'notBreaching') {
    return breaching.length >= needed ? told('ALARM', breaching) : told('OK', calm)
  }
  if (settings.treatMissingData === 'breaching') {
    return breaching.length + missing >= needed ? told('ALARM', breaching) : told('OK', calm)
  }
  const isIgnored = settings.treatMissingData === 'ignore'
  if (evaluated.length === 0) return told(isIgnored ? undefined : 'INSUFFICIENT_DATA', [])
  if (breaching.length >= needed) return told('ALARM', breaching)
  // One that does not breach is enough as long as not all the others can be told to.
  if (calm.length > 0) return told('OK', calm)
  if (isIgnored) return told(undefined, breaching)
  // Nothing but breaches: an alarm only when the oldest of them is old enough, so that it is not raised too early.
  const oldest = [...ages.keys()].at(-1) ?? 0
  return oldest >= needed ? told('ALARM', breaching) : told(undefined, breaching)
}

/** Datapoints by how many periods ago they were, the latest being 1. */
function realDatapoints(settings: AlarmSettings, series: Series, at: number): Map<number, Evaluated> {
  const period = settings.period * 1000
  const range = settings.evaluationPeriods + SPARE
  const from = at - range * period
  const { breaches } = comparisons[settings.comparison]
  const points = series.read(settings, from, at, period, settings.unit)
  return new Map(
    [...points].reverse().map(point => {
      const value = statistics[settings.statistic]!(point)
      const age = Math.round((at - point.at) / period)
      return [age, { ...point, value, breaching: breaches(value, settings.threshold) }]
    }),
  )
}

/** The minute that has just ended at `now`. */
export const fullMinute = (now: number) => Math.floor(now / MINUTE) * MINUTE
