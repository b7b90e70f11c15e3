/** What a metric is about: `{ ApiId: 'abc', Stage: 'live' }`. */
export type Dimensions = Readonly<Record<string, string>>

/** A metric's identity. Other dimensions, or the same and one more, are another metric: CloudWatch adds nothing up. */
export interface Metric {
  readonly namespace: string
  readonly metricName: string
  readonly dimensions: Dimensions
}

/** How CloudWatch writes what is counted. */
export type Unit = 'Count' | 'Milliseconds' | 'Seconds' | 'Bytes' | 'None' | (string & {})

/** Where the rooms of the cloud report to. */
export interface Meter {
  /** Adds one sample to the metric of that name with each of these sets of dimensions: now, unless it was taken at another time. */
  record(
    namespace: string,
    metricName: string,
    value: number,
    unit: Unit,
    about: readonly Dimensions[],
    at?: number,
  ): void
}

/** For rooms that are started alone. */
export const noMeter: Meter = { record() {} }

/** Two metrics are the same if their keys are. */
export const keyOf = ({ namespace, metricName, dimensions }: Metric): string =>
  JSON.stringify([namespace, metricName, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))])

/** Dimensions as the API has them. */
export const listOfDimensions = (dimensions: Dimensions) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))

/** Dimensions as they are given to the API, or in a template. */
export const dimensionsIn = (list: unknown): Dimensions =>
  Object.fromEntries(
    (Array.isArray(list) ? list : []).map(({ Name, Value }: any) => [String(Name), String(Value)]),
  )
