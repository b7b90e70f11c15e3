import { randomUUID } from 'node:crypto'
import { readXml } from '../../door/protocols/xml.ts'
import type { Operation, RestInput } from '../../service.ts'
import { headerOf, ofBucket, onBucket } from '../access.ts'
import { payloadOf } from '../payload.ts'
import type { Store } from '../store.ts'
import { membersOfNotifications, readNotifications } from './configuration.ts'

/** Reading and putting what a bucket tells of its objects. */
export const notificationOperations = (store: Store): readonly Operation<RestInput>[] => [
  onBucket(
    store,
    'GetBucketNotificationConfiguration',
    'GET /:bucket?notification',
    ofBucket('s3:GetBucketNotification'),
    ({ bucket }) => ({
      root: 'NotificationConfiguration',
      members: membersOfNotifications(bucket.notifications),
    }),
  ),
  onBucket(
    store,
    'PutBucketNotificationConfiguration',
    'PUT /:bucket?notification',
    ofBucket('s3:PutBucketNotification'),
    ({ bucket }, _, call) => {
      const notifications = readNotifications(readXml(payloadOf(call.wire).bytes.toString()), randomUUID)
      const skipChecks = headerOf(call, 'x-amz-skip-destination-validation') === 'true'
      store.notifier.configure(bucket, notifications, { skipChecks })
      return {}
    },
  ),
]
