import type { Stream, Streams } from '../../../dynamodb/streams/streams.ts'
import type { ActAs, Acting } from '../../execution-role.ts'
import { type Ask, asksIam } from '../source.ts'

/** Streams as functions' roles may read them. Everything is asked anew each time: streams, roles and policies come and go. */
export interface StreamSources {
  find(arn: string): Stream | undefined
  /** May the role read the stream? */
  may(arn: string, configuration: Acting): boolean
}

/** What Lambda does to a stream with the function's role. */
const ACTIONS = ['GetRecords', 'GetShardIterator', 'DescribeStream'] as const

export function openStreamSources({
  streams,
  actAs,
  ...ask
}: { readonly streams: () => Streams; readonly actAs: ActAs } & Ask): StreamSources {
  const may = asksIam(ask)
  return {
    find: arn => streams().find(arn),
    may(arn, configuration) {
      const principal = actAs(configuration)
      if (!principal) return false
      return (
        ACTIONS.every(action => may(principal, { action: `dynamodb:${action}`, resource: arn })) &&
        mayList(principal, arn)
      )
    },
  }

  /** ListStreams has no resource in IAM. But AWS's own tutorial grants it on the stream, and that is enough for Lambda. */
  function mayList(principal: Parameters<typeof may>[0], arn: string): boolean {
    const list = { action: 'dynamodb:ListStreams', resource: '*' }
    return ask.decide(principal, { ...list, resource: arn }).allowed || may(principal, list)
  }
}
