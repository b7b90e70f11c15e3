import type { Client, Criterion, Scene } from '#kit'
import { failures } from '../../meanings.ts'
import { first, last } from '../meanings.ts'
import {
  anId,
  arrives,
  type Customer,
  hearNothing,
  isAnswered,
  isWelcome,
  order,
  ping,
  quote,
  type Request,
} from '../shop.ts'

/** How many ask at the same time. */
const NAMES = ['ana', 'ben', 'cyd', 'dan', 'eve', 'fay']

/** Many ask at once, with the same ids, and without waiting. One only listens. */
export const eachHearsItsOwnAnswers: Criterion = {
  id: 'each-hears-its-own-answers',
  says: 'However many ask at once, each client hears its own answers, each once, and nothing else',
  hint: 'docs/answers.md#which-answer-is-whose',
  after: ['quotes-are-answered', 'pings-are-answered', 'orders-are-answered', 'the-welcome-comes-first'],
  async probe(scene) {
    const listener = await arrives(scene, 'ida, who only listens,')
    const people = await Promise.all(NAMES.map(name => arrives(scene, name)))

    const [first, second] = [anId(), anId()]
    await Promise.all(
      people.map(({ client }) => asksAll(client, quote({ id: first }), order({ id: second }), ping)),
    )
    await hearNothing(listener, ...people)

    const [ana, ben] = people as [Customer, Customer]
    const requests = [order(), quote(), ping, order(), quote(), ping, quote(), order()]
    await asksAll(ana.client, ...requests)
    ana.client.send({ action: 'seen', id: anId() })
    await hearNothing(listener, ...people)

    // One leaves before it is answered. One speaks before it is welcomed.
    ben.client.send(order().message)
    ben.client.send(quote().message)
    await ben.client.leave()
    const hasty = await speaksAtOnce(scene)
    await Promise.all([hasty, ana.client].map(client => asksAll(client, order(), quote())))
    await hearNothing(listener, ana, ...people.slice(2), { client: hasty, id: '' })
  },
  diagnoses: [
    ...first,
    ...failures,
    {
      when: /"message": ?"Internal server error"/,
      means:
        'One at a time they are all answered. When several ask at once, an integration fails, and no function logs a failure. Then a function may not be called as often at once: look for reservedConcurrentExecutions.',
      hint: 'docs/answers.md#which-answer-is-whose',
    },
    ...last,
  ],
}

/** Sends all, then hears the answers, in whatever order they come: messages of one connection are worked on side by side (facts: B19). */
async function asksAll(client: Client, ...requests: readonly Request[]): Promise<void> {
  for (const { message } of requests) client.send(message)
  await Promise.all(requests.map(({ answer }) => client.hears(answer)))
}

/** Does not wait for its welcome: then the answer may come before. */
async function speaksAtOnce(scene: Scene): Promise<Client> {
  const client = await scene.connect('gus, who is in a hurry,')
  await isAnswered(client, quote())
  await client.hears(isWelcome, { as: 'a welcome' })
  return client
}
