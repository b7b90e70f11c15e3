import { randomUUID } from 'node:crypto'
import type { Account } from '../../account.ts'
import { AwsError } from '../../error.ts'
import type { OnBehalf } from '../../on-behalf.ts'
import type { Call } from '../../service.ts'
import type { Bucket } from '../bucket.ts'
import { invalidArgument } from '../errors.ts'
import { isEvent, type Notification, type Notifications } from './configuration.ts'
import { type Happened, recordOf, testMessage } from './message.ts'
import { detailFor } from './to-event-bridge.ts'

/** Tells whom a bucket's notifications name. */
export interface Notifier {
  /** Tells of what happened to an object. `call` is left out when S3 did it itself. */
  notify(bucket: Bucket, happened: Happened, call?: Call): void
  /**
   * Replaces what a bucket tells. S3 tries each target first, and sends a test message to queues and topics, unless that is skipped.
   * Throws `InvalidArgument`.
   */
  configure(bucket: Bucket, notifications: Notifications, options?: { readonly skipChecks?: boolean }): void
}

/** Told of what happens in a bucket that asks for EventBridge. */
export type TellEventBridge = (event: NonNullable<ReturnType<typeof detailFor>>) => void

const SERVICE = 's3.amazonaws.com'

export function startNotifier({
  account,
  now,
  onBehalf,
  tellEventBridge,
}: {
  readonly account: Account
  readonly now: () => number
  readonly onBehalf: () => OnBehalf | undefined
  readonly tellEventBridge: TellEventBridge
}): Notifier {
  let count = 0

  return {
    notify(bucket, happened, call) {
      const { all, toEventBridge } = bucket.notifications
      const circumstance = { account, now: now(), count: count++, call }
      for (const one of all.filter(one => isAbout(one, happened))) {
        const record = recordOf(happened, bucket, one.id, circumstance)
        deliver(bucket, one, JSON.stringify({ Records: [record] }))
      }
      const event = toEventBridge ? detailFor(bucket, happened, account, call) : undefined
      if (event) tellEventBridge(event)
    },
    configure(bucket, notifications, { skipChecks = false } = {}) {
      for (const one of skipChecks ? [] : notifications.all) check(bucket, one)
      const before = new Set(bucket.notifications.all.map(({ targetArn }) => targetArn))
      bucket.notifications = notifications
      for (const one of notifications.all) {
        if (one.kind === 'function' || before.has(one.targetArn)) continue
        deliver(bucket, one, testMessage(bucket, now(), randomUUID()))
      }
    },
  }

  function check({ arn }: Bucket, { targetArn }: Notification): void {
    try {
      if (targetArn.endsWith('.fifo')) throw new AwsError('InvalidArgument', 'FIFO')
      onBehalf()?.check({ service: SERVICE, sourceArn: arn, targetArn })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      throw invalidArgument('Unable to validate the following destination configurations')
    }
  }

  function deliver({ arn }: Bucket, { targetArn }: Notification, body: string): void {
    try {
      onBehalf()?.send({
        service: SERVICE,
        sourceArn: arn,
        targetArn,
        body,
        subject: 'Amazon S3 Notification',
      })
    } catch (error) {
      // The target is gone, or no longer lets S3 in: nobody is told but those who watch IAM.
      if (!(error instanceof AwsError)) throw error
    }
  }
}

const isAbout = ({ events, prefix, suffix }: Notification, { name, key }: Happened): boolean =>
  events.some(event => isEvent(event, `s3:${name}`)) && key.startsWith(prefix) && key.endsWith(suffix)
