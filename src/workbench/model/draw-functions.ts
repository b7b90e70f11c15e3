import { between, type Drawn, duration, inOneLine, REASON } from './drawn.ts'
import type { Lane } from './lanes.ts'
import { functionOfLog, shortArn } from './names.ts'
import { askerLane, functionLane, gateway, serviceLane, targetLane, you } from './participants.ts'
import type { Directory, WireEvent } from './protocol.ts'

/** An invocation begins. */
export function drawInvoke(
  { functionName, payload }: WireEvent & { kind: 'invoke' },
  directory: Directory,
): Drawn {
  const from = functionLane(functionName, directory)
  const text = inOneLine(payload)
  return {
    kind: 'detail',
    from,
    label: `starts ${text}`,
    tone: 'quiet',
    twin: `${from.title} is invoked with ${text}`,
  }
}

/** An invocation has ended. What it waited for before it began is told apart from its own time. */
export function drawInvocation(
  { functionName, outcome, ms, cold, startMs, because = '' }: WireEvent & { kind: 'invocation' },
  waitedMs: number | undefined,
  directory: Directory,
): Drawn {
  const from = functionLane(functionName, directory)
  const start = startMs === undefined ? (cold ? ['cold start'] : []) : [`cold start ${duration(startMs)}`]
  const wait = waitedMs === undefined || waitedMs < 1 ? [] : [`${duration(waitedMs)} in the queue`]
  const time = [duration(ms), ...start, ...wait].join(' · ')
  const took = {
    ms,
    cold,
    ...(startMs !== undefined && { startMs }),
    ...(wait.length > 0 && { waitedMs: waitedMs! }),
  }
  const before = [...start, ...wait].join(', ')
  const after = `${duration(ms)}${before ? ` (before that: ${before})` : ''}`
  if (outcome === 'returned')
    return {
      kind: 'invocation',
      from,
      label: time,
      tone: 'good',
      took,
      twin: `${from.title} returned after ${after}`,
    }
  return {
    kind: 'invocation',
    from,
    label: `${outcome} · ${time}`,
    tone: 'bad',
    took,
    twin: `${from.title} ${outcome} after ${after}: ${inOneLine(because, REASON)}`,
  }
}

/** IAM's decision, on the arrow from the one that asked to what it asked for. */
export function drawDecision(event: WireEvent & { kind: 'decision' }, directory: Directory): Drawn {
  const { principal, action, resource, allowed, because } = event
  const from = askerLane(principal, directory)
  const on = shortArn(resource, directory)
  return {
    kind: from.id === you.id ? 'onlooker' : 'decision',
    ...between(from, targetLane(action, resource, directory)),
    label: `${allowed ? '✓' : '✕'} ${action}`,
    tone: allowed ? 'plain' : 'bad',
    twin: allowed
      ? `${from.title} may ${action} on ${on}`
      : `${from.title} is denied ${action} on ${on}: ${because}`,
  }
}

/** A call of an operation of AWS's API. */
export function drawCall(
  { service, operation, resource = '' }: WireEvent & { kind: 'call' },
  from: Lane,
  directory: Directory,
): Drawn {
  const to = targetLane(`${service}:`, resource, directory)
  return {
    kind: from.id === you.id ? 'onlooker' : 'detail',
    ...between(from, to),
    label: operation,
    tone: 'quiet',
    twin: `${from.title} calls ${operation} of ${to.title}`,
  }
}

/** The answer to a call, back to the caller. */
export function drawAnswer(
  { service, operation, status, ms, because }: WireEvent & { kind: 'answer' },
  caller: Lane | undefined,
  directory: Directory,
): Drawn {
  const failed = status >= 400
  const name = because?.split(':')[0] ?? operation
  return {
    kind: caller?.id === you.id ? 'onlooker' : failed ? 'failure' : 'detail',
    ...between(targetLane(`${service}:`, '', directory), caller),
    label: failed ? `✕ ${status} ${name}` : `${status} ${operation}`,
    tone: failed ? 'bad' : 'quiet',
    twin: `${operation} is answered with ${status} after ${duration(ms)}${because ? `: ${because}` : ''}`,
  }
}

/** A line in a log. */
export function drawLog({ logGroup, message }: WireEvent & { kind: 'log' }, directory: Directory): Drawn {
  const name = functionOfLog(logGroup, directory)
  const from = name
    ? functionLane(name, directory)
    : logGroup.includes('API-Gateway')
      ? gateway
      : serviceLane('logs')
  const isBad = /\tERROR\t|Task timed out|Runtime\.(ExitError|ImportModuleError)|Runtime exited/.test(message)
  return {
    kind: 'log',
    from,
    label: logText(message),
    tone: isBad ? 'bad' : 'quiet',
    twin: `${from.title} logs: ${logText(message, REASON)}`,
  }
}

/** Without the time and the request id, which every line has. */
const logText = (message: string, most?: number): string =>
  inOneLine(
    message
      .trim()
      .replace(/^\d{4}-[^\t]*\t[^\t]*\t/, '')
      .replaceAll('\t', ' '),
    most,
  )
