import type { Criterion, Scene } from '#kit'
import { linesWith } from '../../function-logs.ts'
import { first, last } from '../meanings.ts'
import { hearNothingElse } from '../shop.ts'

/** The one-way route: somebody hears the message, and nobody answers it. */
export const seenStaysSilent: Criterion = {
  id: 'seen-stays-silent',
  says: 'What a client has seen is noted in the log, and nothing comes back',
  hint: 'docs/answers.md#one-way-and-two-way',
  after: ['door-opens'],
  async probe(scene) {
    const ana = await scene.connect('ana')
    const ben = await scene.connect('ben')

    for (const client of [ana, ana, ben]) {
      const id = scene.nonce()
      client.send({ action: 'seen', id })
      await isNoted(scene, id)
    }
    await hearNothingElse(ana, ben)
  },
  diagnoses: [
    ...first,
    {
      when: /^nothing of the kind/,
      means:
        'The message was sent, and no function has logged its id. Is there still a function behind the route seen?',
      where: { resource: 'AWS::ApiGatewayV2::Route', named: /seen/i },
    },
    {
      when: / heard ""$/,
      means:
        'The route seen answers with an empty message. It has a route response, and its function returns no body. A route to which nobody listens needs no route response.',
      where: { resource: 'AWS::ApiGatewayV2::Route', named: /seen/i },
    },
    ...last,
  ],
}

const isNoted = (scene: Scene, id: string) =>
  scene.eventually(
    `a line with ${id} in the log`,
    async () => (await linesWith(scene, id)).length > 0 || undefined,
  )
