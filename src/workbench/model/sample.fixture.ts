import { describer } from './describe.ts'
import type { Directory, WireEvent } from './protocol.ts'
import type { Row } from './row.ts'

export const directory: Directory = {
  region: 'us-east-1',
  accountId: '123456789012',
  names: {
    'chat-send1-X': 'sendMessage',
    'chat-Connections-Y': 'Connections',
    'chat-SendRole-Z': 'SendRole',
  },
  logGroups: { 'chat-SendLogs-W': 'chat-send1-X' },
  authorizers: [],
}

const place = { apiId: 'a1b2c3', stage: 'live' }
let next = 0

/** Gives a happening its place in the stream. */
export const event = (happening: object, causedBy?: number): WireEvent =>
  ({
    at: 1_796_067_690_000 + next,
    id: next++,
    ...(causedBy === undefined ? {} : { causedBy }),
    ...happening,
  }) as unknown as WireEvent

export const frame = (
  text: string,
  { direction = 'in', connectionId = 'ana=', causedBy = undefined as number | undefined } = {},
): WireEvent =>
  event({ kind: 'frame', direction, ...place, connectionId, routeKey: 'sendMessage', text }, causedBy)

export const decision = (action: string, resource: string, allowed: boolean, causedBy?: number): WireEvent =>
  event(
    {
      kind: 'decision',
      principal: 'arn:aws:sts::123456789012:assumed-role/chat-SendRole-Z/chat-send1-X',
      action,
      resource,
      allowed,
      because: allowed ? 'allowed' : 'because no identity-based policy allows it',
    },
    causedBy,
  )

export const invocation = (outcome: 'returned' | 'failed', causedBy?: number): WireEvent =>
  event(
    {
      kind: 'invocation',
      functionName: 'chat-send1-X',
      requestId: 'r-1',
      outcome,
      cold: true,
      ms: 412,
      ...(outcome === 'failed' && { because: 'AccessDeniedException' }),
    },
    causedBy,
  )

/** Events as rows. */
export function rowsOf(events: readonly WireEvent[]): Row[] {
  const describe = describer()
  return events.map(one => describe(one, directory))
}
