import { between, type Drawn, duration, inOneLine } from './drawn.ts'
import type { Lane } from './lanes.ts'
import { shortName } from './names.ts'
import { serviceLane } from './participants.ts'
import type { Directory, WireEvent } from './protocol.ts'

const changesOfMessages = {
  sent: 'gets',
  received: 'hands out',
  deleted: 'is rid of',
  buried: 'takes in, as given up on,',
}

/** What happens to a message in a queue. It comes from `sender`, where that is known. */
export function drawMessage(
  { queueName, change, body }: WireEvent & { kind: 'message' },
  sender: Lane | undefined,
  waitedMs: number | undefined,
  directory: Directory,
): Drawn {
  const sqs = serviceLane('sqs')
  const queue = shortName(queueName, directory)
  const text = inOneLine(body)
  const wait = waitedMs === undefined || waitedMs < 1 ? '' : ` after ${duration(waitedMs)}`
  return {
    kind: 'message',
    ...(change === 'sent' && sender ? between(sender, sqs) : { from: sqs }),
    label: `${change}${wait} · ${queue} ${text}`,
    tone: change === 'buried' ? 'bad' : change === 'sent' ? 'plain' : 'quiet',
    twin: `The queue ${queue} ${changesOfMessages[change]} a message${wait}: ${text}`,
  }
}

/** A message that a topic gets. */
export function drawPublished(
  { topicName, message }: WireEvent & { kind: 'published' },
  publisher: Lane | undefined,
  directory: Directory,
): Drawn {
  const sns = serviceLane('sns')
  const topic = shortName(topicName, directory)
  const text = inOneLine(message)
  return {
    kind: 'message',
    ...(publisher ? between(publisher, sns) : { from: sns }),
    label: `published · ${topic} ${text}`,
    tone: 'plain',
    twin: `The topic ${topic} gets: ${text}`,
  }
}

const signs = { INSERT: '+', MODIFY: '~', REMOVE: '−' }
const verbs = { INSERT: 'gets', MODIFY: 'changes', REMOVE: 'loses' }

/** A row of a table that comes, changes or goes. */
export function drawItem(
  { tableName, change, keys }: WireEvent & { kind: 'item' },
  directory: Directory,
): Drawn {
  const table = shortName(tableName, directory)
  const which = keysInWords(keys)
  return {
    kind: 'item',
    from: serviceLane('dynamodb'),
    label: `${signs[change]} ${table} ${which}`,
    tone: 'plain',
    twin: `${table} ${verbs[change]} the item ${which}`,
  }
}

/** An alarm that changes its state. */
export function drawAlarm(
  { alarmName, state, because }: WireEvent & { kind: 'alarm' },
  directory: Directory,
): Drawn {
  const name = shortName(alarmName, directory)
  return {
    kind: 'alarm',
    from: serviceLane('cloudwatch'),
    label: `${name} ${state}`,
    tone: state === 'ALARM' ? 'bad' : 'plain',
    twin: `The alarm ${name} is ${state}: ${because}`,
  }
}

/** A step of a deployment. */
export function drawResource({ logicalId, status, type, reason }: WireEvent & { kind: 'resource' }): Drawn {
  const name = logicalId.replace(/[0-9A-F]{8}$/, '')
  return {
    kind: 'deploy',
    from: serviceLane('cloudformation'),
    label: `${status} ${name}`,
    tone: /FAILED|ROLLBACK/.test(status) ? 'bad' : 'quiet',
    twin: `${name} (${type}) is ${status}${reason ? `: ${reason}` : ''}`,
  }
}

/** `{"connectionId":{"S":"abc"}}` → `connectionId abc`. */
const keysInWords = (keys: Readonly<Record<string, unknown>>): string =>
  Object.entries(keys)
    .map(([name, value]) => `${name} ${Object.values(value as object)[0] ?? ''}`)
    .join(', ')
