import { type Meter, noMeter } from '../cloudwatch/metric.ts'
import type { StoredQueue } from './queue.ts'
import type { QueueMetric } from './queue-metric.ts'

/** A queue's metrics end six hours after anybody did anything with it, if nothing lies in it. */
const ACTIVE_FOR = 6 * 60 * 60 * 1000

/** Tells CloudWatch of queues. */
export function queueMetrics(now: () => number, meter: Meter = noMeter) {
  const usedAt = new Map<string, number>()

  return {
    count(QueueName: string, metric: QueueMetric, value: number) {
      usedAt.set(QueueName, now())
      meter.record('AWS/SQS', metric, value, metric === 'SentMessageSize' ? 'Bytes' : 'Count', [
        { QueueName },
      ])
    },
    /** What lies in the queues, at the end of a minute. */
    measure(queues: readonly StoredQueue[], at: number) {
      for (const queue of queues) measureOne(queue, at)
    },
  }

  function measureOne({ name: QueueName, counts, oldest, createdAt }: StoredQueue, at: number) {
    const { visible, inFlight, delayed } = counts()
    if (visible + inFlight + delayed > 0) usedAt.set(QueueName, at)
    if (at - Math.max(usedAt.get(QueueName) ?? 0, createdAt) > ACTIVE_FOR) return
    const tell = (metric: string, value: number, unit: 'Count' | 'Seconds' = 'Count') =>
      meter.record('AWS/SQS', metric, value, unit, [{ QueueName }], at)
    tell('ApproximateNumberOfMessagesVisible', visible)
    tell('ApproximateNumberOfMessagesNotVisible', inFlight)
    tell('ApproximateNumberOfMessagesDelayed', delayed)
    const since = oldest()
    tell(
      'ApproximateAgeOfOldestMessage',
      since === undefined ? 0 : Math.floor((at - since) / 1000),
      'Seconds',
    )
  }
}
