import { awkward, type Client, type Criterion, Unmet } from '#kit'
import { unanswered } from '../../answers.ts'
import { paced } from '../../pace.ts'
import { heardLate, heardTwice, miscounted, notAllowed, thrownOff, whereItPublishes } from '../meanings.ts'
import {
  backend,
  hear,
  hearOfNothing,
  publish,
  publishes,
  registers,
  type Topic,
  toldOf,
  topic,
  waiter,
} from '../people.ts'

/** More than a batch of DynamoDB takes, and more than anybody tells at a time. */
const WAITERS = 26

/** Many wait for the same. All hear it, each of them once; and nobody else does, whenever they came. */
export const everybodyWaitingHears: Criterion = {
  id: 'everybody-waiting-hears',
  says: 'Every page that waits hears, however many they are, and hears it once',
  hint: 'docs/notifications.md#everybody-once',
  after: ['who-waits-hears'],
  async probe(scene) {
    const [about, popular] = [topic(scene), topic(scene)]
    const few: Client[] = []
    for (const name of ['ana', 'ben', 'cyd', 'dan']) few.push(await waiter(scene, name, about))
    const by = await backend(scene)
    const message = scene.nonce()
    await isHeardByAll(by, few, about, message)

    const names = Array.from({ length: WAITERS - few.length }, (_, at) => `page ${at + 1}`)
    const waiters = [...few, ...(await Promise.all(names.map(name => scene.connect(name))))]
    for (const client of waiters) await paced(registers(client, popular))
    await isHeardByAll(by, waiters, popular, awkward({ short: true }))
    const other = await backend(scene, 'another backend')
    const bystander = await scene.connect('fay, who waits for nothing,')

    // A backend that has missed its answer says it again, or another one does. Somebody who comes now waits for what comes next.
    await publishes(by, about, message, 0)
    await publishes(other, about, message, 0)
    const eve = await waiter(scene, 'eve, who came later,', about)
    holdsNoNews(await registers(eve, about), message)
    await registers(eve, about, { project: 'another', type: 'letter.Task' })
    await hearOfNothing([eve], 'what was done before')
    const news = awkward({ short: true })
    await publishes(other, about, news, 1)
    await hear([eve], about, news)
    await hearOfNothing([...waiters, eve, by, other, bystander], 'anything else after that')
  },
  diagnoses: [
    notAllowed,
    heardLate,
    {
      when: /^fay, who waits for nothing, heard/,
      means: 'A client that has registered nothing was told.',
      where: whereItPublishes,
    },
    heardTwice,
    {
      when: /^\d+ of them heard it/,
      means:
        'Some of those who wait were told, and the others were not, though nothing failed: the round ended early.',
      where: whereItPublishes,
    },
    miscounted,
    thrownOff,
    ...unanswered,
  ],
}

/** Everybody first: who heard nothing is worth more in a report than a number. */
async function isHeardByAll(by: Client, waiters: readonly Client[], about: Topic, message: string) {
  const delivered = await publish(by, about, message)
  await hear(waiters, about, message)
  toldOf(by, delivered, waiters.length)
}

/** Holds if somebody who registers late is not told, in the answer, what was published before. Throws `Unmet`. */
function holdsNoNews(answer: unknown, message: string): void {
  if (!JSON.stringify(answer).includes(message)) return
  throw new Unmet({
    expected: 'eve, who came later, to wait for what comes next',
    observed: `eve, who came later, heard ${JSON.stringify(answer)}`,
  })
}
