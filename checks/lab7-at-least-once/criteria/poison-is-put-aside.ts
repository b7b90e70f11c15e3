import { type Criterion, Unmet } from '#kit'
import { contentOnly, inRoom } from '../../newsroom/documents.ts'
import { asks, hearsResult, introduced, listening, nothingElse } from '../../newsroom/frames.ts'
import { notDelivered } from '../../newsroom/meanings.ts'
import { putAside } from '../dead-letters.ts'
import { fedByTheTopic } from '../fan-out.ts'
import { publishWithPoison } from '../poison.ts'

/** What nobody can read ends in the dead-letter queues of both queues, and nothing else does; the subscribers hear the rest once. */
export const poisonIsPutAside: Criterion = {
  id: 'poison-is-put-aside',
  says: 'A message that nobody can read ends in a dead-letter queue, and the rest arrive',
  hint: 'docs/at-least-once.md#one-bad-message',
  after: ['each-hears-their-own'],
  async probe(scene) {
    const fed = await fedByTheTopic(scene)
    const room = scene.nonce()
    const ana = await introduced(scene, 'ana')
    asks(ana, '1', inRoom(room))
    await listening(ana)

    const { good, marks } = await publishWithPoison(scene, room)
    for (const message of good) await hearsResult(ana, '1', contentOnly(message))
    const aside = await putAside(scene, fed, marks)
    const wrongly = good.find(({ id }) => aside.some(body => body.includes(id)))
    if (wrongly)
      throw new Unmet({
        expected: 'nothing but what nobody can read to end in a dead-letter queue',
        observed: `a good message that was in a batch with it is there as well: ${wrongly.id}`,
      })
    await nothingElse([ana], { again: good })
  },
  diagnoses: [
    {
      when: /which the topic feeds itself/,
      means:
        'What one queue gives up goes to a queue that the topic feeds, and that a function empties. It is no dead-letter queue: nobody will find there what could not be read.',
    },
    {
      when: /has no redrive policy|which is not in the stack/,
      means:
        'A queue that the topic feeds has no dead-letter queue, so a message that fails there comes back again and again, until SQS deletes it.',
    },
    {
      when: /in no queue any more/,
      means:
        'A function could not read them, and told SQS that it had dealt with them. Now they are gone, and nobody will ever know what they were.',
    },
    {
      when: /still being tried/,
      means:
        'A message that nobody can read will not be readable the hundredth time. How often is it tried, and how long does a try take?',
    },
    {
      when: /in a batch with it/,
      means: 'Because one of them failed, all messages of the batch were tried again, and given up with it.',
      where: { resource: 'AWS::Lambda::EventSourceMapping' },
    },
    {
      when: /heard the same a second time/,
      means:
        'The messages of a batch that had been told were told again, because another one of the batch failed.',
      hint: 'docs/at-least-once.md#each-message-once',
      where: { resource: 'AWS::Lambda::Function', named: /deliver/i },
    },
    {
      when: /SyntaxError|TypeError|This is no message/,
      means:
        'The function failed at a message that it could not read, and what was behind it in the same batch did not arrive.',
      where: 'the-function-that-said-it',
    },
    ...notDelivered,
  ],
}
