import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch'
import { type Scene, Unmet } from '#kit'

/** What grows when a message is put aside. `NumberOfMessagesSent` does not: nobody sends it there, SQS moves it. */
const TELLING = ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage']

/** Holds when an alarm watches the dead-letter queue, and calls somebody. Throws `Unmet`. */
export async function somebodyIsCalled(scene: Scene): Promise<void> {
  const name = scene.output('DeadLetterQueueUrl').split('/').at(-1) ?? ''
  scene.did(`the check asked CloudWatch for alarms about the queue ${name}`)
  const about = (await alarms(scene)).filter(alarm => metricsOf(alarm).some(metric => metric.queue === name))
  const [watching] = about.filter(alarm => metricsOf(alarm).some(metric => TELLING.includes(metric.name)))
  const expected = 'an alarm that watches how many messages are in the dead-letter queue, and calls somebody'
  if (!watching) {
    const observed = about[0]
      ? `an alarm about ${metricsOf(about[0]).map(metric => metric.name)}`
      : 'no alarm about that queue'
    throw new Unmet({ expected, observed })
  }
  if (!goesOffAtOne(watching))
    throw new Unmet({
      expected: 'the alarm to go off at the first message',
      observed: `it goes off when the ${watching.Statistic} is ${watching.ComparisonOperator} ${watching.Threshold}`,
    })
  if (!watching.ActionsEnabled || !watching.AlarmActions?.length)
    throw new Unmet({ expected, observed: 'an alarm without an action' })
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
function metricsOf({
  MetricName,
  Dimensions,
  Metrics = [],
}: MetricAlarm): { name: string; queue?: string | undefined }[] {
  const all = [{ MetricName, Dimensions }, ...Metrics.map(({ MetricStat }) => MetricStat?.Metric ?? {})]
  return all.flatMap(metric =>
    metric.MetricName
      ? [{ name: metric.MetricName, queue: metric.Dimensions?.find(one => one.Name === 'QueueName')?.Value }]
      : [],
  )
}

/** Of an expression it is not known what it makes of one. */
function goesOffAtOne({ ComparisonOperator, Threshold = 0, Metrics = [] }: MetricAlarm): boolean {
  if (Metrics.length > 0) return true
  if (ComparisonOperator === 'GreaterThanThreshold') return Threshold < 1
  return ComparisonOperator === 'GreaterThanOrEqualToThreshold' && Threshold <= 1
}
