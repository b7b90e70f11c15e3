import { visible } from '#kit'
import type { CloudEvent } from '../cloud/events.ts'
import { visibleLines } from '../report/visible-lines.ts'

/**
 * An event as one line for somebody who watches, or nothing where it would only be noise. Frames and logs are people's words:
 * what they hold of a terminal's commands is shown, and does nothing. A log may have several lines.
 */
export function liveLine(event: CloudEvent): string | undefined {
  const line = lineOf(event)
  return line === undefined ? undefined : event.kind === 'log' ? visibleLines(line) : visible(line)
}

function lineOf(event: CloudEvent): string | undefined {
  const time = new Date(event.at).toISOString().slice(11, 23)
  switch (event.kind) {
    case 'handshake':
      return `${time} handshake ${event.status}${event.connectionId ? ` ${event.connectionId}` : ''}${event.because ? ` (${event.because})` : ''}`
    case 'frame':
      return `${time} ${event.connectionId} ${event.direction === 'in' ? '>' : '<'} ${event.text}`
    case 'close':
      return `${time} ${event.connectionId} closed ${event.code} ${event.reason}`.trimEnd()
    case 'log':
      return `${time} ${event.logGroup} | ${event.message.trimEnd()}`
    case 'invocation':
      return event.outcome === 'returned'
        ? undefined
        : `${time} ${event.functionName} ${event.outcome}: ${event.because?.replace(/\s*\n\s*/g, ' ')}`
    case 'decision':
      return event.allowed
        ? undefined
        : `${time} denied ${event.action} on ${event.resource} to ${event.principal}`
    case 'alarm':
      return `${time} alarm ${event.alarmName} ${event.state}: ${event.because}`
    default:
      return undefined
  }
}
