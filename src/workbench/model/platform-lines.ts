import type { WireEvent } from './protocol.ts'

/** Whether Lambda itself wrote the line. The invocation says the same, and says it better. */
export const isPlatformLine = (event: WireEvent): boolean =>
  event.kind === 'log' && /^(INIT_START|START RequestId|END RequestId|REPORT RequestId)/.test(event.message)
