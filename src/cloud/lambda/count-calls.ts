import type { InvokeFunction } from './invoke.ts'
import { countWork } from './work.ts'

/** The same function, and a way to wait until none of the calls made through it is under way. */
export function countCalls(invoke: InvokeFunction): {
  readonly invoke: InvokeFunction
  settled(): Promise<void>
} {
  const work = countWork()
  return { invoke: call => work.add(invoke(call)), settled: work.settled }
}
