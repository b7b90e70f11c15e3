import type { Clock } from '../clock.ts'
import { delays, effectiveOf } from './delivery-policy.ts'
import type { Envelopes } from './envelope.ts'
import { type Message, textFor } from './message.ts'
import { post } from './post.ts'
import { isRaw, type Subscription } from './topic.ts'

/** Deliveries by HTTP and HTTPS. */
export interface Posts {
  /** Resolves when the endpoint has taken it, or has not and will not be asked again: then to false. */
  notify(envelopes: Envelopes, message: Message, subscription: Subscription): Promise<boolean>
  /** The same for a question whether a subscription is wanted, or the news that it has ended. */
  confirm(type: string, messageId: string, body: string, subscription: Subscription): Promise<boolean>
  /** Ends every request, and every wait for the next. */
  stop(): void
}

/** Starts with nothing under way. Waits follow the cloud's clock; the bound on one request is real time. */
export function startPosts(clock: Clock): Posts {
  const stopping = new AbortController()
  /** When a subscription with a throttle policy may be sent the next message, by its ARN. */
  const nextAt = new Map<string, number>()

  return {
    async notify(envelopes, message, subscription) {
      const raw = isRaw(subscription)
      const body = raw
        ? textFor(message, subscription.protocol)
        : await envelopes.notification(message, subscription)
      await turn(subscription)
      return insist(subscription, {
        body,
        headers: {
          ...headersOf('Notification', message.messageId, subscription),
          'x-amz-sns-subscription-arn': subscription.arn,
          ...(raw ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
          'Content-Type': effectiveOf(subscription).requestPolicy.headerContentType,
        },
      })
    },
    confirm: (type, messageId, body, subscription) =>
      insist(subscription, {
        body,
        headers: {
          ...headersOf(type, messageId, subscription),
          ...(type === 'UnsubscribeConfirmation' ? { 'x-amz-sns-subscription-arn': subscription.arn } : {}),
          'Content-Type': 'text/plain; charset=UTF-8',
        },
      }),
    stop: () => stopping.abort(),
  }

  /** Tries until it is taken, refused for good, or the delivery policy's retries are used up. */
  async function insist(
    subscription: Subscription,
    request: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  ): Promise<boolean> {
    const waits = [...delays(effectiveOf(subscription).healthyRetryPolicy)]
    for (;;) {
      const outcome = await post(subscription.endpoint, request, stopping.signal)
      if (outcome !== 'try again') return outcome === 'taken'
      const seconds = waits.shift()
      if (seconds === undefined || !(await pass(seconds * 1000))) return false
    }
  }

  /** Waits for a message's turn where the policy says how many a second may come. */
  async function turn(subscription: Subscription): Promise<void> {
    const { throttlePolicy } = effectiveOf(subscription)
    if (!throttlePolicy) return
    const at = Math.max(clock.now(), nextAt.get(subscription.arn) ?? 0)
    nextAt.set(subscription.arn, at + 1000 / throttlePolicy.maxReceivesPerSecond)
    if (at > clock.now()) await pass(at - clock.now())
  }

  /** Whether the time passed, and the cloud was not stopped before. */
  function pass(ms: number): Promise<boolean> {
    return new Promise(resolve => {
      if (stopping.signal.aborted) return resolve(false)
      const callOff = clock.after(ms, () => {
        stopping.signal.removeEventListener('abort', leave)
        resolve(true)
      })
      const leave = () => {
        callOff()
        resolve(false)
      }
      stopping.signal.addEventListener('abort', leave, { once: true })
    })
  }
}

const headersOf = (type: string, messageId: string, { topic }: Subscription) => ({
  'x-amz-sns-message-type': type,
  'x-amz-sns-message-id': messageId,
  'x-amz-sns-topic-arn': topic.arn,
})
