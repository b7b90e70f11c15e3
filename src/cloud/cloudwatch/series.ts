import { type Dimensions, keyOf, type Meter, type Metric, type Unit } from './metric.ts'

/** What CloudWatch keeps of the samples of one minute. */
export interface Summary {
  readonly sampleCount: number
  readonly sum: number
  readonly minimum: number
  readonly maximum: number
}

/** Samples of one period. */
export interface Datapoint extends Summary {
  /** When the period began, in milliseconds since the epoch by the cloud's clock. */
  readonly at: number
}

/** All metrics of the account. */
export interface Series extends Meter {
  /** Adds samples that were taken at another time, or are summed up already. */
  add(metric: Metric, unit: Unit, at: number, summary: Summary): void
  /** Datapoints from `from`, a full minute, to `to` (not included), in periods of so many milliseconds; none for a period without samples. */
  read(metric: Metric, from: number, to: number, period: number, unit?: Unit): readonly Datapoint[]
  /** Metrics that were heard of in the last two weeks (CloudWatch forgets the others in its lists). */
  list(): readonly Metric[]
  /** What a metric was counted in, in the order in which it came. */
  unitsOf(metric: Metric): readonly Unit[]
}

export const MINUTE = 60_000
/** CloudWatch keeps minutes for fifteen days. */
const KEPT = 15 * 24 * 60 * MINUTE
/** What ListMetrics shows. */
const LISTED = 14 * 24 * 60 * MINUTE

interface Kept {
  readonly metric: Metric
  /** By unit, then by the minute in which they were taken. */
  readonly units: Map<Unit, Map<number, Summary>>
  lastAt: number
}

/** Starts without a metric. */
export function keepSeries(now: () => number): Series {
  const metrics = new Map<string, Kept>()
  /** Who reports often gives the same object again: it leads to the metric without its key. */
  const known = new WeakMap<Dimensions, Map<string, Kept>>()

  const series: Series = {
    record(namespace, metricName, value, unit, about, at = now()) {
      for (const dimensions of about) addTo(keptFor(namespace, metricName, dimensions), unit, at, one(value))
    },
    add: (metric, unit, at, summary) => addTo(keptOf(metric), unit, at, summary),
    read(metric, from, to, period, unit) {
      const points = new Map<number, Datapoint>()
      for (const [counted, minutes] of metrics.get(keyOf(metric))?.units ?? []) {
        if (unit !== undefined && counted !== unit) continue
        for (let minute = from; minute < to; minute += MINUTE) {
          const summary = minutes.get(minute)
          if (!summary) continue
          const at = from + Math.floor((minute - from) / period) * period
          const before = points.get(at)
          points.set(at, { at, ...(before ? together(before, summary) : summary) })
        }
      }
      return [...points.values()].sort((a, b) => a.at - b.at)
    },
    list: () =>
      [...metrics.values()].filter(({ lastAt }) => lastAt > now() - LISTED).map(({ metric }) => metric),
    unitsOf: metric => [...(metrics.get(keyOf(metric))?.units.keys() ?? [])],
  }
  return series

  function addTo(kept: Kept, unit: Unit, at: number, summary: Summary): void {
    let minutes = kept.units.get(unit)
    if (!minutes) {
      minutes = new Map()
      kept.units.set(unit, minutes)
    }
    const minute = Math.floor(at / MINUTE) * MINUTE
    const before = minutes.get(minute)
    minutes.set(minute, before ? together(before, summary) : summary)
    kept.lastAt = Math.max(kept.lastAt, at)
    if (!before) forgetOld(minutes)
  }

  function keptFor(namespace: string, metricName: string, dimensions: Dimensions): Kept {
    let byName = known.get(dimensions)
    if (!byName) {
      byName = new Map()
      known.set(dimensions, byName)
    }
    const name = `${namespace} ${metricName}`
    let kept = byName.get(name)
    if (!kept) {
      kept = keptOf({ namespace, metricName, dimensions })
      byName.set(name, kept)
    }
    return kept
  }

  function keptOf(metric: Metric): Kept {
    const key = keyOf(metric)
    const kept = metrics.get(key) ?? { metric, units: new Map(), lastAt: 0 }
    metrics.set(key, kept)
    return kept
  }

  /** Minutes come in their order, all but those that PutMetricData dates back: the oldest stand first. */
  function forgetOld(minutes: Map<number, Summary>): void {
    for (const minute of minutes.keys()) {
      if (minute > now() - KEPT) return
      minutes.delete(minute)
    }
  }
}

/** One sample. */
const one = (value: number): Summary => ({ sampleCount: 1, sum: value, minimum: value, maximum: value })

const together = (a: Summary, b: Summary): Summary => ({
  sampleCount: a.sampleCount + b.sampleCount,
  sum: a.sum + b.sum,
  minimum: Math.min(a.minimum, b.minimum),
  maximum: Math.max(a.maximum, b.maximum),
})

/** The statistics that CloudWatch can tell from what is kept. Percentiles would want every sample. */
export const statistics: Readonly<Record<string, (summary: Summary) => number>> = {
  SampleCount: ({ sampleCount }) => sampleCount,
  Average: ({ sum, sampleCount }) => sum / sampleCount,
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
}

/** Metrics with these dimensions, and perhaps more. */
export const hasDimensions = (dimensions: Dimensions, wanted: readonly { Name: string; Value?: string }[]) =>
  wanted.every(
    ({ Name, Value }) =>
      dimensions[Name] !== undefined && (Value === undefined || dimensions[Name] === Value),
  )
