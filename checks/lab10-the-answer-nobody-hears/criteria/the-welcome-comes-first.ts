import { type Criterion, type Scene, Unmet } from '#kit'
import { post } from '../../management.ts'
import { failures, forbidden, hungUp, throttled } from '../../meanings.ts'
import { notYetThere, welcomedAgain } from '../meanings.ts'
import { arrives, type Customer, hearNothing } from '../shop.ts'

/** Clients come and say nothing. Each is welcomed, by its own connection id. */
export const theWelcomeComesFirst: Criterion = {
  id: 'the-welcome-comes-first',
  says: 'A client that says nothing is welcomed once, before it hears anything else',
  hint: 'docs/answers.md#when-a-connection-begins',
  after: ['door-opens'],
  async probe(scene) {
    const ana = await arrives(scene, 'ana')
    const ben = await arrives(scene, 'ben')
    await hearNothing(ana, ben)

    const [cyd, dan, eve] = await Promise.all(['cyd', 'dan', 'eve'].map(name => arrives(scene, name)))
    const people = [ana, ben, cyd!, dan!, eve!]
    await eachIdLeadsBack(scene, people)
    await hearNothing(...people)

    await ana.client.leave()
    const back = await arrives(scene, 'ana, who came back,')
    await eachIdLeadsBack(scene, [back])
    await hearNothing(back, ...people.slice(1))
  },
  diagnoses: [
    throttled,
    forbidden,
    hungUp,
    {
      when: /under the id of .+ welcome there is nobody/,
      means: 'The id in a welcome is not the connection id of the client that was welcomed.',
    },
    notYetThere,
    {
      when: /not authorized to perform: (\S+) on resource: (\S+)/,
      means:
        'The function that should have the client welcomed asked for $1, and its role does not allow that.',
      hint: 'docs/permissions.md#reading-a-refusal',
      where: 'the-function-that-said-it',
    },
    ...failures,
    {
      when: /^silence\b/,
      means:
        'The client was let in, and no welcome came. A post inside $connect is answered with 410 GoneException, because the connection begins when the function has returned. Look for a place where such an error is caught and dropped. What $connect itself returns is not sent, and a call for which it does not wait is not made.',
      where: { resource: 'AWS::Lambda::Function', named: /connect|welcome/i },
    },
    welcomedAgain,
    { means: 'The welcome did not come, or it did not come alone.' },
  ],
}

/** What is posted to the id of a welcome reaches the client that heard it. Throws `Unmet`. */
async function eachIdLeadsBack(scene: Scene, people: readonly Customer[]): Promise<void> {
  for (const { client, id } of people) {
    const posted = scene.nonce()
    const refusal = await post(scene, id, JSON.stringify({ posted }))
    if (refusal) {
      throw new Unmet({
        expected: `a message posted to ${id} to reach ${client.name}, who was welcomed by that id`,
        observed: `${refusal}: under the id of its welcome there is nobody`,
      })
    }
    await client.hears({ posted }, { as: `what was posted to the id of its welcome, ${id}` })
  }
}
