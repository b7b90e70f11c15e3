import type { Stream } from '../../../dynamodb/streams/streams.ts'
import { type Named, qualifiedArn, readName } from '../../functions.ts'
import type { Finished } from '../../invoke.ts'
import type { Entry } from './lane.ts'

/** Why records were given up. */
export type GivenUp = 'RetryAttemptsExhausted' | 'RecordAgeExceeded'

/** What a destination is told of records that were given up, as JSON text: where they are in the stream, and not what they are. */
export function failureRecord(
  { fn, arn }: Named,
  stream: Pick<Stream, 'arn' | 'shardId'>,
  batch: readonly Entry[],
  how: {
    readonly condition: GivenUp
    /** How often the function was run with them. */
    readonly invocations: number
    readonly last: Finished | undefined
    readonly requestId: string
    readonly now: number
  },
): string {
  const { condition, invocations, last, requestId, now } = how
  const [first, final] = [batch[0]!.record, batch.at(-1)!.record]
  return JSON.stringify({
    requestContext: {
      requestId,
      functionArn: qualifiedArn(fn.arn, readName(arn).qualifier),
      condition,
      approximateInvokeCount: invocations,
    },
    ...(last
      ? {
          responseContext: {
            statusCode: 200,
            executedVersion: last.version,
            functionError: last.kind === 'failed' ? 'Unhandled' : null,
          },
        }
      : {}),
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: stream.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: final.sequenceNumber,
      approximateArrivalOfFirstRecord: wholeSeconds(first.at),
      approximateArrivalOfLastRecord: wholeSeconds(final.at),
      batchSize: batch.length,
      streamArn: stream.arn,
    },
  })
}

const wholeSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
