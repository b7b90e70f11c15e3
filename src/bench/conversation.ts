import type { WireEvent } from '../workbench/model/protocol.ts'

/** Names of nothing: what a page needs to describe the events below. */
export const directory = {
  region: 'us-east-1',
  accountId: '123456789012',
  names: {},
  logGroups: {},
  authorizers: [],
}

/** Clients that speak, and functions that answer them, as the events of a cloud. */
export function conversation(count: number): WireEvent[] {
  const place = { apiId: 'a1b2c3', stage: 'live' }
  return Array.from({ length: count }, (_, id) => {
    const connectionId = `client${Math.floor(id / 4) % 8}=`
    const functionName = `chat-send${Math.floor(id / 4) % 3}-X`
    const about = { at: 1_796_067_690_000 + id * 7, id, ...(id % 4 === 0 ? {} : { causedBy: id - 1 }) }
    const text = JSON.stringify({ action: 'sendMessage', text: `message ${id}` })
    const happenings = [
      { kind: 'frame', direction: 'in', ...place, connectionId, routeKey: 'sendMessage', text },
      { kind: 'invoke', functionName, requestId: `r-${id}`, payload: text },
      { kind: 'invocation', functionName, requestId: `r-${id}`, outcome: 'returned', cold: false, ms: 4 },
      { kind: 'frame', direction: 'out', ...place, connectionId, text },
    ] as const
    return { ...happenings[id % 4]!, ...about } as WireEvent
  })
}
