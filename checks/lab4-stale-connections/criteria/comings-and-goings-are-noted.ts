import { type Criterion, unexpectedMessages } from '#kit'
import { failures } from '../../meanings.ts'
import { something } from '../../talk.ts'
import { type Guest, guests } from '../list.ts'
import { hangUp, isNoted, notAllowed } from '../room.ts'

/** Every kind of event, every kind of end but idling, and messages that are no object, of which the route `$default` takes all. */
export const comingsAndGoingsAreNoted: Criterion = {
  id: 'comings-and-goings-are-noted',
  says: 'The log notes what happens to a connection, and how it ended',
  hint: 'docs/stale-connections.md#four-events',
  after: ['door-opens'],
  async probe(scene) {
    const people = await guests(scene, 'ana', 'ben', 'cyd', 'dan')
    const [ana, ben, cyd, dan] = people as [Guest, Guest, Guest, Guest]

    ana.client.send({ action: 'sendMessage', text: something() })
    ben.client.send('still here')
    for (const { text } of unexpectedMessages) dan.client.send(text)
    await dan.client.isStillThere()
    await isNoted(scene, ana, ['sendMessage'])
    await isNoted(scene, ben, ['$default'])
    await isNoted(scene, dan, ['$default'])

    await ana.client.leave()
    await ben.client.leave(1001)
    await hangUp(scene, cyd)
    await dan.client.leave(4000, 'later')
    for (const one of people) await isNoted(scene, one, ['$connect'])
    await isNoted(scene, ana, ['$disconnect', '1005', 'Client-side close frame status not set'])
    await isNoted(scene, ben, ['$disconnect', '1001'])
    await isNoted(scene, cyd, ['$disconnect', '1000', 'Connection Closed Normally'])
    await isNoted(scene, dan, ['$disconnect', '4000', 'later'])
  },
  diagnoses: [
    notAllowed,
    ...failures,
    {
      when: /to stay open/,
      means: 'A message that is no object counts as a heartbeat, too. Here it ended the connection.',
    },
    {
      means:
        'An event that nobody notes leaves no trace. The starter notes all four of them, one line each, with disconnectStatusCode and disconnectReason where there are any.',
      where: { resource: 'AWS::Lambda::Function' },
    },
  ],
}
