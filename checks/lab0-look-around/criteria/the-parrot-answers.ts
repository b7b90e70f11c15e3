import { awkward, type Client, type Criterion } from '#kit'
import { unanswered } from '../../answers.ts'

const ACTIONS = ['say']

/** What is said comes back, to the client that said it. */
export const theParrotAnswers: Criterion = {
  id: 'the-parrot-answers',
  says: 'What a client says comes back to it, once',
  hint: 'docs/look-around.md#an-answer',
  after: ['door-opens'],
  async probe({ connect, nonce }) {
    const ana = await connect('ana')
    const ben = await connect('ben')

    await comesBack(ana, `hello, ${nonce()}`)
    const text = awkward({ actions: ACTIONS, short: true })
    for (const client of [ana, ana, ben]) await comesBack(client, text)
    await comesBack(ben, awkward({ actions: ACTIONS }))
    await hearNothingElse(ana, ben)

    await ana.leave()
    const back = await connect('ana, who came back,')
    await comesBack(back, text)
    await hearNothingElse(back, ben)
  },
  diagnoses: [
    {
      when: /the text that was sent is among it, but (it came back [^;]+)/,
      means: 'An answer came, but its text has changed: $1.',
      where: { resource: 'AWS::Lambda::Function' },
    },
    {
      when: /^silence\b/,
      means:
        'The function ran and ended well, and nothing came. What a function returns reaches the client only if its route has a route response.',
      hint: 'docs/answers.md#one-way-and-two-way',
      where: { resource: 'AWS::ApiGatewayV2::Route' },
    },
    ...unanswered,
  ],
}

async function comesBack(client: Client, text: string): Promise<void> {
  client.send({ action: 'say', text })
  await client.hears({ text })
}

async function hearNothingElse(...clients: readonly Client[]): Promise<void> {
  await Promise.all(
    clients.map(client => client.hearsNothing(() => true, { as: 'anything but its answers' })),
  )
}
