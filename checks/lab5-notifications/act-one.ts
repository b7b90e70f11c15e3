import { type Client, type Criterion, type Scene, Unmet } from '#kit'
import { unanswered } from '../answers.ts'
import { refused } from '../handshake.ts'
import { leaveGhosts } from '../lab4-stale-connections/ghosts.ts'
import { listed, newcomer, text } from '../lab4-stale-connections/list.ts'
import { rows } from '../rows.ts'
import {
  backend,
  done,
  hear,
  hearOfNothing,
  publish,
  publishes,
  registers,
  topic,
  waiter,
  waitingFor,
} from './people.ts'

/** What a function that could not be allowed to do its work says of itself. */
const notAllowed = {
  when: /not authorized to perform: (\S+) on resource: (\S+)/,
  means: 'A function asked for $1, and its role does not allow that.',
  hint: 'docs/permissions.md#reading-a-refusal',
  where: 'the-function-that-said-it',
} as const

/** A text as long as a page that somebody has pasted into the wrong window, in characters. */
const PASTED = 20_000

/** Act one: clients that wait hear, and clients that make a mistake are told. */
export const actOne: readonly Criterion[] = [
  {
    id: 'who-waits-hears',
    says: 'A page that waits hears what came of it, and the backend hears that it was heard',
    hint: 'docs/notifications.md#two-doors',
    async probe(scene) {
      const about = topic(scene)
      const ana = await waiter(scene, 'ana', about)
      const by = await backend(scene)

      const message = scene.nonce()
      await publishes(by, about, message, 1)
      await hear([ana], about, message)
    },
    diagnoses: [notAllowed, ...refused.slice(1), ...unanswered],
  },
  {
    id: 'everybody-waiting-hears',
    says: 'Everybody who waits hears, however many they are, and hears it once',
    hint: 'docs/notifications.md#everybody-once',
    after: ['who-waits-hears'],
    async probe(scene) {
      const about = topic(scene)
      const names = ['ana', 'ben', 'cyd', 'dan']
      const waiters: Client[] = []
      for (const name of names) waiters.push(await waiter(scene, name, about))
      const by = await backend(scene)

      const message = scene.nonce()
      const delivered = await publish(by, about, message)
      await hear(waiters, about, message)
      if (delivered !== waiters.length) {
        throw new Unmet({
          expected: `the backend to be told {"delivered":${waiters.length}}`,
          observed: `it was told {"delivered":${delivered}}`,
        })
      }

      // A backend that has missed its answer says it again. Somebody who comes now waits for what comes next.
      await publishes(by, about, scene.nonce(), 0)
      const eve = await waiter(scene, 'eve', about)
      await registers(eve, about)
      const news = scene.nonce()
      await publishes(by, about, news, 1)
      await hear([eve], about, news)
      await hearOfNothing([...waiters, eve], 'anything else after that')
    },
    diagnoses: [
      notAllowed,
      {
        when: /^\w+ heard /,
        means: 'Somebody was told twice. A page that has heard what it waited for no longer waits.',
      },
      {
        when: /^[1-9] of them heard it/,
        means:
          'Some of those who wait were told, and the others were not, though nothing failed: the round ended early.',
        where: { resource: 'AWS::Lambda::Function', named: /Prod\/publish/ },
      },
      {
        when: /^it was told \{"delivered":(\d+)/,
        means: 'The backend was told of $1, which is not how many were waiting.',
      },
      ...unanswered,
    ],
  },
  {
    id: 'bad-envelopes-are-answered',
    says: 'A client that sends a bad envelope is told what is wrong with it, and stays connected',
    hint: 'docs/notifications.md#what-is-wrong-with-it',
    after: ['who-waits-hears'],
    async probe(scene) {
      const about = topic(scene)
      const good = waitingFor(about)
      const ana = await scene.connect('ana')
      await isToldOf(ana, { ...good, ref: undefined }, 'ref')
      await isToldOf(ana, { ...good, merchant_id: undefined }, 'merchant_id')
      await isToldOf(ana, { ...good, ref: 42 }, 'ref')
      await isToldOf(ana, { ...good, merchant_id: { id: about.merchant_id } }, 'merchant_id')
      await isToldOf(ana, { ...good, client: 'mallory' }, 'client')
      await isToldOf(ana, { ...good, ref: 'r'.repeat(3_000) }, 'ref')
      await isToldOf(ana, pasted(scene), 'JSON')
      await isToldOf(ana, 'null', '')
      await isToldOf(ana, '[]', '')
      await ana.isStillThere()

      const by = await backend(scene)
      await isToldOf(by, { ...done(about, scene.nonce()), status: 'perhaps' }, 'status')
      await isToldOf(by, { ...done(about, scene.nonce()), message: undefined }, 'message')
      await isToldOf(by, pasted(scene), 'JSON')

      // The connection is good for what it was good for before.
      await registers(ana, about)
      const message = scene.nonce()
      await publishes(by, about, message, 1)
      await hear([ana], about, message)
    },
    diagnoses: [
      notAllowed,
      {
        when: /closed with 1000/,
        means:
          'The client that sent it was disconnected, without a word. A client that is built to come back comes back, and sends it again.',
        where: { resource: 'AWS::Lambda::Function', named: /Prod\/register/ },
      },
      {
        when: /\{"registered"/,
        means: 'An envelope that makes no sense was taken for one that does.',
      },
      {
        when: /\b(\w*(?:Error|Exception)): (.+)/,
        means: 'The function failed, and who made the mistake cannot know that it was theirs: $2',
        where: 'the-function-that-said-it',
      },
      {
        when: /\{"error"/,
        means: 'There is an answer, but it does not say what is wrong: it does not name the member, or JSON.',
      },
      ...unanswered,
    ],
  },
  {
    id: 'the-gone-are-forgotten',
    says: 'A client that is gone is taken off the list, and keeps nobody else from hearing',
    hint: 'docs/notifications.md#those-who-are-gone',
    after: ['everybody-waiting-hears'],
    async probe(scene) {
      const about = topic(scene)
      const before = new Set((await rows(scene)).map(text))
      const ana = await waiter(scene, 'ana', about)
      const row = { client: ana, ...(await newcomer(scene, 'ana', before)) }
      const ben = await waiter(scene, 'ben', about)
      const ghosts = await leaveGhosts(scene, row, 3).catch(noKeyWithAnId)
      scene.did('the check left 3 rows of nobody')
      await ana.leave()
      await areOff(scene, [row.id], 'the row of ana, who left, to be gone from the table')

      const by = await backend(scene)
      const message = scene.nonce()
      await publishes(by, about, message, 1)
      await hear([ben], about, message)
      await areOff(scene, ghosts, 'the rows of those who were gone to be gone from the table')
    },
    diagnoses: [
      notAllowed,
      {
        when: /GoneException/,
        means:
          'Posting to somebody who has left is answered with 410 GoneException. Here that ended the round.',
        where: 'the-function-that-said-it',
      },
      {
        when: /^nothing of the kind/,
        means: 'They are gone, which was found out, and they are still on the list.',
      },
      ...unanswered,
    ],
  },
]

/** Sends what makes no sense, and waits for `{"error":"…"}` that names what is wrong, in a sentence. Throws `Unmet`. */
async function isToldOf(client: Client, message: unknown, word: string): Promise<void> {
  client.send(message)
  await client.hears(
    ({ error }: any) =>
      typeof error === 'string' && error.length < 300 && error.includes(word) && error !== '',
    { as: word ? `{"error":"…${word}…"}` : '{"error":"…"}' },
  )
}

const pasted = (scene: Scene): string => `${scene.nonce()} and so on `.repeat(PASTED).slice(0, PASTED)

/** Waits until none of the connections is on the list. Throws `Unmet`. */
async function areOff(scene: Scene, ids: readonly string[], expected: string): Promise<void> {
  await scene.eventually(expected, async () => ((await listed(scene, ids)).length === 0 ? true : undefined))
}

/** Copies of a row differ in the connection's id only: without it in the key they are the same row. */
function noKeyWithAnId(error: Error): never {
  if (error.name !== 'ValidationException') throw error
  throw new Unmet({
    expected: "the rows of the output TableName to hold their connection's id in the key",
    observed: `DynamoDB takes copies with other ids for the same row: ${error.message}`,
  })
}
