import { randomUUID } from 'node:crypto'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { GraphQLError } from 'graphql'
import type { User } from './connections.ts'
import { last as lastSaid } from './history.ts'
import type { Message } from './message.ts'

const sns = new SNSClient()

/** How long a message may be, and how many one query may ask for: an answer has to fit into 128 KB. */
const LONGEST = 2_000
const MOST = 50

/** What queries and mutations do. */
export const resolvers = {
  messages({ room, last }: { room: string; last: number }) {
    if (last < 1 || last > MOST) throw new GraphQLError(`"last" is from 1 to ${MOST}.`)
    return lastSaid(room, last)
  },

  async say({ room, content }: { room: string; content: string }, from: User): Promise<Message> {
    if (content.length > LONGEST) throw new GraphQLError(`"content" has ${LONGEST} characters at most.`)
    const message: Message = { id: randomUUID(), room, from, content, sentAt: new Date().toISOString() }
    // Nobody is told here: the topic reaches the function that tells the subscribers.
    await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: JSON.stringify(message) }))
    return message
  },
}
