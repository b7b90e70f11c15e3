import { type Client, type Criterion, Unmet } from '#kit'
import { unanswered } from '../../answers.ts'
import { contentOnly, inRoom } from '../../newsroom/documents.ts'
import { asks, hearsResult, introduced, isAnswered, listening, nothingElse } from '../../newsroom/frames.ts'
import { notDelivered, whereItConverses } from '../../newsroom/meanings.ts'
import { aMessage, publish, something } from '../../newsroom/messages.ts'

/** Operations that cannot be run: each is answered with an error frame of its own id, and the rest goes on. */
const wrong = [
  { query: 'subscription { message { nonsense } }' },
  { query: 'subscription {' },
  { query: '' },
  { query: 'query { messages { nonsense } }' },
  { query: 'mutation { say { content } }' },
  { query: 'subscription One { message { content } } subscription Two { message { content } }' },
  { query: 'subscription One { message { content } }', operationName: 'Three' },
  { query: 'subscription ($room: ID!) { message(room: $room) { content } }' },
] as const

export const errorsAreFrames: Criterion = {
  id: 'errors-are-frames',
  says: 'A query that cannot be run is answered with an error frame, and disturbs nothing else',
  hint: 'docs/graphql-subscriptions.md#an-error-is-an-answer',
  after: ['messages-arrive'],
  async probe(scene) {
    const ana = await introduced(scene, 'ana')
    const room = scene.nonce()
    asks(ana, 'right', inRoom(room))
    await listening(ana)
    for (const [index, asked] of wrong.entries()) {
      asks(ana, `wrong-${index}`, asked)
      await hearsError(ana, `wrong-${index}`)
    }
    await nothingElse([ana])

    // An id that has failed is free, and what went on before goes on.
    const content = something()
    asks(ana, 'wrong-0', {
      query: 'mutation ($room: ID!, $it: String!) { say(room: $room, content: $it) { content } }',
      variables: { room, it: content },
    })
    await isAnswered(ana, 'wrong-0', { say: { content } })
    await hearsResult(ana, 'right', { message: { content } })
    const message = aMessage(scene, room)
    await publish(scene, message)
    await hearsResult(ana, 'right', contentOnly(message))
    await nothingElse([ana], { again: [message] })
  },
  diagnoses: [
    {
      when: /"type":"next".*"errors"/,
      means:
        'The errors came as a result. A document that does not fit the schema has no result: the operation has never begun, and the frame that says so is "error".',
      where: whereItConverses,
    },
    {
      when: /closed with/,
      means:
        'The connection was closed because of a mistake in a query. That is no breach of the protocol: the connection, and what else is on it, goes on.',
      where: whereItConverses,
    },
    {
      when: /^an error frame, but/,
      means: 'The frame "error" of the newer protocol has a list of errors, and each has a message.',
      where: whereItConverses,
    },
    {
      when: /^silence/,
      means: 'An operation that cannot be run was not answered. Its client waits for ever.',
      where: whereItConverses,
    },
    ...notDelivered.slice(0, -2),
    ...unanswered,
  ],
}

async function hearsError(client: Client, id: string): Promise<void> {
  const as = `{"type":"error","id":"${id}","payload":[{"message":"…"}]}`
  const frame = await client.hears({ type: 'error', id }, { as })
  const isList = Array.isArray(frame.payload) && frame.payload.length > 0
  if (isList && frame.payload.every((error: any) => typeof error?.message === 'string')) return
  throw new Unmet({
    expected: `${client.name} to hear ${as}`,
    observed: `an error frame, but with ${JSON.stringify(frame.payload)}`,
  })
}
