import type { Criterion } from '#kit'
import { contentOnly, documentsOf, inRoom } from '../../newsroom/documents.ts'
import { asks, hearsResult, introduced, listening, nothingElse } from '../../newsroom/frames.ts'
import { notDelivered, whereItConverses } from '../../newsroom/meanings.ts'
import { aMessage, inARow, publish } from '../../newsroom/messages.ts'

/** Many subscriptions with different documents and ids, on several sockets; each is told once, in its own fields. */
export const eachHearsTheirOwn: Criterion = {
  id: 'each-hears-their-own',
  says: 'Every subscriber hears their own room in their own fields, once, two subscriptions on one socket as well',
  hint: 'docs/graphql-subscriptions.md#who-listens',
  after: ['messages-arrive'],
  async probe(scene) {
    const [red, blue] = [`red-${scene.nonce()}`, `blue-${scene.nonce()}`]
    const [ana, ben, cyd] = await Promise.all(
      ['ana', 'ben', 'cyd'].map(name => introduced(scene, name)),
    ).then(all => [all[0]!, all[1]!, all[2]!] as const)
    const before = aMessage(scene, red)
    await publish(scene, before)
    await nothingElse([ana, ben, cyd])

    // ana and ben use the same ids, and ids of every kind. cyd has ids that look alike, with texts that others use, and listens to
    // the other room as well.
    const { plain, aliases, fragments, directives, otherwise, types, operations, otherOperation } =
      documentsOf(red)
    const told = [
      { client: ana, id: '1', ...plain! },
      { client: ana, id: 'a#b/ü 2', ...aliases! },
      { client: ana, id: 'operations', ...operations! },
      { client: ben, id: '1', ...fragments! },
      { client: ben, id: 'a#b/ü 2', ...directives! },
      { client: ben, id: 'a#b/ü', ...types! },
      { client: cyd, id: '1', ...plain! },
      { client: cyd, id: ' 1', ...otherwise! },
      { client: cyd, id: 'One', ...otherOperation! },
      { client: cyd, id: 'one', ...operations! },
    ]
    for (const { client, id, asked } of told) asks(client, id, asked)
    asks(cyd, '2', inRoom(blue))
    await listening(ana, ben, cyd)

    const [first, second] = inARow(scene, red, 2) as [
      ReturnType<typeof aMessage>,
      ReturnType<typeof aMessage>,
    ]
    const toBlue = aMessage(scene, blue)
    scene.did('a backend published messages to two rooms')
    await publish(scene, first, toBlue, second)
    await Promise.all(
      [first, second].flatMap(message =>
        told.map(({ client, id, shows }) => hearsResult(client, id, shows(message))),
      ),
    )
    await hearsResult(cyd, '2', contentOnly(toBlue))
    await nothingElse([ana, ben], { again: [first, second], before: [before], elsewhere: [toBlue] })
    await nothingElse([cyd], { again: [first, second, toBlue], before: [before] })
  },
  diagnoses: [
    ...notDelivered.slice(0, -2),
    {
      when: /silence|^\{"id"/,
      means:
        'A subscription was told less than it should be: another took its place, or it was told in place of another. Subscriptions are told apart by their connection and their id, both together.',
      where: whereItConverses,
    },
    ...notDelivered.slice(-1),
  ],
}
