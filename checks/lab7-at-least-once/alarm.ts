import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch'
import { type Scene, Unmet } from '#kit'
import { type Fed, fedByTheTopic } from './fan-out.ts'

/** What grows when a message is put aside. `NumberOfMessagesSent` does not: nobody sends it there, SQS moves it. */
const COUNTING = 'ApproximateNumberOfMessagesVisible'
const AGEING = 'ApproximateAgeOfOldestMessage'
/** Statistics that are above a threshold when the value is. `SampleCount` tells how often was measured, whatever the value. */
const OF_THE_VALUE = /^(Maximum|Average|Sum|Minimum|p\d|tm|wm|ts|tc|pr|iqm)/i
/** How long it may take until the alarm goes off, in seconds. */
const A_QUARTER_OF_AN_HOUR = 15 * 60

/** A metric that an alarm is about. */
interface Metric {
  readonly namespace: string
  readonly name: string
  readonly queue: string | undefined
  readonly statistic: string
}

/** Holds when an alarm watches the dead-letter queue of each queue that the topic feeds, and calls somebody. Throws `Unmet`. */
export async function somebodyIsCalled(scene: Scene): Promise<void> {
  const [all, fed] = await Promise.all([alarms(scene), fedByTheTopic(scene)])
  for (const one of fed) isWatched(scene, one, all)
}

function isWatched(scene: Scene, { queue, deadLetters }: Fed, all: readonly MetricAlarm[]): void {
  const name = deadLetters.url.split('/').at(-1) ?? ''
  scene.did(`the check asked CloudWatch for alarms about the queue ${name}`)
  const about = all.filter(alarm => metricsOf(alarm).some(metric => metric.queue === name))
  const troubles = about.map(alarm => troubleWith(alarm, name))
  if (troubles.includes(undefined)) return
  throw new Unmet({
    expected: `an alarm that goes off at the first message in the dead-letter queue of ${queue.logicalId}, and calls somebody`,
    observed: troubles[0] ?? `no alarm about the queue ${deadLetters.logicalId}`,
    granted: { policy: about[0]?.AlarmName ?? deadLetters.url, statement: 0 },
  })
}

/** Why an alarm does not do what it should; undefined when it does. */
function troubleWith(alarm: MetricAlarm, queue: string): string | undefined {
  const metrics = metricsOf(alarm).filter(metric => metric.queue === queue)
  const [metric] = metrics
  const inQueues = metrics.filter(({ namespace }) => namespace === 'AWS/SQS')
  if (inQueues.length === 0)
    return `an alarm about the namespace ${metric?.namespace}, in which SQS puts nothing`
  const telling = inQueues.filter(({ name }) => name === COUNTING || name === AGEING)
  if (telling.length === 0) return `an alarm about ${inQueues.map(({ name }) => name)}`
  if (!telling.some(({ statistic }) => OF_THE_VALUE.test(statistic)))
    return `an alarm about the statistic ${telling[0]?.statistic}, which is not about the value`
  const { ActionsEnabled, AlarmActions = [] } = alarm
  if (!goesOff(alarm, telling[0]!.name))
    return `it goes off when the ${telling[0]?.statistic} is ${alarm.ComparisonOperator} ${alarm.Threshold}`
  if (secondsUntil(alarm, telling[0]!.name) > A_QUARTER_OF_AN_HOUR)
    return `it goes off after ${secondsUntil(alarm, telling[0]!.name) / 60} minutes`
  if (alarm.TreatMissingData === 'breaching') return 'it goes off when nothing is measured'
  if (!ActionsEnabled || AlarmActions.length === 0) return 'an alarm without an action'
  return undefined
}

async function alarms(scene: Scene): Promise<MetricAlarm[]> {
  const cloudwatch = scene.aws(CloudWatchClient)
  const found: MetricAlarm[] = []
  let NextToken: string | undefined
  do {
    const page = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm'], NextToken }))
    found.push(...(page.MetricAlarms ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return found
}

/** The metrics of an alarm, be it about one or about an expression of several. */
function metricsOf({ Metrics = [], Statistic, ExtendedStatistic, ...alone }: MetricAlarm): Metric[] {
  const all = [
    { Metric: alone, Stat: Statistic ?? ExtendedStatistic },
    ...Metrics.flatMap(({ MetricStat }) => MetricStat ?? []),
  ]
  return all.flatMap(({ Metric: { MetricName, Namespace = '', Dimensions = [] } = {}, Stat = '' }) => {
    const queue = Dimensions.find(({ Name }) => Name === 'QueueName')?.Value
    return MetricName ? [{ namespace: Namespace, name: MetricName, queue, statistic: Stat }] : []
  })
}

/** Whether it goes off for one message, and for no less. Of an expression it is not known what it makes of one. */
function goesOff({ ComparisonOperator, Threshold = 0, Metrics = [] }: MetricAlarm, name: string): boolean {
  if (Metrics.length > 0) return true
  // A message that lies there grows older by itself.
  const most = name === AGEING ? A_QUARTER_OF_AN_HOUR : 1
  if (ComparisonOperator === 'GreaterThanThreshold') return Threshold >= 0 && Threshold < most
  return ComparisonOperator === 'GreaterThanOrEqualToThreshold' && Threshold > 0 && Threshold <= most
}

function secondsUntil(
  { Period = 0, EvaluationPeriods = 1, DatapointsToAlarm, Threshold = 0 }: MetricAlarm,
  name: string,
): number {
  return Period * (DatapointsToAlarm ?? EvaluationPeriods) + (name === AGEING ? Threshold : 0)
}
