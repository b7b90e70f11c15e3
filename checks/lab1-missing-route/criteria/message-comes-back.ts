import { awkward, type Client, type Criterion, textsOfJson } from '#kit'
import { paced } from '../../pace.ts'
import { ACTIONS, echoed, hearsNoError, holdsOneOf, noAnswer, textChanged } from '../room.ts'

export const messageComesBack: Criterion = {
  id: 'message-comes-back',
  says: 'The action message sends the text back to the client that sent it',
  hint: 'docs/routes.md#which-route-takes-a-message',
  after: ['door-opens'],
  async probe({ connect }) {
    const ana = await connect('ana')
    const ben = await connect('ben')
    const cyd = await connect('cyd')
    const [first, second, third, last] = Array.from({ length: 4 }, () => awkward({ actions: ACTIONS }))

    await echoed(ana, first!)
    await echoed(ben, second!)
    await echoed(cyd, third!)
    const dan = await connect('dan')
    await echoed(dan, last!)
    const said = [first!, second!, third!, last!]
    const people = [ana, ben, cyd, dan]
    await Promise.all(people.map((client, at) => hearsNoOther(client, said.toSpliced(at, 1))))
    await Promise.all(people.map((client, at) => hearsItOnce(client, said[at]!)))

    // Once more: the same on the same connection, on another, and on one that came back.
    await echoed(ana, first!)
    await echoed(ben, first!)
    await ana.leave()
    await echoed(await connect('ana, who came back,'), first!)
    // JSON is JSON, in whatever order and with whatever blanks. An empty text is a text.
    cyd.send(JSON.stringify({ text: second, action: 'message' }, null, 2))
    await cyd.hears({ text: second })
    await echoed(cyd, '')
    for (const text of textsOfJson) await paced(echoed(cyd, text))
    await Promise.all([ben, cyd, dan].map(hearsNoError))
  },
  diagnoses: [
    {
      when: /"actions":/,
      means:
        'message was answered like an unknown action: its route is missing, or API Gateway no longer picks routes by the action.',
    },
    textChanged,
    {
      when: /^\{"text":/,
      means: 'An answer came, but with another text than the one that was sent.',
      hint: 'docs/routes.md#what-a-function-keeps',
    },
    ...noAnswer,
  ],
}

const hearsNoOther = (client: Client, texts: readonly string[]): Promise<void> =>
  client.hearsNothing(message => holdsOneOf(message, texts), { as: 'what another client said' })

const hearsItOnce = (client: Client, text: string): Promise<void> =>
  client.hearsNothing({ text }, { as: 'the same text a second time' })
