import { allIn, textIn, type XmlElement } from '../../door/protocols/xml.ts'
import { invalidArgument, malformedXml } from '../errors.ts'

/** One thing that a bucket tells, and to whom. */
export interface Notification {
  readonly id: string
  readonly kind: keyof typeof kinds
  /** A topic's, a queue's or a function's. */
  readonly targetArn: string
  /** `s3:ObjectCreated:*`. */
  readonly events: readonly string[]
  readonly prefix: string
  readonly suffix: string
}

/** All that a bucket tells. */
export interface Notifications {
  readonly all: readonly Notification[]
  /** Whether EventBridge is told of everything. */
  readonly toEventBridge: boolean
}

export const noNotifications: Notifications = { all: [], toEventBridge: false }

/** The three kinds: the element of the XML, and the element in it that has the ARN. */
export const kinds = {
  topic: ['TopicConfiguration', 'Topic'],
  queue: ['QueueConfiguration', 'Queue'],
  function: ['CloudFunctionConfiguration', 'CloudFunction'],
} as const

/** What a bucket may be told to tell. Of some of them nothing ever happens here. */
const EVENTS: ReadonlySet<string> = new Set(
  [
    'ReducedRedundancyLostObject',
    ...groups('ObjectCreated', 'Put Post Copy CompleteMultipartUpload'),
    ...groups('ObjectRemoved', 'Delete DeleteMarkerCreated'),
    ...groups('ObjectRestore', 'Post Completed Delete'),
    ...groups(
      'Replication',
      'OperationFailedReplication OperationNotTracked OperationMissedThreshold OperationReplicatedAfterThreshold',
    ),
    ...groups('LifecycleExpiration', 'Delete DeleteMarkerCreated'),
    'LifecycleTransition',
    'IntelligentTiering',
    'ObjectAcl:Put',
    ...groups('ObjectTagging', 'Put Delete'),
  ].map(name => `s3:${name}`),
)

function groups(name: string, kinds: string): readonly string[] {
  return [`${name}:*`, ...kinds.split(' ').map(kind => `${name}:${kind}`)]
}

/** Reads the document of PutBucketNotificationConfiguration. Throws `MalformedXML`, `InvalidArgument`. */
export function readNotifications(document: XmlElement | undefined, newId: () => string): Notifications {
  if (document?.name !== 'NotificationConfiguration') throw malformedXml()
  const all = (Object.keys(kinds) as Notification['kind'][]).flatMap(kind => {
    const [element, target] = kinds[kind]
    return allIn(document, element).map(one => ({
      id: textIn(one, 'Id') || newId(),
      kind,
      targetArn: textIn(one, target) ?? '',
      events: allIn(one, 'Event').map(({ text }) => text),
      ...readFilter(one),
    }))
  })
  const notifications = { all, toEventBridge: allIn(document, 'EventBridgeConfiguration').length > 0 }
  checkNotifications(notifications)
  return notifications
}

function readFilter(one: XmlElement) {
  const rules = allIn(allIn(allIn(one, 'Filter')[0], 'S3Key')[0], 'FilterRule')
  return filterOf(rules.map(rule => ({ Name: textIn(rule, 'Name'), Value: textIn(rule, 'Value') })))
}

/** Prefix and suffix of a filter's rules; in templates the names may have any case. */
export function filterOf(rules: readonly { readonly Name?: unknown; readonly Value?: unknown }[] = []): {
  readonly prefix: string
  readonly suffix: string
} {
  const found = { prefix: '', suffix: '' }
  for (const { Name, Value = '' } of rules) {
    const name = String(Name).toLowerCase()
    if (name !== 'prefix' && name !== 'suffix') {
      throw invalidArgument('filter rule name must be either prefix or suffix')
    }
    found[name] = String(Value)
  }
  return found
}

/** Throws `InvalidArgument` for an event that S3 does not have, and for two notifications that would both be about one object. */
export function checkNotifications({ all }: Notifications): void {
  for (const { events } of all) {
    if (events.length === 0) throw malformedXml()
    const unknown = events.find(event => !EVENTS.has(event))
    if (unknown !== undefined) throw invalidArgument('The event is not supported for notifications')
  }
  for (const [at, one] of all.entries()) {
    for (const other of all.slice(at + 1)) {
      if (!overlap(one, other)) continue
      throw invalidArgument(
        'Configurations overlap. Configurations on the same bucket cannot share a common event type.',
      )
    }
  }
}

const overlap = (one: Notification, other: Notification): boolean =>
  one.events.some(event => other.events.some(its => isEvent(event, its) || isEvent(its, event))) &&
  (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)) &&
  (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix))

/** Whether `s3:ObjectCreated:*` is about `s3:ObjectCreated:Put`. */
export const isEvent = (pattern: string, event: string): boolean =>
  pattern === event || (pattern.endsWith('*') && event.startsWith(pattern.slice(0, -1)))

/** What GetBucketNotificationConfiguration answers. */
export const membersOfNotifications = ({ all, toEventBridge }: Notifications): Record<string, unknown> => ({
  ...Object.fromEntries(
    (Object.keys(kinds) as Notification['kind'][]).map(kind => {
      const [element, target] = kinds[kind]
      const own = all.filter(one => one.kind === kind)
      return [
        element,
        own.map(one => ({
          Id: one.id,
          [target]: one.targetArn,
          Event: one.events,
          ...(one.prefix || one.suffix ? { Filter: { S3Key: { FilterRule: rulesOf(one) } } } : {}),
        })),
      ]
    }),
  ),
  ...(toEventBridge ? { EventBridgeConfiguration: {} } : {}),
})

const rulesOf = ({ prefix, suffix }: Notification) => [
  ...(prefix ? [{ Name: 'Prefix', Value: prefix }] : []),
  ...(suffix ? [{ Name: 'Suffix', Value: suffix }] : []),
]
