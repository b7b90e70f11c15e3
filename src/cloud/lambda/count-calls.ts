import { countWork } from '../work.ts'
import type { InvokeFunction } from './invoke.ts'

/** The same function, and a way to wait until none of the calls made through it is under way. */
export function countCalls(invoke: InvokeFunction): {
  readonly invoke: InvokeFunction
  settled(): Promise<void>
  isIdle(): boolean
} {
  const work = countWork()
  return { ...work, invoke: call => work.add(invoke(call)) }
}
