import type { SQSHandler } from 'aws-lambda'
import { execute, parse } from 'graphql'
import { dialects } from './dialects.ts'
import { each } from './each.ts'
import { type Message, readMessage } from './message.ts'
import { post } from './post.ts'
import { schema } from './schema.ts'
import { type Subscription, subscriptionsTo } from './subscriptions.ts'

/** How many subscribers are told at the same time. Only these are held in memory. */
const AT_ONCE = 20

/** Something was said: tells all subscribers, each what it asked for. */
export const handler: SQSHandler = async ({ Records }) => {
  for (const { body } of Records) {
    const message = readMessage(body)
    await each(subscriptionsTo(message.room), AT_ONCE, subscription => tell(subscription, message))
  }
}

async function tell({ connectionId, id, subprotocol, ...asked }: Subscription, message: Message) {
  const result = await execute({
    schema,
    document: parse(asked.query),
    rootValue: { message },
    variableValues: asked.variables,
    operationName: asked.operationName,
  })
  await post(connectionId, dialects[subprotocol].result(id, result))
}
