import { type AlarmSettings, comparisons, type StateValue } from './alarm.ts'
import type { Evaluated, Judgement } from './judge-alarm.ts'

/** Why an alarm changes its state, in CloudWatch's words as notifications on the web have them. */
export function reasonFor(settings: AlarmSettings, judgement: Judgement, from: StateValue): string {
  const { value, decisive, evaluated, missing } = judgement
  const { evaluationPeriods: periods, datapointsToAlarm: needed = periods, threshold } = settings
  if (value === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${periods} ${periods === 1 ? 'datapoint was' : 'datapoints were'} unknown.`
  }
  const treated = `treated as [${settings.treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching'}]`
  if (evaluated.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${counted(periods, 'period')} and ${counted(missing, 'missing datapoint')} ${were(missing)} ${treated}.`
  }
  const words = `${value === 'ALARM' ? '' : 'not '}${comparisons[settings.comparison].words} the threshold (${decimal(threshold)})`
  const filled =
    missing > 0 && /reaching$/.test(settings.treatMissingData ?? '')
      ? ` and ${counted(missing, 'missing datapoint')} ${were(missing)} ${treated}`
      : ''
  const points = `[${decisive.map(shown).join(', ')}] ${were(decisive.length)} ${words}${filled}`
  if (settings.datapointsToAlarm === undefined) {
    return `Threshold Crossed: ${counted(decisive.length, 'datapoint')} ${points}.`
  }
  const least = value === 'ALARM' ? needed : periods - needed + 1
  return (
    `Threshold Crossed: ${decisive.length} out of the last ${periods} datapoints ${points} ` +
    `(minimum ${counted(least, 'datapoint')} for ${transition(value, from)} transition).`
  )
}

/** A new alarm is `INSUFFICIENT_DATA`; CloudWatch words its first change as one from the opposite. */
const transition = (to: StateValue | undefined, from: StateValue): string =>
  `${from === 'INSUFFICIENT_DATA' ? (to === 'ALARM' ? 'OK' : 'ALARM') : from} -> ${to}`

/** The same for programs. */
export function reasonDataFor(settings: AlarmSettings, { evaluated }: Judgement, at: number): string {
  return JSON.stringify({
    version: '1.0',
    queryDate: timestamp(at),
    ...(evaluated.length > 0 && { startDate: timestamp(evaluated.at(-1)!.at) }),
    ...(settings.unit && { unit: settings.unit }),
    statistic: settings.statistic,
    period: settings.period,
    recentDatapoints: evaluated.map(({ value }) => value).reverse(),
    threshold: settings.threshold,
    evaluatedDatapoints: evaluated.map(({ at, sampleCount, value }) => ({
      timestamp: timestamp(at),
      sampleCount,
      value,
    })),
  })
}

/** `2019-02-12T15:45:24.006+0000`: CloudWatch's own way of writing a time. */
export const timestamp = (at: number): string => new Date(at).toISOString().replace('Z', '+0000')

/** `1.0 (12/02/19 15:44:00)`: day, month, year. */
function shown({ value, at }: Evaluated): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T')
  const [year = '', month, date] = day.split('-')
  return `${decimal(value)} (${date}/${month}/${year.slice(2)} ${time.slice(0, 8)})`
}

const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value))
const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
const were = (count: number) => (count === 1 ? 'was' : 'were')
