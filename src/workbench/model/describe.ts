import type { Lane } from './lanes.ts'
import { askerOf, functionOfLog, shortArn, shortName } from './names.ts'
import type { Directory, WireEvent } from './protocol.ts'
import type { Row } from './row.ts'

const gateway: Lane = { id: 'gateway', kind: 'gateway', title: 'API Gateway' }
const you: Lane = { id: 'person', kind: 'person', title: 'you' }

/** Services as people call them, by the prefix of an action or the host of a principal. */
const serviceNames: Readonly<Record<string, string>> = {
  dynamodb: 'DynamoDB',
  lambda: 'Lambda',
  sns: 'SNS',
  sqs: 'SQS',
  logs: 'CloudWatch Logs',
  cloudwatch: 'CloudWatch',
  iam: 'IAM',
  sts: 'STS',
  cloudformation: 'CloudFormation',
  s3: 'S3',
  ssm: 'SSM',
  'cognito-idp': 'Cognito',
  events: 'EventBridge',
}

/**
 * Turns events into rows. It remembers the clients that it has met, so that each keeps its number, and who
 * called whom.
 */
export function describer() {
  const clients = new Map<string, Lane>()
  /** Who made a call, for its answer. */
  const callers = new Map<number, Lane>()

  return function describe(event: WireEvent, directory: Directory): Row {
    const drawn = draw(event, directory)
    const { id, at } = event
    let haystack: string | undefined
    return {
      id,
      at,
      bad: drawn.tone === 'bad',
      event,
      ...drawn,
      // Put together when somebody searches: there may be thousands of events a second.
      get haystack() {
        haystack ??= `${drawn.twin} ${drawn.label} ${JSON.stringify(event)}`.toLowerCase()
        return haystack
      },
    }
  }

  function draw(
    event: WireEvent,
    directory: Directory,
  ): Omit<Row, 'id' | 'at' | 'bad' | 'event' | 'haystack'> {
    switch (event.kind) {
      case 'handshake': {
        const good = event.status === 101
        const from = client(event.connectionId ?? `refused ${event.id}`, !event.connectionId)
        const why = event.because ? `: ${event.because}` : ''
        return {
          kind: 'handshake',
          from,
          to: gateway,
          label: good ? 'connects · 101' : `${event.status} refused`,
          tone: good ? 'in' : 'bad',
          twin: good
            ? `${from.title} connects to stage ${event.stage}`
            : `A handshake is refused with ${event.status}${why}`,
        }
      }
      case 'frame': {
        const one = client(event.connectionId)
        const text = inOneLine(event.text)
        if (event.direction === 'in') {
          const route = event.routeKey ?? 'no route'
          return {
            kind: 'frame',
            from: one,
            to: gateway,
            label: text,
            tone: 'in',
            twin: `${one.title} → ${route}: ${text}`,
          }
        }
        const isError =
          /^\{"message": ?"(Forbidden|Internal server error|[^"]*throttl[^"]*|Bad request body|Too Many Requests|Limit Exceeded)"/i.test(
            event.text,
          )
        return {
          kind: 'frame',
          from: gateway,
          to: one,
          label: text,
          tone: isError ? 'bad' : 'out',
          twin: `${one.title} hears: ${text}`,
        }
      }
      case 'close': {
        const one = client(event.connectionId)
        const [from, to] =
          event.code === 1001 && event.reason === 'Going away' ? [gateway, one] : [one, gateway]
        const bad = [1003, 1006, 1008, 1009, 1011].includes(event.code)
        return {
          kind: 'close',
          from,
          to,
          label: `close ${event.code}`,
          tone: bad ? 'bad' : 'plain',
          twin: `${one.title} is closed with ${event.code}${event.reason ? ` (${event.reason})` : ''}`,
        }
      }
      case 'invocation': {
        const from = fn(event.functionName, directory)
        const took = { ms: event.ms, cold: event.cold }
        const time = `${duration(event.ms)}${event.cold ? ', cold start' : ''}`
        const good = event.outcome === 'returned'
        return {
          kind: 'invocation',
          from,
          label: good ? time : `${event.outcome} · ${time}`,
          tone: good ? 'good' : 'bad',
          took,
          twin: good
            ? `${from.title} returned after ${time}`
            : `${from.title} ${event.outcome} after ${time}: ${inOneLine(event.because ?? '', REASON)}`,
        }
      }
      case 'decision': {
        const from = laneOf(event.principal, directory)
        const to = target(event.action, event.resource, directory)
        const on = shortArn(event.resource, directory)
        return {
          kind: from.id === you.id ? 'onlooker' : 'decision',
          from,
          ...(to.id === from.id ? {} : { to }),
          label: event.allowed ? `✓ ${event.action}` : `✕ ${event.action}`,
          tone: event.allowed ? 'plain' : 'bad',
          twin: event.allowed
            ? `${from.title} may ${event.action} on ${on}`
            : `${from.title} is denied ${event.action} on ${on}: ${event.because}`,
        }
      }
      case 'knock':
        return {
          kind: 'detail',
          from: gateway,
          label: `knock ${event.path.split('?')[0]}`,
          tone: 'quiet',
          twin: `Somebody asks ${event.host} for a connection to ${event.path}`,
        }
      case 'invoke': {
        const from = fn(event.functionName, directory)
        const text = inOneLine(event.payload)
        return {
          kind: 'detail',
          from,
          label: `starts ${text}`,
          tone: 'quiet',
          twin: `${from.title} is invoked with ${text}`,
        }
      }
      case 'call': {
        const from = laneOf(event.principal, directory)
        callers.set(event.id, from)
        const to = target(`${event.service}:`, event.resource ?? '', directory)
        return {
          kind: from.id === you.id ? 'onlooker' : 'detail',
          from,
          ...(to.id === from.id ? {} : { to }),
          label: event.operation,
          tone: 'quiet',
          twin: `${from.title} calls ${event.operation} of ${to.title}`,
        }
      }
      case 'answer': {
        const from = target(`${event.service}:`, '', directory)
        const to = callers.get(event.causedBy ?? -1)
        const failed = event.status >= 400
        const why = event.because ? `: ${event.because}` : ''
        const name = event.because?.split(':')[0] ?? event.operation
        return {
          kind: to?.id === you.id ? 'onlooker' : failed ? 'failure' : 'detail',
          from,
          ...(to && to.id !== from.id ? { to } : {}),
          label: failed ? `✕ ${event.status} ${name}` : `${event.status} ${event.operation}`,
          tone: failed ? 'bad' : 'quiet',
          twin: `${event.operation} is answered with ${event.status} after ${duration(event.ms)}${why}`,
        }
      }
      case 'message': {
        const queue = shortName(event.queueName, directory)
        const text = inOneLine(event.body)
        const words = {
          sent: 'gets',
          received: 'hands out',
          deleted: 'is rid of',
          buried: 'takes in, as given up on,',
        }
        return {
          kind: 'message',
          from: service('sqs'),
          label: `${event.change} · ${queue} ${text}`,
          tone: event.change === 'buried' ? 'bad' : event.change === 'sent' ? 'plain' : 'quiet',
          twin: `The queue ${queue} ${words[event.change]} a message: ${text}`,
        }
      }
      case 'published': {
        const topic = shortName(event.topicName, directory)
        const text = inOneLine(event.message)
        return {
          kind: 'message',
          from: service('sns'),
          label: `published · ${topic} ${text}`,
          tone: 'plain',
          twin: `The topic ${topic} gets: ${text}`,
        }
      }
      case 'item': {
        const from = service('dynamodb')
        const table = shortName(event.tableName, directory)
        const keys = keysInWords(event.keys)
        const sign = { INSERT: '+', MODIFY: '~', REMOVE: '−' }[event.change]
        const verb = { INSERT: 'gets', MODIFY: 'changes', REMOVE: 'loses' }[event.change]
        return {
          kind: 'item',
          from,
          label: `${sign} ${table} ${keys}`,
          tone: 'plain',
          twin: `${table} ${verb} the item ${keys}`,
        }
      }
      case 'log': {
        const name = functionOfLog(event.logGroup, directory)
        const from = name
          ? fn(name, directory)
          : event.logGroup.includes('API-Gateway')
            ? gateway
            : service('logs')
        const text = logText(event.message)
        const bad = /\tERROR\t|Task timed out|Runtime\.(ExitError|ImportModuleError)|Runtime exited/.test(
          event.message,
        )
        return {
          kind: 'log',
          from,
          label: text,
          tone: bad ? 'bad' : 'quiet',
          twin: `${from.title} logs: ${logText(event.message, REASON)}`,
        }
      }
      case 'alarm':
        return {
          kind: 'alarm',
          from: service('cloudwatch'),
          label: `${shortName(event.alarmName, directory)} ${event.state}`,
          tone: event.state === 'ALARM' ? 'bad' : 'plain',
          twin: `The alarm ${shortName(event.alarmName, directory)} is ${event.state}: ${event.because}`,
        }
      case 'resource': {
        const name = event.logicalId.replace(/[0-9A-F]{8}$/, '')
        return {
          kind: 'deploy',
          from: service('cloudformation'),
          label: `${event.status} ${name}`,
          tone: /FAILED|ROLLBACK/.test(event.status) ? 'bad' : 'quiet',
          twin: `${name} (${event.type}) is ${event.status}${event.reason ? `: ${event.reason}` : ''}`,
        }
      }
    }
  }

  function client(connectionId: string, isNobody = false): Lane {
    const known = clients.get(connectionId)
    if (known) return known
    const lane: Lane = isNobody
      ? { id: 'client:refused', kind: 'client', title: 'not let in' }
      : {
          id: `client:${connectionId}`,
          kind: 'client',
          title: `client ${clients.size + 1}`,
          small: connectionId,
        }
    if (!isNobody) clients.set(connectionId, lane)
    return lane
  }

  /** The lane of the one that asks or calls. */
  function laneOf(principal: string, directory: Directory): Lane {
    const asker = askerOf(principal, directory)
    switch (asker.kind) {
      case 'function':
        return fn(asker.functionName, directory)
      case 'person':
        return you
      case 'service':
        return asker.name === 'apigateway' ? gateway : service(asker.name)
      case 'role':
        return service(shortName(asker.role, directory))
    }
  }

  function target(action: string, resource: string, directory: Directory): Lane {
    const [prefix = ''] = action.toLowerCase().split(':')
    if (prefix === 'execute-api' || prefix === 'apigateway') return gateway
    const name = /^arn:[^:]*:lambda:[^:]*:\d*:function:([^:]+)/.exec(resource)?.[1]
    return name ? fn(name, directory) : service(prefix)
  }
}

const fn = (name: string, directory: Directory): Lane => ({
  id: `function:${name}`,
  kind: 'function',
  title: shortName(name, directory),
  small: directory.authorizers.includes(name) ? 'authorizer' : 'function',
})

const service = (name: string): Lane => ({
  id: `service:${name}`,
  kind: 'service',
  title: serviceNames[name] ?? name,
})

/** `412 ms`, `1.2 s`. */
export const duration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`

const inOneLine = (text: string, most = 400): string => text.replace(/\s*\n\s*/g, ' ').slice(0, most)
/** The most characters of a reason: the sentence with which IAM refuses something is longer than a label. */
const REASON = 2_000

/** `{"connectionId":{"S":"abc"}}` → `connectionId abc`. */
const keysInWords = (keys: Readonly<Record<string, unknown>>): string =>
  Object.entries(keys)
    .map(([name, value]) => `${name} ${Object.values(value as object)[0] ?? ''}`)
    .join(', ')

/** Without the time and the request id, which every line has. */
const logText = (message: string, most?: number): string =>
  inOneLine(
    message
      .trim()
      .replace(/^\d{4}-[^\t]*\t[^\t]*\t/, '')
      .replaceAll('\t', ' '),
    most,
  )
