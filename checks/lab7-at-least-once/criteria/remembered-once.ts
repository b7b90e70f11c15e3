import type { Criterion } from '#kit'
import { introduced } from '../../newsroom/frames.ts'
import { tellsHistory, toldOtherwise } from '../../newsroom/history.ts'
import { notDelivered } from '../../newsroom/meanings.ts'
import { inARow, type Message, publish } from '../../newsroom/messages.ts'

/** A message that comes again is remembered once, and two that say the same are remembered as two. */
export const rememberedOnce: Criterion = {
  id: 'remembered-once',
  says: 'The history has a message once, however often it comes; and two that say the same are two',
  hint: 'docs/at-least-once.md#the-same-place',
  after: ['history-is-told'],
  async probe(scene) {
    const room = scene.nonce()
    const ana = await introduced(scene, 'ana')
    const [first, second, third] = inARow(scene, room, 3) as [Message, Message, Message]
    const like = { ...second, id: inARow(scene, room, 1)[0]!.id }
    scene.did(
      'a backend published a message three times, and two messages that differ in nothing but their ids',
    )
    await publish(scene, first, third, first, second, like)
    await publish(scene, first)
    await tellsHistory(scene, ana, { room, wanted: [first, second, like, third] })
    await publish(scene, third, second)
    await tellsHistory(scene, ana, { room, wanted: [first, second, like, third] })
  },
  diagnoses: [...toldOtherwise, ...notDelivered],
}
