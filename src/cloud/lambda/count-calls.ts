import { countWork, type Work } from '../work.ts'
import type { InvokeFunction } from './invoke.ts'

/** The same function, and a way to wait until none of the calls made through it is under way. `whole` counts them, too. */
export function countCalls(
  invoke: InvokeFunction,
  whole?: Work,
): {
  readonly invoke: InvokeFunction
  settled(): Promise<void>
} {
  const work = countWork(whole)
  return { settled: work.settled, invoke: call => work.add(invoke(call)) }
}
