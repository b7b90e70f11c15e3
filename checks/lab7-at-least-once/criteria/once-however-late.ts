import type { Criterion } from '#kit'
import { contentOnly, inRoom } from '../../newsroom/documents.ts'
import { asks, hearsResult, introduced, listening, nothingElse } from '../../newsroom/frames.ts'
import { heardTwice, notDelivered } from '../../newsroom/meanings.ts'
import { aMessage, publish } from '../../newsroom/messages.ts'

/** Less than the ten minutes after which API Gateway closes a connection on which nothing is said, in milliseconds. */
const NINE_MINUTES = 9 * 60_000

/** A message that comes again after minutes is shown no second time, as long as the subscription lasts. */
export const onceHoweverLate: Criterion = {
  id: 'once-however-late',
  says: 'A message that comes again after many minutes is not shown again',
  hint: 'docs/at-least-once.md#each-message-once',
  after: ['each-message-once'],
  needs: ['clock'],
  async probe(scene) {
    const room = scene.nonce()
    const ana = await introduced(scene, 'ana')
    asks(ana, '1', inRoom(room))
    await listening(ana)
    const message = aMessage(scene, room)
    await publish(scene, message)
    await hearsResult(ana, '1', contentOnly(message))
    for (const _ of ['nine minutes', 'eighteen minutes']) {
      scene.advanceClock(NINE_MINUTES)
      ana.send({ type: 'ping' })
      await ana.hears({ type: 'pong' })
      await publish(scene, message)
      await nothingElse([ana], { again: [message] })
    }
    const next = aMessage(scene, room)
    await publish(scene, next)
    await hearsResult(ana, '1', contentOnly(next))
  },
  diagnoses: [
    {
      ...heardTwice,
      means:
        'A message that came again after some minutes was shown again. What has been shown is forgotten too soon: in five minutes by FIFO topics and queues, and with its instance by a function that keeps it in its memory.',
    },
    ...notDelivered,
  ],
}
