import type { Criterion } from '#kit'
import { failures } from '../../meanings.ts'
import { emptyAnswer, first, last, noAnswer } from '../meanings.ts'
import { hearNothingElse, isAnswered, ping, words } from '../shop.ts'

/** API Gateway answers by itself. */
export const pingsAreAnswered: Criterion = {
  id: 'pings-are-answered',
  says: 'A ping is answered once',
  hint: 'docs/answers.md#an-answer-without-a-function',
  after: ['door-opens'],
  async probe({ connect }) {
    const ana = await connect('ana')
    const ben = await connect('ben')

    await isAnswered(ana, ping)
    await hearNothingElse(ana, ben)

    for (const client of [ben, ana, ben]) await isAnswered(client, ping)
    await isAnswered(ana, { ...ping, message: { text: words({ short: false }), ...ping.message } })
    await hearNothingElse(ana, ben)

    await ana.leave()
    const back = await connect('ana, who came back,')
    await isAnswered(back, ping)
    await hearNothingElse(back, ben)
  },
  diagnoses: [
    ...first,
    noAnswer(
      'The route took the message, and nothing came. A MOCK integration answers with its integration response. If it has none, there is nothing to send, and nobody says so.',
      { where: { resource: 'AWS::ApiGatewayV2::Integration', named: /pong|ping/i } },
    ),
    emptyAnswer(/ping/i),
    ...failures,
    {
      when: /"message": ?"Internal server error"/,
      means:
        'There is a route, and its integration failed. If that is a MOCK, then its request template names no status, or no integration response fits the status that it names.',
      where: { resource: 'AWS::ApiGatewayV2::Integration', named: /pong|ping/i },
    },
    ...last,
  ],
}
