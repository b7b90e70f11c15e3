import type { Criterion } from '#kit'
import { emptyAnswer, first, last, noAnswer } from '../meanings.ts'
import { order } from '../shop.ts'
import { eachIsAnsweredOnce } from '../talk.ts'

/** A function that posts its answer, and is still there when it is sent. */
export const ordersAreAnswered: Criterion = {
  id: 'orders-are-answered',
  says: 'An order is answered once, with the id of the request, before the next order is sent',
  hint: 'docs/answers.md#what-lambda-does-not-wait-for',
  after: ['door-opens'],
  probe: scene => eachIsAnsweredOnce(scene, order),
  diagnoses: [
    ...first,
    emptyAnswer(/order/i),
    noAnswer(
      'The function ran and ended well, and nothing came. Does it wait until its answer is sent? Lambda freezes a function that has ended: what it had begun goes on when it is called again, or never. And does it post to the connection of the event?',
      { where: { resource: 'AWS::Lambda::Function', named: /order/i } },
    ),
    ...last,
  ],
}
