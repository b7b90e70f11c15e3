import type { Shape } from '../engine.ts'

const arn = { type: 'String', lengthGreaterThanOrEqual: 37, lengthLessThanOrEqual: 1024 }
const shardId = { type: 'String', lengthGreaterThanOrEqual: 28, lengthLessThanOrEqual: 65 }
const upTo = (most: number) => ({ type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: most })

/** The input of ListStreams. */
export const listShape: Shape = {
  ExclusiveStartStreamArn: arn,
  Limit: upTo(100),
  TableName: { type: 'String', regex: '[a-zA-Z0-9_.-]+' },
}

/** The input of DescribeStream. */
export const describeShape: Shape = {
  StreamArn: { ...arn, notNull: true },
  ExclusiveStartShardId: shardId,
  Limit: upTo(100),
}

/** The input of GetShardIterator. */
export const iteratorShape: Shape = {
  StreamArn: { ...arn, notNull: true },
  ShardId: { ...shardId, notNull: true },
  ShardIteratorType: {
    type: 'String',
    notNull: true,
    enum: ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST'],
  },
  SequenceNumber: { type: 'String', lengthGreaterThanOrEqual: 21, lengthLessThanOrEqual: 40 },
}

/** The input of GetRecords. */
export const recordsShape: Shape = {
  ShardIterator: {
    type: 'String',
    notNull: true,
    lengthGreaterThanOrEqual: 1,
    lengthLessThanOrEqual: 2048,
  },
  Limit: upTo(1000),
}
