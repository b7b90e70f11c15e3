import type { AwsError } from '../../error.ts'
import { invalid, refusal } from '../errors.ts'
import type { Stream } from './stream.ts'
import type { Streams } from './streams.ts'

/** How long a shard iterator can be used, in milliseconds. */
const LIFETIME = 15 * 60 * 1000

/** A place in a shard: the position of the next record to read. */
export interface Place {
  readonly stream: Stream
  readonly position: number
}

/** The text that stands for a place. It has AWS's shape: ARN, version, and what only the service reads. */
export function writeIterator({ stream, position }: Place, now: number): string {
  const text = JSON.stringify({ shard: stream.shardId, position, now })
  return `${stream.arn}|1|${Buffer.from(text).toString('base64')}`
}

/** Throws `ValidationException`, `ResourceNotFoundException`, `ExpiredIteratorException`, `TrimmedDataAccessException`. */
export function readIterator(text: string, streams: Streams, now: number): Place {
  const [arn = '', , coded = ''] = text.split('|')
  const { shard, position, now: made } = decoded(coded)
  if (!Number.isInteger(position) || typeof made !== 'number') throw invalid('Invalid ShardIterator')
  const stream = streams.find(arn)
  if (!stream || stream.shardId !== shard) throw noStream(arn)
  // The words of these two are assumed.
  if (now - made > LIFETIME) {
    throw refusal('ExpiredIteratorException', 'The shard iterator has expired and can no longer be used.')
  }
  if (position < stream.first) throw trimmed()
  return { stream, position }
}

export const noStream = (arn: string): AwsError =>
  refusal('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`)

export const trimmed = (): AwsError =>
  refusal('TrimmedDataAccessException', 'The data you are trying to access has been trimmed.')

function decoded(text: string): Record<string, any> {
  try {
    return Object(JSON.parse(Buffer.from(text, 'base64').toString()))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw invalid('Invalid ShardIterator')
  }
}
