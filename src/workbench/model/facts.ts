import type { Causes } from './follow.ts'
import { askerOf, functionOfLog, shortArn, shortName } from './names.ts'
import type { Directory, WireEvent } from './protocol.ts'
import type { Row } from './row.ts'

/** What an event says, as names and values: who, what, on what, why. */
export function factsOf(event: WireEvent, directory: Directory): [name: string, value: string][] {
  const when: [string, string] = ['when', new Date(event.at).toISOString()]
  switch (event.kind) {
    case 'handshake':
      return [
        when,
        ['status', String(event.status)],
        ...(event.connectionId ? [['connectionId', event.connectionId] as [string, string]] : []),
        ['stage', `${event.apiId}/${event.stage}`],
        ...(event.because ? [['why', event.because] as [string, string]] : []),
      ]
    case 'frame':
      return [
        when,
        ['connectionId', event.connectionId],
        ['routeKey', event.routeKey ?? (event.direction === 'in' ? 'none fits' : 'posted')],
        ['stage', `${event.apiId}/${event.stage}`],
        ['size', `${new TextEncoder().encode(event.text).length} bytes`],
      ]
    case 'close':
      return [
        when,
        ['connectionId', event.connectionId],
        ['code', String(event.code)],
        ['reason', event.reason || 'none'],
      ]
    case 'invocation':
      return [
        when,
        ['function', shortName(event.functionName, directory)],
        ['outcome', event.outcome],
        ['took', `${event.ms.toFixed(1)} ms${event.cold ? ', cold start' : ''}`],
        ['requestId', event.requestId],
        ...(event.because ? [['why', event.because] as [string, string]] : []),
      ]
    case 'decision': {
      const asker = askerOf(event.principal, directory)
      const who =
        asker.kind === 'function'
          ? `${shortName(asker.functionName, directory)}, as ${shortName(asker.role, directory)}`
          : event.principal
      const context = Object.entries(event.context ?? {}).map(
        ([key, value]) => `${key} = ${[value].flat().join(', ')}`,
      )
      return [
        when,
        ['who', who],
        ['what', event.action],
        ['on what', shortArn(event.resource, directory)],
        ['why', event.allowed ? 'A statement allows it.' : event.because],
        ...(context.length > 0 ? [['context', context.join('\n')] as [string, string]] : []),
        ['resource', event.resource],
      ]
    }
    case 'knock':
      return [when, ['host', event.host], ['path', event.path]]
    case 'invoke':
      return [when, ['function', shortName(event.functionName, directory)], ['requestId', event.requestId]]
    case 'call':
      return [
        when,
        ['who', event.principal],
        ['operation', `${event.service} ${event.operation}`],
        ...(event.resource ? [['on what', event.resource] as [string, string]] : []),
      ]
    case 'answer':
      return [
        when,
        ['operation', `${event.service} ${event.operation}`],
        ['status', String(event.status)],
        ['took', `${event.ms.toFixed(1)} ms`],
        ...(event.because ? [['why', event.because] as [string, string]] : []),
      ]
    case 'message':
      return [
        when,
        ['queue', shortName(event.queueName, directory)],
        ['change', event.change],
        ['messageId', event.messageId],
      ]
    case 'published':
      return [when, ['topic', shortName(event.topicName, directory)], ['messageId', event.messageId]]
    case 'item':
      return [
        when,
        ['table', shortName(event.tableName, directory)],
        ['change', event.change],
        ['keys', JSON.stringify(event.keys)],
      ]
    case 'log':
      return [
        when,
        ['function', shortName(functionOfLog(event.logGroup, directory) ?? '', directory) || 'none'],
        ['log group', event.logGroup],
        ['log stream', event.logStream],
      ]
    case 'alarm':
      return [when, ['alarm', event.alarmName], ['state', event.state], ['why', event.because]]
    case 'resource':
      return [
        when,
        ['stack', event.stackName],
        ['logical id', event.logicalId],
        ['type', event.type],
        ['status', event.status],
        ...(event.reason ? [['why', event.reason] as [string, string]] : []),
      ]
  }
}

/**
 * Why a client that said something heard nothing, where that can be told: undefined when it did hear something, or when
 * what came of the frame is not known.
 */
export function whyNothing({ event }: Row, rows: readonly Row[], causes: Causes): string | undefined {
  if (event.kind !== 'frame' || event.direction !== 'in' || causes.after(event.id).length === 0)
    return undefined
  const tree = causes.tree(event.id)
  const came = rows.filter(row => tree.has(row.id)).map(row => row.event)
  const heard = came.some(
    one => one.kind === 'frame' && one.direction === 'out' && one.connectionId === event.connectionId,
  )
  if (heard) return undefined
  const runs = came.filter(one => one.kind === 'invocation')
  const denied = came.find(one => one.kind === 'decision' && !one.allowed)
  if (denied?.kind === 'decision') return `This client heard nothing: ${denied.action} was denied on the way.`
  if (runs.length === 0) return 'This client has heard nothing yet: no function has ended.'
  return runs.every(one => one.outcome === 'returned')
    ? 'This client heard nothing. What a function returns is dropped where the route has no route response, and nobody posted to this connection.'
    : 'This client heard nothing: a function did not return.'
}
