import type { Access, Operation } from '../../service.ts'
import type { Database } from '../database.ts'
import type { TableRecord } from '../engine.ts'
import { invalid } from '../errors.ts'
import { noStream, readIterator, trimmed, writeIterator } from './iterator.ts'
import type { StreamRecord } from './record.ts'
import { describeShape, iteratorShape, listShape, recordsShape } from './shapes.ts'
import type { Stream } from './stream.ts'

/** The most records, and the most bytes of them, that one GetRecords gives. */
const [MOST, MOST_BYTES] = [1000, 1024 * 1024]

/** How many streams ListStreams gives at a time. */
const PAGE = 100

/** The operations of DynamoDB Streams, a service of its own that shares DynamoDB's name in signatures and in IAM. */
export const streamOperations = (database: Database): readonly Operation[] => [
  {
    name: 'ListStreams',
    // It has no resource in IAM, not even where a table is named.
    access: () => [{ action: 'dynamodb:ListStreams', resource: '*' }],
    run: input => list(database, input),
  },
  {
    name: 'DescribeStream',
    access: ({ StreamArn }) => onStream('DescribeStream', StreamArn),
    run: input => describe(database, input),
  },
  {
    name: 'GetShardIterator',
    access: ({ StreamArn }) => onStream('GetShardIterator', StreamArn),
    run: input => iterator(database, input),
  },
  {
    name: 'GetRecords',
    // The ARN is the first part of an iterator.
    access: ({ ShardIterator }) => onStream('GetRecords', String(ShardIterator ?? '').split('|')[0]),
    run: input => records(database, input),
  },
]

/** What is no ARN is refused by the operation itself. */
const onStream = (operation: string, arn: unknown): readonly Access[] =>
  typeof arn === 'string' && arn.startsWith('arn:')
    ? [{ action: `dynamodb:${operation}`, resource: arn }]
    : []

function list({ engine, streams }: Database, input: any) {
  const { TableName, ExclusiveStartStreamArn: after, Limit = PAGE } = engine.checkShape(listShape, input)
  if (after !== undefined) checkArn(after)
  const wanted = streams.all().filter(({ tableName }) => TableName === undefined || tableName === TableName)
  const start = after === undefined ? 0 : wanted.findIndex(({ arn }) => arn === after) + 1
  const page = wanted.slice(start, start + Limit)
  return {
    Streams: page.map(({ arn, tableName, label }) => ({
      StreamArn: arn,
      TableName: tableName,
      StreamLabel: label,
    })),
    ...(start + Limit < wanted.length ? { LastEvaluatedStreamArn: page.at(-1)!.arn } : {}),
  }
}

function describe(database: Database, input: any) {
  const { StreamArn, ExclusiveStartShardId } = database.engine.checkShape(describeShape, input)
  const stream = find(database, StreamArn)
  return {
    StreamDescription: {
      StreamArn: stream.arn,
      StreamLabel: stream.label,
      StreamStatus: stream.isClosed ? 'DISABLED' : 'ENABLED',
      StreamViewType: stream.viewType,
      CreationRequestDateTime: stream.createdAt / 1000,
      TableName: stream.tableName,
      KeySchema: stream.keySchema as TableRecord['KeySchema'],
      // There is one shard, so that nothing comes after it.
      Shards:
        ExclusiveStartShardId === undefined
          ? [{ ShardId: stream.shardId, SequenceNumberRange: rangeOf(stream) }]
          : [],
    },
  }
}

const rangeOf = (stream: Stream) => ({
  StartingSequenceNumber: stream.sequenceNumberAt(1),
  ...(stream.isClosed ? { EndingSequenceNumber: stream.sequenceNumberAt(Math.max(1, stream.next - 1)) } : {}),
})

function iterator(database: Database, input: any) {
  const { StreamArn, ShardId, ShardIteratorType, SequenceNumber } = database.engine.checkShape(
    iteratorShape,
    input,
  )
  const stream = find(database, StreamArn)
  if (ShardId !== stream.shardId) {
    throw noStream(`${StreamArn}, Shard: ${ShardId}`)
  }
  const position = positionFor(stream, ShardIteratorType, SequenceNumber)
  return { ShardIterator: writeIterator({ stream, position }, database.clock.now()) }
}

/** The words of the refusals are assumed; their types are tested on AWS by the authors of Alternator. */
function positionFor(stream: Stream, type: string, sequenceNumber: string | undefined): number {
  if (type === 'TRIM_HORIZON' || type === 'LATEST') {
    if (sequenceNumber !== undefined) {
      throw invalid(`SequenceNumber must not be given for ShardIteratorType ${type}`)
    }
    return type === 'LATEST' ? stream.next : stream.first
  }
  if (sequenceNumber === undefined) {
    throw invalid(`SequenceNumber is required for ShardIteratorType ${type}`)
  }
  const at = stream.positionOf(sequenceNumber)
  if (at === undefined || at > stream.next) throw invalid('Invalid SequenceNumber')
  const position = type === 'AT_SEQUENCE_NUMBER' ? at : at + 1
  if (position < stream.first) throw trimmed()
  return position
}

function records({ engine, streams, clock, account }: Database, input: any) {
  const { ShardIterator, Limit = MOST } = engine.checkShape(recordsShape, input)
  const { stream, position } = readIterator(ShardIterator, streams, clock.now())
  const found: StreamRecord[] = []
  let bytes = 0
  for (const record of stream.read(position, Limit)) {
    bytes += Number(record.dynamodb.SizeBytes)
    if (found.length > 0 && bytes > MOST_BYTES) break
    found.push(record)
  }
  const next = position + found.length
  const isOver = stream.isClosed && next >= stream.next
  return {
    Records: found.map(record => wireOf(record, account.region)),
    ...(isOver ? {} : { NextShardIterator: writeIterator({ stream, position: next }, clock.now()) }),
  }
}

/** A record as GetRecords shows it. */
const wireOf = (record: StreamRecord, region: string) => ({
  eventID: record.eventID,
  eventName: record.eventName,
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: region,
  dynamodb: record.dynamodb,
  ...(record.isExpiry ? { userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } } : {}),
})

function find({ streams }: Database, arn: string): Stream {
  checkArn(arn)
  const stream = streams.find(arn)
  if (!stream) throw noStream(arn)
  return stream
}

function checkArn(arn: string) {
  if (!/^arn:[^:]+:dynamodb:[^:]*:\d{12}:table\/[^/]+\/stream\/[^/]+$/.test(arn)) {
    throw invalid(`Invalid StreamArn: ${arn}`)
  }
}
