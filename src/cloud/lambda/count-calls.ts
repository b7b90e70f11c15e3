import type { InvokeFunction } from './invoke.ts'

/** The same function, and a way to wait until none of the calls made through it is under way. */
export function countCalls(invoke: InvokeFunction): {
  readonly invoke: InvokeFunction
  settled(): Promise<void>
} {
  const underWay = new Set<Promise<unknown>>()
  return {
    invoke(call) {
      const invocation = invoke(call)
      underWay.add(invocation)
      const over = () => underWay.delete(invocation)
      invocation.then(over, over)
      return invocation
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}
