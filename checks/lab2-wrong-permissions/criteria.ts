import { type Client, type Criterion, Unmet } from '#kit'
import { unanswered } from '../answers.ts'
import { isGatewayError } from '../gateway-error.ts'
import { refused } from '../handshake.ts'
import { isAmong, isGone, placeOf, rows } from '../rows.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { guest, leaveGhost } from './list.ts'

/** What lab 2 promises: first that it works, then that it is allowed no more than that. */
export const criteria: readonly Criterion[] = [
  {
    id: 'door-opens',
    says: 'A client can walk in, and is written on the list',
    hint: 'docs/handshake.md',
    async probe(scene) {
      await guest(scene, 'ana')
    },
    diagnoses: refused,
  },
  {
    id: 'leaving-takes-you-off-the-list',
    says: 'A client that leaves is taken off the list, and nobody else is',
    hint: 'docs/gone.md#who-keeps-the-list',
    after: ['door-opens'],
    async probe(scene) {
      const ana = await guest(scene, 'ana')
      const ben = await guest(scene, 'ben')

      await ben.client.leave()
      await isGone(scene, ben)

      if (!isAmong(await rows(scene), ana.row)) {
        throw new Unmet({
          expected: 'the row of ana, who is still there, to stay in the table',
          observed: 'it was gone when ben had left',
        })
      }
      await ana.client.leave()
      await isGone(scene, ana)
    },
    diagnoses: [
      {
        when: /not authorized to perform: (dynamodb:\w+) on resource: (\S+)/,
        means:
          'The function that should take clients off the list asked for $1, and its role does not allow it.',
        hint: 'docs/permissions.md#reading-a-refusal',
        where: 'the-function-that-said-it',
      },
      {
        when: /it was gone when ben had left/,
        means: 'Somebody leaving takes others off the list as well.',
      },
      {
        means:
          'The connection was closed, and the row is still there. A client that leaves says nothing: only $disconnect hears of it.',
      },
    ],
  },
  {
    id: 'everybody-hears',
    says: 'What one client says, every client hears, the one who said it included',
    hint: 'docs/permissions.md#reading-a-refusal',
    after: ['door-opens'],
    async probe({ connect, nonce }) {
      const ana = await connect('ana')
      const ben = await connect('ben')
      const cyd = await connect('cyd')

      await everybodyHears([ana, ben, cyd], ana, nonce())
      await everybodyHears([ana, ben, cyd], ben, nonce())
      // A list that was read once and kept knows nobody who comes later.
      const dan = await connect('dan')
      await everybodyHears([ana, ben, cyd, dan], ana, nonce())
    },
    diagnoses: [
      {
        when: /not authorized to perform: (dynamodb:\w+) on resource: (\S+)/,
        means:
          'The function asked DynamoDB for $1, and the policies of its role do not allow that on this table. It got no further: nobody was told anything.',
        where: 'the-function-that-said-it',
      },
      {
        when: /not authorized to perform: (execute-api:ManageConnections)/,
        means:
          'The function has read the list, and was then refused $1: the policies of its role do not let it post to the connections of this API.',
        where: 'the-function-that-said-it',
      },
      {
        when: /^silence\b/,
        means:
          'The function ended well, or kept its failure to itself, and this client was not among those to whom it posted. The frames show who heard it, and who had come by then.',
        hint: 'docs/permissions.md#when-nothing-is-logged',
      },
      {
        when: /^\{"text":/,
        means: 'Something came, but not what was said.',
        hint: 'docs/routes.md#what-a-function-keeps',
      },
      ...unanswered,
    ],
  },
  {
    id: 'the-gone-do-no-harm',
    says: 'Somebody who has left does not spoil it for those who stayed',
    hint: 'docs/gone.md#the-list-is-never-quite-true',
    after: ['everybody-hears', 'leaving-takes-you-off-the-list'],
    async probe(scene) {
      const ana = await guest(scene, 'ana')
      const ben = await guest(scene, 'ben')
      const cyd = await guest(scene, 'cyd')
      const stayed = [ana, ben, cyd]

      // A ghost can only be in the way of those who are listed after it, and where it will be listed nobody knows.
      for (let ghosts = 1; ghosts <= 20; ghosts += 1) {
        const ghost = await leaveGhost(scene, `guest ${ghosts}`)
        const list = await rows(scene)
        if (stayed.some(one => placeOf(list, one.row) > placeOf(list, ghost))) break
      }

      const everybody = stayed.map(one => one.client)
      await everybodyHears(everybody, ana.client, scene.nonce())
      await everybodyHears(everybody, ben.client, scene.nonce())
    },
    diagnoses: [
      {
        when: /GoneException/,
        means:
          'Posting to somebody who has left is answered with 410 GoneException. That is no failure of the room, but here it ended the whole round.',
        where: 'the-function-that-said-it',
      },
      {
        when: /not authorized to perform: (\S+) on resource: (\S+)/,
        means:
          'Having met somebody who is gone, the function asked for $1, and its role does not allow that.',
        hint: 'docs/permissions.md#reading-a-refusal',
        where: 'the-function-that-said-it',
      },
      {
        means:
          'With a row on the list of somebody who is gone, those who stayed no longer hear everything. Look at what the function does when posting to one of them fails.',
      },
    ],
  },
  nothingMore,
]

async function everybodyHears(everybody: readonly Client[], speaker: Client, text: string): Promise<void> {
  speaker.send({ action: 'sendMessage', text })
  for (const client of everybody) await client.hears({ text })
  await speaker.hearsNothing(isGatewayError, { as: 'an error besides what was said' })
}
