import { lacking } from '../lack.ts'
import type { Operation } from '../service.ts'
import { constraint, invalidCombination, invalidValue, missingParameter, validationError } from './errors.ts'
import { type Input, listIn, paged, timeIn } from './input.ts'
import { dimensionsIn, listOfDimensions, type Metric } from './metric.ts'
import { hasDimensions, MINUTE, type Series, type Summary, statistics } from './series.ts'

/** CloudWatch's quotas: metrics of a page, datapoints of GetMetricStatistics, values of one datum. */
const LIST_PAGE = 500
const MAX_DATAPOINTS = 1440
const MAX_VALUES = 150

/** The operations on metrics. IAM knows no metrics as resources; PutMetricData can be bound to a namespace. */
export function metricOperations(series: Series, now: () => number): readonly Operation<Input>[] {
  const anywhere = (name: string) => () => [{ action: `cloudwatch:${name}`, resource: '*' }]

  return [
    {
      name: 'PutMetricData',
      access: ({ Namespace = '' }) => [
        { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': Namespace } },
      ],
      run(input) {
        const { Namespace: namespace } = input
        if (!namespace) throw missingParameter('The parameter Namespace is required.')
        if (/^AWS\//.test(namespace)) {
          throw invalidValue(`The value AWS/ for parameter Namespace is invalid.`)
        }
        for (const datum of listIn(input.MetricData)) {
          const { MetricName: metricName, Unit = 'None' } = datum
          if (!metricName) throw missingParameter('The parameter MetricData.member.1.MetricName is required.')
          const metric = { namespace, metricName, dimensions: dimensionsIn(datum.Dimensions) }
          for (const summary of summariesIn(datum)) {
            series.add(metric, Unit, timeIn(datum, 'Timestamp') ?? now(), summary)
          }
        }
      },
    },
    {
      name: 'ListMetrics',
      access: anywhere('ListMetrics'),
      run(input) {
        const found = series
          .list()
          .filter(
            ({ namespace, metricName, dimensions }) =>
              (!input.Namespace || namespace === input.Namespace) &&
              (!input.MetricName || metricName === input.MetricName) &&
              hasDimensions(dimensions, listIn(input.Dimensions)),
          )
        const { items, NextToken } = paged(found, { NextToken: input.NextToken }, LIST_PAGE)
        return { Metrics: items.map(shownMetric), NextToken }
      },
    },
    { name: 'GetMetricStatistics', access: anywhere('GetMetricStatistics'), run: getStatistics },
    { name: 'GetMetricData', access: anywhere('GetMetricData'), run: getData },
  ]

  function getStatistics(input: Input) {
    for (const member of ['Namespace', 'MetricName', 'StartTime', 'EndTime', 'Period']) {
      if (input[member] === undefined) throw missingParameter(`The parameter ${member} is required.`)
    }
    const asked = listIn(input.Statistics)
    if (asked.length === 0) {
      throw listIn(input.ExtendedStatistics).length > 0
        ? lacking(
            invalidValue(
              'The local cloud: ExtendedStatistics want every sample, and only sums are kept here',
            ),
          )
        : missingParameter('At least one of Statistics and ExtendedStatistics must be specified.')
    }
    for (const name of asked) checkStatistic(name)
    const { from, to, period } = rangeIn(input, input.Period)
    // A day by the minute is 1,440, at whatever second it begins.
    const most = Math.ceil((to - timeIn(input, 'StartTime')!) / period)
    if (most > MAX_DATAPOINTS) {
      throw invalidCombination(
        `You have requested up to ${most} datapoints, which exceeds the limit of ${MAX_DATAPOINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
      )
    }
    const metric = metricIn(input)
    // Each unit has datapoints of its own: CloudWatch never adds seconds to bytes.
    const units = input.Unit ? [input.Unit] : series.unitsOf(metric)
    return {
      Label: input.MetricName,
      Datapoints: units.flatMap(unit =>
        series.read(metric, from, to, period, unit).map(point => ({
          Timestamp: new Date(point.at),
          ...Object.fromEntries(asked.map(name => [name, statistics[name]!(point)])),
          Unit: unit,
        })),
      ),
    }
  }

  function getData(input: Input) {
    const queries = listIn(input.MetricDataQueries)
    for (const { Expression } of queries) {
      if (Expression !== undefined) {
        throw lacking(validationError(`The local cloud: expressions are not worked out here: ${Expression}`))
      }
    }
    const isAscending = input.ScanBy === 'TimestampAscending'
    const wanted = queries.filter(({ ReturnData }) => String(ReturnData ?? true) === 'true')
    return {
      MetricDataResults: wanted.map(({ Id, Label, MetricStat = {} }) => {
        const { Metric: asked = {}, Period, Stat, Unit } = MetricStat
        checkStatistic(Stat)
        const { from, to, period } = rangeIn(input, Period)
        const points = [...series.read(metricIn(asked), from, to, period, Unit)]
        if (!isAscending) points.reverse()
        return {
          Id,
          Label: Label ?? asked.MetricName,
          Timestamps: points.map(({ at }) => new Date(at)),
          Values: points.map(statistics[Stat]!),
          StatusCode: 'Complete',
        }
      }),
      Messages: [],
    }
  }
}

/** From `StartTime`, moved back to a full period, to `EndTime`, which is not included. */
function rangeIn(input: Input, seconds: unknown) {
  const period = Number(seconds) * 1000
  if (!(period >= MINUTE) || period % MINUTE !== 0) {
    throw invalidValue(
      'The parameter Period must be a multiple of 60: what is counted here is counted by the minute',
    )
  }
  const [start, to] = [timeIn(input, 'StartTime'), timeIn(input, 'EndTime')]
  if (start === undefined || to === undefined || start >= to) {
    throw validationError('The parameter StartTime must be less than the parameter EndTime.')
  }
  return { from: Math.floor(start / period) * period, to, period }
}

function checkStatistic(name: unknown): void {
  if (Object.hasOwn(statistics, String(name))) return
  const known = Object.keys(statistics).join(', ')
  throw constraint(name, 'statistics.1.member', `Member must satisfy enum value set: [${known}]`)
}

function summariesIn({ Value, StatisticValues, Values, Counts }: Input): readonly Summary[] {
  if (StatisticValues) {
    const { SampleCount, Sum, Minimum, Maximum } = StatisticValues
    const [sampleCount, sum, minimum, maximum] = [SampleCount, Sum, Minimum, Maximum].map(Number)
    return [{ sampleCount: sampleCount!, sum: sum!, minimum: minimum!, maximum: maximum! }]
  }
  const values = Value === undefined ? listIn(Values) : [Value]
  if (values.length > MAX_VALUES) {
    throw invalidValue(
      `The collection MetricData.member.1.Values must not have a size greater than ${MAX_VALUES}.`,
    )
  }
  return values.map((value, place) => {
    const [number, sampleCount] = [Number(value), Number(listIn(Counts)[place] ?? 1)]
    return { sampleCount, sum: number * sampleCount, minimum: number, maximum: number }
  })
}

const metricIn = ({ Namespace, MetricName, Dimensions }: Input): Metric => ({
  namespace: Namespace,
  metricName: MetricName,
  dimensions: dimensionsIn(Dimensions),
})

const shownMetric = ({ namespace, metricName, dimensions }: Metric) => ({
  Namespace: namespace,
  MetricName: metricName,
  Dimensions: listOfDimensions(dimensions),
})
