import { isDeepStrictEqual } from 'node:util'
import { type Client, type Criterion, Unmet } from '#kit'
import { unanswered } from '../answers.ts'
import { introduced, NEWER, OLDER } from './act-1.ts'
import { visitorScript } from './browser.ts'
import { notDelivered } from './meanings.ts'
import { aMessage, listens, type Message, publish } from './said.ts'
import { heardNoMoreOf, type Subscription, subscriber } from './subscriber.ts'

/** The document of the lab's story, to the letter. */
const MESSAGE_ADDED = 'subscription MessageAdded { message { from { id displayName } content sentAt } }'
const everything = ({ from, content, sentAt }: Message) => ({ message: { from, content, sentAt } })

/** A subscription to one room. */
const inRoom = (room: string, fields: string) => ({
  query: `subscription InRoom($room: ID!) { message(room: $room) { ${fields} } }`,
  variables: { room },
})
const contentOnly = ({ content }: Message) => ({ message: { content } })

/** Act 2: what is said arrives. */
export const act2: readonly Criterion[] = [
  {
    id: 'messages-arrive',
    says: 'A client that subscribes with graphql-ws hears what is said, and exactly the fields it asked for',
    hint: 'docs/graphql-subscriptions.md#the-way-of-a-message',
    after: ['the-protocol-is-kept'],
    async probe(scene) {
      const ana = subscriber(scene, 'ana').subscribe({ query: MESSAGE_ADDED }, 'lobby', everything)
      await ana.listens()
      const message = aMessage(scene, 'lobby')
      scene.did('a backend published a message to the topic')
      await publish(scene, message)
      await ana.hears(message)

      const content = scene.nonce()
      const { say } = await subscriber(scene, 'ben').ask({
        query:
          'mutation Say($content: String!) { say(content: $content) { from { id displayName } content sentAt } }',
        variables: { content },
      })
      if (say?.content !== content || say.from?.displayName !== 'ben')
        throw new Unmet({
          expected: `what ben said to be ben's, and ${content}`,
          observed: JSON.stringify(say),
        })
      await ana.hears({ id: '', room: 'lobby', ...say })
    },
    diagnoses: notDelivered,
  },
  {
    id: 'each-hears-their-own',
    says: 'Every subscriber hears their own room in their own fields, once, two subscriptions on one socket as well',
    hint: 'docs/graphql-subscriptions.md#who-listens',
    after: ['messages-arrive'],
    async probe(scene) {
      const [red, blue] = [`red-${scene.nonce()}`, `blue-${scene.nonce()}`]
      const ana = subscriber(scene, 'ana')
      const of = {
        'ana, in the first of two subscriptions,': ana.subscribe(inRoom(red, 'content'), red, contentOnly),
        'ana, in the second,': ana.subscribe(
          { query: `subscription { message(room: "${blue}") { who: from { displayName } sentAt } }` },
          blue,
          ({ from, sentAt }) => ({ message: { who: { displayName: from.displayName }, sentAt } }),
        ),
        ben: subscriber(scene, 'ben').subscribe(
          inRoom(red, 'sentAt from { id }'),
          red,
          ({ sentAt, from }) => ({
            message: { sentAt, from: { id: from.id } },
          }),
        ),
        cyd: subscriber(scene, 'cyd').subscribe(
          inRoom(red, 'content sentAt'),
          red,
          ({ content, sentAt }) => ({
            message: { content, sentAt },
          }),
        ),
      }
      const all = Object.values(of)
      await Promise.all(all.map(one => one.listens()))
      const [first, second, third, fourth] = all as [Subscription, Subscription, Subscription, Subscription]

      const [toRed, toBlue] = [aMessage(scene, red), aMessage(scene, blue)]
      scene.did('a backend published a message to each of two rooms')
      await publish(scene, toRed, toBlue)
      await Promise.all([first.hears(toRed), second.hears(toBlue), third.hears(toRed), fourth.hears(toRed)])
      await heardNoMoreOf([toRed, toBlue], of)
      for (const [name, other] of [
        [first, toBlue],
        [third, toBlue],
        [fourth, toBlue],
      ] as const) {
        const heard = name.mentions(other.content)
        if (heard.length === 0) continue
        throw new Unmet({
          expected: `nobody to hear ${other.content} who did not ask for its room`,
          observed: JSON.stringify(heard[0]),
        })
      }
    },
    diagnoses: notDelivered,
  },
  {
    id: 'unsubscribing-stops-it',
    says: 'A client that unsubscribes is told nothing more, on a socket that stays open',
    hint: 'docs/graphql-subscriptions.md#the-frames',
    after: ['messages-arrive'],
    async probe(scene) {
      const room = scene.nonce()
      const ana = await introduced(scene, 'ana', NEWER)
      ana.send({ id: 'first', type: 'subscribe', payload: inRoom(room, 'content') })
      ana.send({ id: 'second', type: 'subscribe', payload: inRoom(room, 'content') })
      const hears = (id: string) => (message: Message, within: number) =>
        heard(ana, { type: 'next', id, payload: { data: contentOnly(message) } }, within)
      await listens(scene, 'ana', room, hears('first'))
      await listens(scene, 'ana', room, hears('second'))

      ana.send({ id: 'first', type: 'complete' })
      await scene.eventually('ana to hear nothing more in the subscription that they ended', async () => {
        const message = aMessage(scene, room)
        await publish(scene, message)
        if (!(await hears('second')(message, 2_000))) return undefined
        return (await hears('first')(message, 150)) ? undefined : true
      })
    },
    diagnoses: [
      {
        when: /^nothing of the kind/,
        means:
          'ana said complete (or the first subscription ended, and the second with it), and nothing has come of it.',
      },
      ...notDelivered,
    ],
  },
  {
    id: 'errors-are-frames',
    says: 'A query that cannot be run is answered with an error frame, and disturbs nothing else',
    hint: 'docs/graphql-subscriptions.md#an-error-is-an-answer',
    after: ['messages-arrive'],
    async probe(scene) {
      const ana = await introduced(scene, 'ana', NEWER)
      const wrong = [
        'subscription { message { nonsense } }',
        'subscription {',
        'query { messages { nonsense } }',
      ]
      for (const [index, query] of wrong.entries()) {
        ana.send({ id: `wrong-${index}`, type: 'subscribe', payload: { query } })
        await ana.hears(
          frame =>
            frame.type === 'error' &&
            frame.id === `wrong-${index}` &&
            Array.isArray(frame.payload) &&
            frame.payload.length > 0 &&
            frame.payload.every((error: { message?: unknown }) => typeof error.message === 'string'),
          { as: `{"type":"error","id":"wrong-${index}","payload":[{"message":"…"}]}` },
        )
      }
      const room = scene.nonce()
      ana.send({ id: 'right', type: 'subscribe', payload: inRoom(room, 'content') })
      await listens(scene, 'ana', room, (message, within) =>
        heard(ana, { type: 'next', id: 'right', payload: { data: contentOnly(message) } }, within),
      )
      await ana.hearsNothing((frame: { id?: string }) => String(frame.id).startsWith('wrong'), {
        as: 'anything more about what was wrong',
        within: 50,
      })
    },
    diagnoses: [
      {
        when: /"type":"next".*"errors"/,
        means:
          'The errors came as a result. A document that does not fit the schema has no result: the operation has never begun, and the frame that says so is "error".',
      },
      {
        when: /closed with/,
        means:
          'A mistake in a query is no breach of the protocol: the connection, and what else is on it, goes on.',
      },
      ...unanswered,
    ],
  },
  {
    id: 'the-older-protocol',
    says: 'A client that speaks the older protocol is served in its frames',
    hint: 'docs/graphql-subscriptions.md#the-older-protocol',
    after: ['messages-arrive'],
    async probe(scene) {
      const room = scene.nonce()
      const ana = await introduced(scene, 'ana', OLDER)
      ana.send({ id: '1', type: 'start', payload: inRoom(room, 'content sentAt') })
      const hears = (message: Message, within: number) =>
        heard(
          ana,
          (frame: unknown) =>
            isDeepStrictEqual(frame, {
              type: 'data',
              id: '1',
              payload: { data: { message: { content: message.content, sentAt: message.sentAt } } },
            }),
          within,
        )
      await listens(scene, 'ana', room, hears)

      ana.send({ id: '2', type: 'start', payload: { query: 'query { messages(last: 1) { content } }' } })
      await ana.hears({ type: 'data', id: '2' })
      await ana.hears({ type: 'complete', id: '2' })
      ana.send({ id: '3', type: 'start', payload: { query: '{ nonsense }' } })
      await ana.hears({ type: 'error', id: '3' })

      ana.send({ id: '1', type: 'stop' })
      await scene.eventually('ana to hear nothing more after stop', async () => {
        const message = aMessage(scene, room)
        await publish(scene, message)
        return (await hears(message, 400)) ? undefined : true
      })
      await ana.isStillThere()
    },
    diagnoses: [
      {
        when: /"type":"next"/,
        means:
          'ana offered the older protocol, was told that it is spoken, and heard a frame of the newer one.',
      },
      ...notDelivered,
    ],
  },
  {
    id: 'in-a-browser',
    says: 'A page in Chromium hears the same, whichever protocols it offers besides',
    hint: 'docs/graphql-subscriptions.md#agreeing-on-a-protocol',
    after: ['messages-arrive'],
    needs: ['browser'],
    async probe(scene) {
      const room = scene.nonce()
      const page = await scene.page('ana', {
        script: visitorScript,
        query: { url: scene.output('Url'), room },
      })
      const logs = (message: Message, within: number) =>
        page
          .logs((line: unknown) => isDeepStrictEqual(line, { data: everything(message) }), { within })
          .then(() => true, unlessUnmet)
      await listens(scene, 'ana', room, logs)
      const message = aMessage(scene, room)
      await publish(scene, message)
      if (!(await logs(message, 5_000)))
        throw new Unmet({ expected: `ana's page to hear ${message.content}`, observed: 'silence' })
      if (await logs(message, 300))
        throw new Unmet({ expected: `ana to hear ${message.content} once`, observed: 'ana heard it 2 times' })
      await page.logs('agreed on graphql-transport-ws')
    },
    diagnoses: [
      {
        when: /refused|Unexpected response code: 4\d\d|agreed on nothing/,
        means:
          'A browser puts a space after each comma of what it offers: "mqtt, graphql-transport-ws". The clients that were let in before offered one protocol, or wrote no spaces.',
      },
      ...notDelivered,
    ],
  },
  {
    id: 'history-is-told',
    says: 'What was said can be asked for afterwards, the latest at the end',
    hint: 'docs/graphql-subscriptions.md#one-interface-two-histories',
    after: ['messages-arrive'],
    async probe(scene) {
      const room = scene.nonce()
      const first = aMessage(scene, room)
      const second = {
        ...aMessage(scene, room),
        sentAt: new Date(Date.parse(first.sentAt) + 1_000).toISOString(),
      }
      scene.did('a backend published two messages to the topic, the first of them twice')
      await publish(scene, second, first, first)
      const ana = subscriber(scene, 'ana')
      const wanted = [first, second].map(({ from, content, sentAt }) => ({ from, content, sentAt }))
      let told: unknown
      const expected = `ana to be told ${JSON.stringify(wanted.map(({ content }) => content))}`
      const ask = async () => {
        const { messages } = await ana.ask({
          query: `query { messages(room: "${room}") { from { id displayName } content sentAt } }`,
        })
        told = messages
        return isDeepStrictEqual(messages, wanted) || undefined
      }
      await scene.eventually(expected, ask).catch(error => {
        throw error instanceof Unmet && told ? new Unmet({ expected, observed: JSON.stringify(told) }) : error
      })
    },
    diagnoses: [
      ...notDelivered.slice(0, -2),
      {
        means:
          'What was said was not remembered, or is told otherwise than it was said: once each, the latest at the end.',
      },
    ],
  },
]

async function heard(
  client: Client,
  expected: Parameters<Client['hears']>[0],
  within: number,
): Promise<boolean> {
  return client.hears(expected, { within }).then(() => true, unlessUnmet)
}

function unlessUnmet(error: unknown): false {
  if (error instanceof Unmet && !error.observed.includes('closed')) return false
  throw error
}
