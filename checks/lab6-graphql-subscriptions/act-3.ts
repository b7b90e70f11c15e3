import { type Criterion, Unmet } from '#kit'
import { somebodyIsCalled } from './alarm.ts'
import { putAside } from './dead-letters.ts'
import { notDelivered } from './meanings.ts'
import { nothingMoreIsAllowed } from './out-of-bounds.ts'
import { aMessage, type Message, publish } from './said.ts'
import { heardNoMoreOf, subscriber } from './subscriber.ts'
import { forgetsTheGone } from './the-gone.ts'

const ofRoom = (room: string) => ({ query: `subscription { message(room: "${room}") { content } }` })
const contentOnly = ({ content }: Message) => ({ message: { content } })

/** Act 3: it goes on working when something goes wrong. */
export const act3: readonly Criterion[] = [
  {
    id: 'each-message-once',
    says: 'A message that comes again is shown once, to each; and two that say the same are two',
    hint: 'docs/graphql-subscriptions.md#each-message-once',
    after: ['each-hears-their-own'],
    async probe(scene) {
      const room = scene.nonce()
      const of = {
        ana: subscriber(scene, 'ana').subscribe(ofRoom(room), room, contentOnly),
        ben: subscriber(scene, 'ben').subscribe(ofRoom(room), room, contentOnly),
      }
      await Promise.all([of.ana.listens(), of.ben.listens()])

      const once = aMessage(scene, room)
      scene.did('a backend published the same message, with the same id, twice at once and once more')
      await publish(scene, once, once)
      await Promise.all([of.ana.hears(once), of.ben.hears(once)])
      await publish(scene, once)

      const [one, another] = [aMessage(scene, room), aMessage(scene, room)]
      const theSame = { ...another, content: one.content }
      scene.did('a backend published two messages with the same content and ids of their own')
      await publish(scene, one, theSame)
      await Promise.all(
        [of.ana, of.ben].map(async somebody => {
          await somebody.hears(one)
          await somebody.hears(theSame)
        }),
      )
      await heardNoMoreOf([once, one], of)
    },
    diagnoses: [
      {
        when: /heard it (\d+) times/,
        means:
          'One message, with one id, shown more than once. SQS brings a message at least once, and a publisher may publish it again. Nothing notes which clients have seen it before.',
      },
      {
        when: /silence/,
        means:
          'Somebody did not hear a message because somebody else had, or because another message said the same.',
      },
      ...notDelivered,
    ],
  },
  {
    id: 'the-gone-are-forgotten',
    says: 'A subscription goes with its subscriber, and harms nobody if it was left behind',
    hint: 'docs/stale-connections.md#taking-closed-connections-off-the-list',
    after: ['each-hears-their-own'],
    probe: forgetsTheGone,
    diagnoses: [
      {
        when: /not authorized to perform: (\S+) on resource: (\S+)/,
        means: 'A function asked for $1 on $2, and its role does not allow that.',
        hint: 'docs/permissions.md#reading-a-refusal',
        where: 'the-function-that-said-it',
      },
      {
        when: /^nothing of the kind/,
        means:
          'Nobody is there any more, and the subscription is still run and posted whenever somebody says something.',
      },
      ...notDelivered,
    ],
  },
  {
    id: 'nothing-more',
    says: 'And nothing more: no function may touch what is not its own, and no queue takes from strangers',
    hint: 'docs/permissions.md#and-nothing-more',
    probe: nothingMoreIsAllowed,
    diagnoses: [
      {
        when: /lets in/,
        means:
          'Topics of every account could fill this queue. SNS sends for all of them: say in whose name it may.',
        hint: 'docs/graphql-subscriptions.md#who-may-send',
      },
      { means: 'This role could reach what is none of its business. Name what it needs, and nothing else.' },
    ],
  },
  {
    id: 'poison-is-put-aside',
    says: 'A message that nobody can read ends in the dead-letter queue, and the rest arrive',
    hint: 'docs/graphql-subscriptions.md#one-bad-message',
    after: ['each-hears-their-own'],
    async probe(scene) {
      const room = scene.nonce()
      const ana = subscriber(scene, 'ana').subscribe(ofRoom(room), room, contentOnly)
      await ana.listens()

      const good = Array.from({ length: 8 }, () => aMessage(scene, room))
      const poison = [
        `this is no JSON: ${scene.nonce()}`,
        JSON.stringify({ id: scene.nonce(), room, content: null }),
      ]
      const marks = poison.map(text => text.match(/[0-9a-f]{8}/)?.[0] ?? text)
      scene.did('a backend published eight messages to the topic, and two among them that nobody can read')
      await publish(scene, ...good.slice(0, 3), poison[0]!, ...good.slice(3, 6), poison[1]!, ...good.slice(6))
      for (const message of good) await ana.hears(message)

      const aside = await putAside(scene, marks)
      const wrongly = good.find(({ content }) => aside.some(body => body.includes(content)))
      if (wrongly)
        throw new Unmet({
          expected: 'nothing but what nobody can read to end in the dead-letter queue',
          observed: `a good message that was in a batch with it is there as well: ${wrongly.content}`,
        })
      await heardNoMoreOf(good, { ana })
    },
    diagnoses: [
      {
        when: /outputs: /,
        means:
          'There is no dead-letter queue that one could look into, so a message that fails comes back again and again.',
      },
      {
        when: /in no queue any more/,
        means:
          'The function could not read them, and told SQS that it had dealt with them. Now they are gone, and nobody will ever know what they were.',
      },
      {
        when: /still being tried/,
        means:
          'A message that nobody can read will not be readable the hundredth time. How often is it tried, and how long does a try take?',
      },
      {
        when: /in a batch with it/,
        means:
          'Because one of them failed, all messages of the batch were tried again, and given up with it.',
      },
      {
        when: /SyntaxError|TypeError|This is no message/,
        means:
          'The function failed at a message that it could not read, and what was behind it in the same batch did not arrive.',
        where: 'the-function-that-said-it',
      },
      ...notDelivered,
    ],
  },
  {
    id: 'somebody-is-called',
    says: 'An alarm tells somebody when a message has been put aside',
    hint: 'docs/graphql-subscriptions.md#an-alarm-that-goes-off',
    after: ['poison-is-put-aside'],
    probe: somebodyIsCalled,
    diagnoses: [
      {
        when: /NumberOfMessagesSent|NumberOfMessagesReceived/,
        means:
          'That metric counts what somebody sends with SendMessage. SQS itself moves a message to its dead-letter queue, and that is not counted.',
      },
      {
        when: /without an action/,
        means: 'It changes its colour on a page at which nobody looks.',
      },
      {
        when: /it goes off when/,
        means: 'Each message that is put aside is somebody who did not hear something.',
      },
      {
        means:
          'A dead-letter queue is a place where messages are forgotten, unless somebody is told that there is one.',
      },
    ],
  },
]
