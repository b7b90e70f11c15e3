import type { Criterion } from '#kit'
import { contentOnly, inRoom } from '../../newsroom/documents.ts'
import {
  asks,
  hearsResult,
  introduced,
  isAnswered,
  listening,
  nothingElse,
  OLDER,
  stops,
} from '../../newsroom/frames.ts'
import { incomplete, notDelivered, whereItConverses, whereItDelivers } from '../../newsroom/meanings.ts'
import { aMessage, publish, something } from '../../newsroom/messages.ts'

/** A client with the older protocol and one with the newer, in the same room: each has frames of its own. */
export const theOlderProtocol: Criterion = {
  id: 'the-older-protocol',
  says: 'A client that speaks the older protocol is served in its frames',
  hint: 'docs/graphql-subscriptions.md#the-older-protocol',
  after: ['messages-arrive'],
  async probe(scene) {
    const room = scene.nonce()
    const ana = await introduced(scene, 'ana', { protocol: OLDER })
    const ben = await introduced(scene, 'ben')
    asks(ana, '1', inRoom(room), OLDER)
    asks(ana, 'other', inRoom(room), OLDER)
    asks(ben, '1', inRoom(room))
    await listening(ana, ben)
    const message = aMessage(scene, room)
    await publish(scene, message)
    await Promise.all([
      hearsResult(ana, '1', contentOnly(message), OLDER),
      hearsResult(ana, 'other', contentOnly(message), OLDER),
      hearsResult(ben, '1', contentOnly(message)),
    ])
    await nothingElse([ana, ben], { again: [message] })

    const content = something()
    const asked = {
      query: 'mutation ($it: String!) { say(room: "elsewhere", content: $it) { content } }',
      variables: { it: content },
    }
    asks(ana, '2', asked, OLDER)
    await isAnswered(ana, '2', { say: { content } }, OLDER)
    asks(ana, '3', { query: '{ nonsense }' }, OLDER)
    await ana.hears({ type: 'error', id: '3' })

    stops(ana, '1', OLDER)
    await listening(ana, ben)
    const next = aMessage(scene, room)
    await publish(scene, next)
    await hearsResult(ana, 'other', contentOnly(next), OLDER)
    await hearsResult(ben, '1', contentOnly(next))
    await nothingElse([ana, ben], { elsewhere: [next] })
    await ana.isStillThere()
  },
  diagnoses: [
    {
      when: /"type":"next"|ben heard .*"type":"data"|^\{.*"type":"data"/,
      means:
        'Each client is answered in the protocol that it was told is spoken. One of them heard a frame of the other protocol.',
      where: whereItDelivers,
    },
    {
      when: /heard what it did not ask for/,
      means: 'ana said stop, and is told all the same. That is how the older protocol unsubscribes.',
      where: whereItConverses,
    },
    ...notDelivered.slice(0, -2),
    { ...incomplete, when: /^silence$/ },
    ...notDelivered.slice(-1),
  ],
}
