import { awkward, type Client, type Criterion, type Scene, Unmet } from '#kit'
import { afterActOne } from '../after-act-one.ts'
import { changedNames, halves, joined, type Lookalike } from '../lookalikes.ts'
import { lost, miscounted, notAllowed, whereItPublishes } from '../meanings.ts'
import {
  awkwardTopic,
  backend,
  hear,
  hearOfNothing,
  publish,
  publishes,
  type Topic,
  topic,
  waiter,
} from '../people.ts'
import { registered } from '../registrations.ts'

/** What is published is heard by those who wait for that merchant and that ref. Others wait for all that could be taken for it. */
export const nobodyElseHears: Criterion = {
  id: 'nobody-else-hears',
  says: 'A page that waits for something else hears nothing: another merchant with the same ref, another ref of the same merchant',
  hint: 'docs/notifications.md#whose-ref',
  after: afterActOne,
  async probe(scene) {
    const about = awkwardTopic()
    const ana = await waiter(scene, 'ana', about)
    const by = await backend(scene)
    const [merchant, ref, ...rest] = halves(scene, about)
    const others = [...rest, ...changedNames(about).filter(one => !isSame(one, about))]
    const ben = await waiter(scene, 'ben', merchant!)
    const cyd = await waiter(scene, 'cyd', ref!)
    const dan = await waiter(scene, 'dan', others)
    const message = awkward({ short: true })
    const delivered = await publish(by, about, message)
    await hear([ana], about, message)
    await hearOfNothing([ana, ben, cyd, by], 'what others wait for')
    if (delivered > 1) await whichIsIt(scene, by, about, others)
    await hearOfNothing([dan], 'what others wait for')

    // Each of them is told of their own.
    for (const [client, own] of [
      [ben, merchant!],
      [cyd, ref!],
      [dan, others.at(-1)!],
      [dan, others[0]!],
    ] as const) {
      await publishes(by, own, message, 1)
      await hear([client], own, message)
    }
    await joinsNothing(scene, by)
  },
  diagnoses: [
    notAllowed,
    {
      when: /^ben heard /,
      means:
        'ben, who works for another merchant, heard what ana waited for. A ref is unique for one merchant only.',
      where: whereItPublishes,
    },
    {
      when: /^cyd heard /,
      means: 'cyd heard of a ref of the same merchant that cyd does not wait for.',
      where: whereItPublishes,
    },
    {
      when: /^told of (an? .+ of which only the last is another)/,
      means: 'eve waits for $1. Does code cut a name before it compares?',
      where: whereItPublishes,
    },
    {
      when: /^told of|^eve heard /,
      means:
        'eve waits for something else that looks the same once merchant and ref are joined to one text. Whatever sign stands between them may also stand in one of them.',
      where: whereItPublishes,
    },
    {
      when: /^dan, who waits for (the (?:ref|merchant's name) .+), heard it/,
      means:
        'dan waits for another name: $1. Names are compared character by character. Does code change a name, or cut it, before it compares?',
      where: whereItPublishes,
    },
    {
      when: /^dan, who waits for (.+), heard it/,
      means: 'dan waits for $1, and heard of what ana waits for.',
      where: whereItPublishes,
    },
    {
      when: /^[\w ]+ heard /,
      means: 'Somebody heard of a ref that they do not wait for.',
      where: whereItPublishes,
    },
    lost,
    miscounted,
    { means: 'Each of them waits for something else, and one of them was not told of their own.' },
  ],
}

/** Tries one after the other, so that the report names the one that is mistaken for what was published. Throws `Unmet` when it is found. */
async function whichIsIt(
  scene: Scene,
  by: Client,
  about: Topic,
  others: readonly Lookalike[],
): Promise<void> {
  const expected = `dan, who waits for something else, not to hear of ${JSON.stringify(about)}`
  for (const other of others) {
    const one = await waiter(scene, `somebody who waits for ${other.as}`, other)
    const delivered = await publish(by, about, 'who else hears this?')
    await one.leave()
    if (delivered === 0) continue
    throw new Unmet({ expected, observed: `dan, who waits for ${other.as}, heard it` })
  }
}

/** No sign joins a merchant and a ref so that they could be another merchant and another ref. */
async function joinsNothing(scene: Scene, by: Client): Promise<void> {
  const simple = topic(scene)
  const { client: fay, rows } = await registered(scene, 'fay', simple)
  const { part, pairs } = joined(simple, rows)
  const eve = await waiter(
    scene,
    'eve',
    pairs.map(({ waits }) => waits),
  )
  const message = awkward({ short: true })
  for (const { as, published } of [...pairs, { as: 'a part of it', published: part }]) {
    const delivered = await publish(by, published, message)
    if (delivered === 0) continue
    throw new Unmet({
      expected: `nobody to be told of ${JSON.stringify(published)}: eve waits for other names`,
      observed: `told of ${as}: {"delivered":${delivered}}`,
    })
  }
  await hearOfNothing([eve, fay], 'what others wait for')
}

const isSame = (one: Topic, other: Topic): boolean =>
  one.merchant_id === other.merchant_id && one.ref === other.ref
