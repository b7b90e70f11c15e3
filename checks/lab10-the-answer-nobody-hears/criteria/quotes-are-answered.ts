import type { Criterion } from '#kit'
import { emptyAnswer, first, last, noAnswer } from '../meanings.ts'
import { quote } from '../shop.ts'
import { eachIsAnsweredOnce } from '../talk.ts'

/** A function that returns its answer, on a route that sends it on. */
export const quotesAreAnswered: Criterion = {
  id: 'quotes-are-answered',
  says: 'A quote is answered once, with the id of the request',
  hint: 'docs/answers.md#one-way-and-two-way',
  after: ['door-opens'],
  probe: scene => eachIsAnsweredOnce(scene, quote),
  diagnoses: [
    ...first,
    emptyAnswer(/quote/i),
    noAnswer(
      'The function ran and ended well, and nothing came. What a function returns reaches the client only if its route has a route response. Without one, the route is one-way, and API Gateway drops what is returned. A function that posts instead has to wait until the post is sent.',
      { where: { resource: 'AWS::ApiGatewayV2::Route', named: /quote/i } },
    ),
    ...last,
  ],
}
