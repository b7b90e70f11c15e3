import type { Client, Criterion, Scene } from '#kit'
import { unanswered } from '../answers.ts'
import { refused } from '../handshake.ts'

export const NEWER = 'graphql-transport-ws'
export const OLDER = 'graphql-ws'

/** Act 1: people get in, and are understood. */
export const act1: readonly Criterion[] = [
  {
    id: 'protocols-are-agreed-on',
    says: 'A client that offers a protocol is told that it is spoken, or is not let in',
    hint: 'docs/graphql-subscriptions.md#agreeing-on-a-protocol',
    async probe({ connect, isRefused }) {
      await connect('ana', { protocols: [NEWER] })
      await connect('ben', { protocols: [OLDER] })
      await connect('cyd', { protocols: ['mqtt', NEWER] })
      // wscat, without being told otherwise.
      await connect('dan')
      await isRefused('eve', { protocols: ['mqtt'] })
    },
    diagnoses: [
      {
        when: /Server sent no subprotocol/,
        means:
          'The handshake was answered with 101, and without a word on the protocols that the client had offered. A client that offers some hangs up on that, as browsers do; wscat, which offers none, does not.',
        where: { resource: 'AWS::Lambda::Function', named: /connect/i },
      },
      {
        when: /invalid subprotocol|subprotocol but none was requested/,
        means:
          'The server named a protocol that this client has not offered: it is to name one of those, or none.',
      },
      {
        when: /answered with 101, and the connection is open/,
        means: 'eve speaks nothing that is spoken here, and was let in all the same.',
      },
      ...refused,
    ],
  },
  {
    id: 'the-protocol-is-kept',
    says: 'Nobody is served before connection_init is acknowledged, and a ping has its pong',
    hint: 'docs/graphql-subscriptions.md#the-frames',
    after: ['protocols-are-agreed-on'],
    async probe(scene) {
      const ana = await introduced(scene, 'ana', NEWER)
      ana.send({ type: 'ping', payload: { nonce: scene.nonce() } })
      await ana.hears({ type: 'pong' })

      const ben = await scene.connect('ben', { protocols: [NEWER] })
      ben.send({ id: '1', type: 'subscribe', payload: { query: '{ messages { content } }' } })
      await ben.isClosed()
      await ben.hearsNothing({ type: 'next' }, { within: 50 })

      const cyd = await introduced(scene, 'cyd', NEWER)
      cyd.send({ type: 'connection_init' })
      await cyd.isClosed()

      const dan = await introduced(scene, 'dan', NEWER)
      dan.send('this is no frame')
      await dan.isClosed()
      await ana.isStillThere()
    },
    diagnoses: [
      {
        when: /it stayed open/,
        means:
          'The protocol has a close code for this. A function behind API Gateway cannot choose one, but it can end the connection. A client that breaks the protocol must be disconnected.',
        hint: 'docs/graphql-subscriptions.md#codes-that-cannot-be-sent',
      },
      ...unanswered,
    ],
  },
]

/** Comes with a protocol, says hello, and is acknowledged. */
export async function introduced(scene: Scene, name: string, protocol: string): Promise<Client> {
  const client = await scene.connect(name, { protocols: [protocol] })
  client.send({ type: 'connection_init', payload: { displayName: name } })
  await client.hears({ type: 'connection_ack' })
  return client
}
