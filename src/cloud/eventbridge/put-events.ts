import type { Access, Operation } from '../service.ts'
import { type Dispatch, eventOf } from './dispatch.ts'
import { invalid } from './errors.ts'
import type { Store } from './store.ts'

interface Entry {
  readonly Source?: string
  readonly DetailType?: string
  readonly Detail?: string
  readonly Resources?: readonly string[]
  readonly EventBusName?: string
  /** Seconds since the epoch. */
  readonly Time?: number
  readonly TraceHeader?: string
}

/** The most entries of one call, and the most bytes of all of them. */
const [MOST, MOST_BYTES] = [10, 1024 * 1024]

/** PutEvents. Each entry is taken or refused by itself; for IAM all of them must be allowed. */
export const putEvents = (store: Store, dispatch: Dispatch): Operation => ({
  name: 'PutEvents',
  access: ({ Entries = [] }) => {
    const entries: readonly Entry[] = Array.isArray(Entries) ? Entries : []
    return entries.map((entry): Access => {
      const policy = store.find(entry.EventBusName)?.policy
      return {
        action: 'events:PutEvents',
        resource: store.busArn(entry.EventBusName),
        context: {
          ...(entry.Source === undefined ? {} : { 'events:source': String(entry.Source) }),
          ...(entry.DetailType === undefined ? {} : { 'events:detail-type': String(entry.DetailType) }),
          'events:eventBusInvocation': 'false',
        },
        ...(policy ? { resourcePolicy: policy } : {}),
      }
    })
  },
  run({ Entries = [] }) {
    const entries: readonly Entry[] = Entries
    if (entries.length === 0 || entries.length > MOST) {
      const bound = entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MOST}`
      throw invalid(
        `1 validation error detected: Value '[${entries.map(() => 'PutEventsRequestEntry').join(', ')}]' at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
      )
    }
    if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MOST_BYTES) {
      throw invalid('Total size of the entries in the request is over the limit.')
    }
    const results = entries.map(entry => put(store, dispatch, entry))
    return {
      FailedEntryCount: results.filter(result => 'ErrorCode' in result).length,
      Entries: results,
    }
  },
})

function put(store: Store, dispatch: Dispatch, entry: Entry) {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (entry[name] === undefined || entry[name] === '') {
      return refused(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      )
    }
  }
  if (/^aws\./.test(entry.Source!)) {
    return refused('NotAuthorizedForSourceException', 'Not authorized for the source.')
  }
  const detail = detailOf(entry.Detail!)
  if (detail === undefined) return refused('MalformedDetail', 'Detail is malformed.')
  const at = entry.Time === undefined ? store.now() : entry.Time * 1000
  const event = eventOf(store.account, at, {
    source: entry.Source!,
    'detail-type': entry.DetailType!,
    resources: entry.Resources ?? [],
    detail,
  })
  // An event for a bus that is not there is taken, and goes nowhere.
  const bus = store.find(entry.EventBusName)
  if (bus) dispatch.toRules(bus, event)
  return { EventId: event.id }
}

/** Nothing when it is no JSON object. */
function detailOf(text: string): object | undefined {
  try {
    const detail = JSON.parse(text)
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

const refused = (ErrorCode: string, ErrorMessage: string) => ({ ErrorCode, ErrorMessage })

/** As the guide counts it: 14 bytes for a time, the others by their length. */
const sizeOf = ({ Source = '', DetailType = '', Detail = '', Resources = [], Time }: Entry): number =>
  (Time === undefined ? 0 : 14) +
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
