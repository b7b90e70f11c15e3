import type { Events } from '../events.ts'
import type { Dimensions, Meter } from './metric.ts'

/** Counts what functions do, for each by its name and for all together, as `AWS/Lambda` has it. */
export function meterLambda(events: Events, meter: Meter): void {
  const all: Dimensions = {}
  const dimensions = new Map<string, readonly Dimensions[]>()
  events.subscribe(event => {
    if (event.kind !== 'invocation') return
    const about = dimensions.get(event.functionName) ?? [{ FunctionName: event.functionName }, all]
    dimensions.set(event.functionName, about)
    const count = (name: string, value: number) => meter.record('AWS/Lambda', name, value, 'Count', about)
    if (event.outcome === 'refused') {
      // A call that IAM denies is not counted.
      if (event.because?.startsWith('TooManyRequestsException')) count('Throttles', 1)
      return
    }
    count('Invocations', 1)
    count('Throttles', 0)
    count('Errors', event.outcome === 'returned' ? 0 : 1)
    meter.record('AWS/Lambda', 'Duration', event.ms, 'Milliseconds', about)
  })
}
