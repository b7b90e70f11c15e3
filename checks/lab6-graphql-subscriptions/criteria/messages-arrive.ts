import { type Criterion, named, Unmet } from '#kit'
import { everything, MESSAGE_ADDED } from '../../newsroom/documents.ts'
import { asks, hearsResult, introduced, nothingElse } from '../../newsroom/frames.ts'
import { incomplete, notDelivered, whereItConverses } from '../../newsroom/meanings.ts'
import { aMessage, publish, something } from '../../newsroom/messages.ts'
import { subscriber } from '../../newsroom/subscriber.ts'

/** What is published, and what others say in mutations, is heard, once, by clients with the package graphql-ws. */
export const messagesArrive: Criterion = {
  id: 'messages-arrive',
  says: 'A client that subscribes with graphql-ws hears what is said, and exactly the fields it asked for',
  hint: 'docs/graphql-subscriptions.md#the-way-of-a-message',
  after: ['the-protocol-is-kept'],
  async probe(scene) {
    const ana = subscriber(scene, 'ana').subscribe({ query: MESSAGE_ADDED }, everything)
    await ana.listens('lobby')
    const long = aMessage(scene, 'lobby', something({ short: false }))
    scene.did('a backend published a message to the topic')
    await publish(scene, long)
    await ana.hears(long)

    // Two that say the same, and one under a name that is awkward and as long as a name may be.
    const content = something()
    for (const name of ['ben', ...named(3).slice(2)]) {
      const { say } = await subscriber(scene, name).ask({
        query:
          'mutation Say($content: String!) { say(content: $content) { from { id displayName } content sentAt } }',
        variables: { content },
      })
      if (say?.content !== content || say.from?.displayName !== name)
        throw new Unmet({
          expected: `what ${name} said to be told as ${name}'s, with all its words`,
          observed: `the answer to the mutation was ${JSON.stringify(say)}`,
        })
      await ana.hears({ id: '', room: 'lobby', ...say })
    }

    // Somebody who says something also listens, on the same socket, and is told once.
    const cyd = await introduced(scene, 'cyd')
    asks(cyd, 'news', { query: 'subscription { message { content } }' })
    const before = [long, { ...long, content }]
    await nothingElse([cyd], { before })
    const own = something()
    asks(cyd, 'say', {
      query: 'mutation ($it: String!) { say(content: $it) { from { id displayName } content sentAt } }',
      variables: { it: own },
    })
    const { payload } = await cyd.hears({
      id: 'say',
      type: 'next',
      payload: { data: { say: { content: own } } },
    })
    await cyd.hears({ id: 'say', type: 'complete' })
    await hearsResult(cyd, 'news', { message: { content: own } })
    await ana.hears({ id: '', room: 'lobby', ...payload.data.say })
    await nothingElse([cyd], { again: [{ ...long, content: own }], before })
    await ana.heardNothingElse()
  },
  diagnoses: [
    {
      when: /^the answer to the mutation was/,
      means:
        'A mutation is answered with what was said, and the name that its client gave in connection_init.',
      where: whereItConverses,
    },
    ...notDelivered.slice(0, -2),
    { ...incomplete, when: /nothing that completes it/ },
    ...notDelivered.slice(-2),
  ],
}
