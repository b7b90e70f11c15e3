import { type Client, type Criterion, type Scene, Unmet } from '#kit'
import { unanswered } from '../answers.ts'
import { linesWith } from '../function-logs.ts'
import { isGatewayError } from '../gateway-error.ts'
import { refused } from '../handshake.ts'
import { post } from '../management.ts'
import { nothingMore } from './criteria/nothing-more.ts'

/** What lab 1 promises, in the order in which a client finds out. */
export const criteria: readonly Criterion[] = [
  {
    id: 'door-opens',
    says: 'A client can connect',
    hint: 'docs/handshake.md',
    async probe({ connect }) {
      await connect('ana')
    },
    diagnoses: refused,
  },
  {
    id: 'message-comes-back',
    says: 'The action message says the text back, to the one who sent it',
    hint: 'docs/routes.md#which-route-takes-a-message',
    after: ['door-opens'],
    async probe({ connect, nonce }) {
      const ana = await connect('ana')
      const ben = await connect('ben')
      const [first, second, third] = [nonce(), nonce(), nonce()]

      ana.send({ action: 'message', text: first })
      await ana.hears({ text: first })
      ben.send({ action: 'message', text: second })
      await ben.hears({ text: second })
      ana.send({ action: 'message', text: third })
      await ana.hears({ text: third })

      await ben.hearsNothing(message => [first, third].includes(message?.text), { as: 'what ana said' })
      await hearsNoError(ana)
    },
    diagnoses: [
      {
        when: /"actions":/,
        means:
          'message was answered as if it were an unknown action: its route is gone, or API Gateway now picks routes by something other than the action.',
      },
      {
        when: /^\{"text":/,
        means: 'An answer came, but with another text than the one that was sent.',
        hint: 'docs/routes.md#what-a-function-keeps',
      },
      ...unanswered,
    ],
  },
  {
    id: 'whoami-is-true',
    says: 'The action whoami tells every client its own connection id',
    hint: 'docs/routes.md#which-route-takes-a-message',
    after: ['door-opens'],
    async probe(scene) {
      const people: Client[] = []
      for (const name of ['ana', 'ben', 'cyd']) people.push(await scene.connect(name))

      const told: Told[] = []
      for (const client of people) {
        told.push({ client, id: await whoami(client), posted: scene.nonce() })
        await hearsNoError(client)
      }

      // An id is true if what is posted to it reaches the one who was told it, and nobody else.
      allDiffer(told)
      for (const one of told) await leadsBack(scene, one)
      await Promise.all(told.map(one => hearsOnlyTheirOwn(one, told)))
    },
    diagnoses: [
      {
        when: /were both told/,
        means:
          'What is answered does not depend on who asks. Each event says anew from which connection it comes.',
        hint: 'docs/routes.md#ids-that-look-alike',
      },
      {
        when: /under the id that \w+ was told there is nobody/,
        means:
          'whoami was answered, but not with the id of an open connection. An event carries several ids, and they look alike.',
        hint: 'docs/routes.md#ids-that-look-alike',
      },
      {
        when: /"actions":/,
        means:
          'whoami was answered as if it were an unknown action: another route than its own has taken it.',
      },
      ...unanswered,
    ],
  },
  {
    id: 'anything-else-is-answered',
    says: 'Whatever else a client says, it is told which actions exist',
    hint: 'docs/routes.md#when-no-route-fits',
    after: ['door-opens'],
    async probe({ connect, nonce }) {
      const ana = await connect('ana')
      const ben = await connect('ben')
      const cyd = await connect('cyd')

      ana.send({ action: nonce() })
      await ana.hears(theActions, { as: 'which actions exist, having asked for one that does not' })
      await hearsNoError(ana)
      ben.send(`not JSON, ${nonce()}`)
      await ben.hears(theActions, { as: 'which actions exist, having said what is not JSON' })
      await hearsNoError(ben)
      cyd.send({ text: nonce() })
      await cyd.hears(theActions, { as: 'which actions exist, having named no action' })
      await hearsNoError(cyd)
    },
    diagnoses: unanswered,
  },
  {
    id: 'connection-survives',
    says: 'The connection survives all of it',
    hint: 'docs/routes.md#when-no-route-fits',
    after: ['message-comes-back', 'whoami-is-true', 'anything-else-is-answered'],
    async probe({ connect, nonce }) {
      const ana = await connect('ana')
      const text = nonce()

      ana.send({ action: nonce() })
      await ana.hears(theActions, { as: 'which actions exist' })
      ana.send(`not JSON, ${nonce()}`)
      await ana.hears(theActions, { as: 'which actions exist' })
      await whoami(ana)
      ana.send({ action: 'message', text })
      await ana.hears({ text })

      await hearsNoError(ana)
      await ana.isStillThere()
    },
    diagnoses: [
      {
        when: /closed (?:with )?\d+/,
        means:
          'The other side hung up. API Gateway does not do so over a message it cannot route: somebody asked it to.',
      },
      ...unanswered,
    ],
  },
  {
    id: 'comings-and-goings-are-noted',
    says: 'The log notes when each connection begins and ends, by connection id',
    hint: 'docs/routes.md#connect-and-disconnect',
    after: ['whoami-is-true'],
    async probe(scene) {
      const ana = await scene.connect('ana')
      const id = await whoami(ana)
      const came = await scene.eventually('a line with the id of ana, who came, in the log', () =>
        moreThan(0, linesWith(scene, id)),
      )

      await ana.leave()

      await scene.eventually('one more line with the id of ana, who left, in the log', () =>
        moreThan(came, linesWith(scene, id)),
      )
    },
    diagnoses: [
      {
        means:
          'The function that should note it was not called, or notes something other than the connection id.',
      },
    ],
  },
  nothingMore,
]

/** Asks for a client's own id. An error from API Gateway carries a `connectionId` too, but is no answer. */
async function whoami(client: Client): Promise<string> {
  client.send({ action: 'whoami' })
  const answer = await client.hears(
    message => typeof message?.connectionId === 'string' && !isGatewayError(message),
    { as: 'its own id, as {"connectionId": …}' },
  )
  return answer.connectionId
}

/** Somebody, the id they were told, and what is posted to it. */
interface Told {
  readonly client: Client
  readonly id: string
  readonly posted: string
}

function allDiffer(told: readonly Told[]): void {
  for (const { client, id } of told) {
    const other = told.find(one => one.client !== client && one.id === id)
    if (!other) continue
    throw new Unmet({
      expected: 'every client to be told another id',
      observed: `${client.name} and ${other.client.name} were both told ${id}`,
    })
  }
}

async function leadsBack(scene: Scene, { client, id, posted }: Told): Promise<void> {
  const refusal = await post(scene, id, JSON.stringify({ posted }))
  if (refusal) {
    throw new Unmet({
      expected: `a message posted to ${id} to reach ${client.name}, who was told that id`,
      observed: `${refusal}: under the id that ${client.name} was told there is nobody`,
    })
  }
  await client.hears({ posted }, { as: `what was posted to ${id}, the id it was told` })
}

async function hearsOnlyTheirOwn({ client, posted }: Told, told: readonly Told[]): Promise<void> {
  const others = told.map(one => one.posted).filter(text => text !== posted)
  await client.hearsNothing(message => others.includes(message?.posted), {
    as: "what was posted to another's id",
  })
}

/** A client hears its answer and nothing else. The next client finds the function free, with whatever it kept of the client before. */
const hearsNoError = (client: Client): Promise<void> =>
  client.hearsNothing(isGatewayError, { as: 'an error besides the answer' })

/** Names both actions, wherever and in whatever words. */
function theActions(message: unknown): boolean {
  const text = JSON.stringify(message)
  return text.includes('message') && text.includes('whoami')
}

async function moreThan(count: number, lines: Promise<string[]>): Promise<number | undefined> {
  const { length } = await lines
  return length > count ? length : undefined
}
