import type { SQSHandler } from 'aws-lambda'
import { dialects } from './dialects.ts'
import { each } from './each.ts'
import { type Message, readMessage } from './message.ts'
import { post } from './post.ts'
import { type Subscription, subscriptionsTo } from './subscriptions.ts'

/** How many are told at the same time: however many listen, this is all that is held in memory of them. */
const AT_ONCE = 20

/** Something was said: tells everybody who listens, each what they asked for. */
export const handler: SQSHandler = async ({ Records }) => {
  for (const { body } of Records) {
    const message = readMessage(body)
    await each(subscriptionsTo(message.room), AT_ONCE, subscription => tell(subscription, message))
  }
}

async function tell({ connectionId, id, subprotocol }: Subscription, message: Message) {
  await post(connectionId, dialects[subprotocol].result(id, { data: { message } }))
}
