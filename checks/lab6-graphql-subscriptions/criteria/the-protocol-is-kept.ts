import { awkward, type Client, type Criterion, notATextAtAll, type Scene, unexpectedMessages } from '#kit'
import { unanswered } from '../../answers.ts'
import { introduced, NEWER, nothingElse, OLDER, type Protocol } from '../../newsroom/frames.ts'
import { whereItConverses } from '../../newsroom/meanings.ts'

const QUERY = '{ messages { content } }'
/** How many clients say something wrong at the same time. */
const AT_ONCE = 4

/** Clients that keep to the protocol are served, and the others are disconnected. */
export const theProtocolIsKept: Criterion = {
  id: 'the-protocol-is-kept',
  says: 'Nobody is served before connection_init is acknowledged, and a ping has its pong',
  hint: 'docs/graphql-subscriptions.md#the-frames',
  after: ['protocols-are-agreed-on'],
  async probe(scene) {
    // A ping is answered at any time, also before anybody has introduced themselves.
    const eve = await scene.connect('eve', { protocols: [NEWER] })
    eve.send({ type: 'ping' })
    await eve.hears({ type: 'pong' })

    const ana = await introduced(scene, 'ana')
    for (const payload of [{ text: awkward({ short: true }) }, undefined]) {
      ana.send({ type: 'ping', payload })
      await ana.hears({ type: 'pong' })
    }
    // A pong nobody asked for is one of the protocol's frames, too.
    ana.send({ type: 'pong' })

    const ben = await scene.connect('ben', { protocols: [NEWER] })
    ben.send({ id: '1', type: 'subscribe', payload: { query: QUERY } })
    const cyd = await introduced(scene, 'cyd')
    cyd.send({ type: 'connection_init' })
    const dan = await introduced(scene, 'dan')
    const about = {
      id: 'twice',
      type: 'subscribe',
      payload: { query: 'subscription { message { content } }' },
    }
    dan.send(about)
    await nothingElse([dan])
    dan.send(about)
    await Promise.all([ben, cyd, dan].map(client => client.isClosed()))
    await nothingElse([ana, ben, cyd, dan])

    // Few at a time: the stage has a throttle.
    for (const some of inGroups(notFrames(), AT_ONCE))
      await Promise.all(some.map(one => isHungUpOn(scene, one)))
    await ana.isStillThere()
  },
  diagnoses: [
    {
      when: /it stayed open/,
      means:
        'The protocol has a close code for this. A function behind API Gateway cannot choose one, but it can end the connection. A client that breaks the protocol must be disconnected.',
      hint: 'docs/graphql-subscriptions.md#codes-that-cannot-be-sent',
      where: whereItConverses,
    },
    {
      when: /^ben heard |"type":"connection_ack".*"type":"next"/,
      means: 'ben has not said connection_init, and was served all the same.',
      where: whereItConverses,
    },
    {
      when: /^it was closed with/,
      means: 'ana kept to the protocol, and was disconnected.',
      where: whereItConverses,
    },
    ...unanswered,
  ],
}

/** Something that is no frame of a protocol. */
interface NotAFrame {
  /** What a report calls it. */
  readonly as: string
  readonly text: string
  /** The protocol that the client speaks; the newer one unless given. */
  readonly protocol?: Protocol
}

/** What is no frame, frames with members that are missing or no texts, and frames of the other protocol. */
function notFrames(): NotAFrame[] {
  const noType = unexpectedMessages.filter(({ text }) =>
    ['null', '[]', '""', '0', '{}', 'hello', '{"action":'].includes(text),
  )
  const subscribe = { id: '1', type: 'subscribe', payload: { query: QUERY } }
  const wrong = notATextAtAll.filter(({ as }) => ['missing', 'null', 'a number', 'an object'].includes(as))
  const frames: [string, object][] = [
    ...wrong.map(({ as, value }): [string, object] => [`an id: ${as}`, { ...subscribe, id: value }]),
    ...wrong.map(({ as, value }): [string, object] => [
      `a query: ${as}`,
      { ...subscribe, payload: { query: value } },
    ]),
    ['no payload', { ...subscribe, payload: undefined }],
    ['a type that does not exist', { ...subscribe, type: 'publish' }],
    ['a frame in a list', [{ type: 'ping' }]],
    ['start, of the older protocol', { ...subscribe, type: 'start' }],
  ]
  return [
    ...noType,
    ...frames.map(([as, frame]) => ({ as, text: JSON.stringify(frame) })),
    { as: 'subscribe, of the newer protocol', text: JSON.stringify(subscribe), protocol: OLDER },
  ]
}

/** Sends it after having been acknowledged. Throws `Unmet` when the connection is not closed. */
async function isHungUpOn(scene: Scene, { as, text, protocol = NEWER }: NotAFrame): Promise<void> {
  const client: Client = await introduced(scene, `who sent ${as}`, { protocol })
  client.send(text)
  await client.isClosed()
}

const inGroups = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))
