import type { StreamRecord } from '../../../dynamodb/streams/streams.ts'

/** One record of an event, in Lambda's spelling. */
export interface StreamEvent {
  readonly eventID: string
  readonly eventName: StreamRecord['eventName']
  readonly eventVersion: '1.1'
  readonly eventSource: 'aws:dynamodb'
  readonly awsRegion: string
  readonly dynamodb: StreamRecord['dynamodb']
  readonly eventSourceARN: string
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: 'dynamodb.amazonaws.com' }
}

/** A stream's record as the function sees it. */
export const eventOf = (record: StreamRecord, streamArn: string): StreamEvent => ({
  eventID: record.eventID,
  eventName: record.eventName,
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: streamArn.split(':')[3]!,
  dynamodb: record.dynamodb,
  eventSourceARN: streamArn,
  ...(record.isExpiry
    ? { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } as const }
    : {}),
})
