import type { Dimensions, Unit } from './metric.ts'

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

/** How an alarm was asked for. */
export interface AlarmSettings {
  readonly name: string
  readonly description: string | undefined
  readonly actionsEnabled: boolean
  /** ARNs of topics and functions, by the state that sets them off. */
  readonly actions: Readonly<Record<StateValue, readonly string[]>>
  readonly namespace: string
  readonly metricName: string
  readonly dimensions: Dimensions
  readonly statistic: string
  readonly unit: Unit | undefined
  /** Seconds. */
  readonly period: number
  readonly evaluationPeriods: number
  /** As it was asked for: without it all periods have to breach. */
  readonly datapointsToAlarm: number | undefined
  readonly threshold: number
  readonly comparison: Comparison
  /** As it was asked for; `missing` unless it was. */
  readonly treatMissingData: MissingData | undefined
}

export type Comparison =
  | 'GreaterThanThreshold'
  | 'GreaterThanOrEqualToThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold'

export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching'

/** In which state an alarm is, and why. */
export interface AlarmState {
  readonly value: StateValue
  readonly reason: string
  /** JSON, for programs. */
  readonly reasonData: string | undefined
  /** Milliseconds since the epoch. */
  readonly since: number
}

/** An alarm that is there. */
export interface Alarm {
  readonly settings: AlarmSettings
  readonly arn: string
  readonly configuredAt: number
  readonly state: AlarmState
  readonly tags: ReadonlyMap<string, string>
}

/** How each comparison is done, and put into words. */
export const comparisons: Readonly<
  Record<Comparison, { readonly words: string; breaches(value: number, threshold: number): boolean }>
> = {
  GreaterThanThreshold: { words: 'greater than', breaches: (value, threshold) => value > threshold },
  GreaterThanOrEqualToThreshold: {
    words: 'greater than or equal to',
    breaches: (value, threshold) => value >= threshold,
  },
  LessThanThreshold: { words: 'less than', breaches: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: {
    words: 'less than or equal to',
    breaches: (value, threshold) => value <= threshold,
  },
}
