import { randomUUID } from 'node:crypto'
import { countWork, type Work } from '../work.ts'
import type { Envelopes } from './envelope.ts'
import { startPosts } from './http-posts.ts'
import type { Means } from './means.ts'
import { type Message, textFor } from './message.ts'
import { toDeadLetters, toFunction, toQueue } from './recipients.ts'
import type { Subscription } from './topic.ts'

/** Deliveries under way. */
export interface Deliveries {
  /** Brings a message to everybody who wants it, in its own time: the publisher does not wait for that. */
  publish(message: Message, subscriptions: Iterable<Subscription>): void
  /** Asks an HTTP endpoint to confirm, or tells it that its subscription has ended. */
  ask(type: Parameters<Envelopes['confirmation']>[0], subscription: Subscription, token: string): void
  /** Ends what is under way. */
  stop(): Promise<void>
}

/** Starts with nothing under way. An error that is no refusal of AWS's goes to `onFault`. `whole` counts what is under way. */
export function startDeliveries(means: Means, onFault: (error: unknown) => void, whole?: Work): Deliveries {
  const { clock, envelopes } = means
  const posts = startPosts(clock)
  const work = countWork(whole)
  let isStopped = false

  return {
    publish(message, subscriptions) {
      for (const subscription of subscriptions) {
        if (subscription.isConfirmed && wants(subscription, message)) goOn(deliver(message, subscription))
      }
    },
    ask: (type, subscription, token) => goOn(ask(type, subscription, token)),
    async stop() {
      isStopped = true
      posts.stop()
      await work.settled()
    },
  }

  function goOn(delivery: Promise<void>): void {
    void work.add(delivery.catch(onFault))
  }

  async function deliver(message: Message, subscription: Subscription): Promise<void> {
    const arrived = await byProtocol(message, subscription)
    if (!arrived && !isStopped) await toDeadLetters(means, message, subscription)
  }

  /** Whether it arrived. */
  function byProtocol(message: Message, subscription: Subscription): Promise<boolean> {
    if (subscription.protocol === 'sqs') return toQueue(means, message, subscription, subscription.endpoint)
    if (subscription.protocol === 'lambda') return toFunction(means, message, subscription)
    return posts.notify(envelopes, message, subscription)
  }

  async function ask(...[type, subscription, token]: Parameters<Deliveries['ask']>): Promise<void> {
    const asked = { messageId: randomUUID(), at: clock.now(), token }
    const body = await envelopes.confirmation(type, subscription, asked)
    await posts.confirm(type, asked.messageId, body, subscription)
  }
}

/** A policy on the body looks at the text that this protocol would be given (assumed). */
function wants({ filter, protocol }: Subscription, message: Message): boolean {
  return !filter || filter({ message: textFor(message, protocol), attributes: message.attributes })
}
