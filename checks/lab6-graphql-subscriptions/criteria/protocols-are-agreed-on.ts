import type { Criterion } from '#kit'
import { refused } from '../../handshake.ts'
import { NEWER, OLDER } from '../../newsroom/frames.ts'
import { agreedOnNothing, whereItConnects } from '../../newsroom/meanings.ts'

/** Whatever a client offers, it is told one of its protocols that is spoken here, or it is not let in. */
export const protocolsAreAgreedOn: Criterion = {
  id: 'protocols-are-agreed-on',
  says: 'A client that offers a protocol is told that it is spoken, or is not let in',
  hint: 'docs/graphql-subscriptions.md#agreeing-on-a-protocol',
  async probe({ connect, isRefused }) {
    await connect('ana', { protocols: [NEWER] })
    await connect('ben', { protocols: [OLDER] })
    await connect('cyd', { protocols: ['mqtt', NEWER] })
    await connect('cyd, once more', { protocols: [OLDER, 'mqtt', 'soap'] })
    // wscat, without being told otherwise.
    await connect('dan')
    // Names are compared as they are: some only begin or end like ours.
    for (const offered of ['mqtt', `${NEWER}2`, `x-${OLDER}`, 'GraphQL-Transport-WS'])
      await isRefused('eve', { protocols: [offered] })
  },
  diagnoses: [
    agreedOnNothing,
    {
      when: /invalid subprotocol|subprotocol but none was requested/,
      means:
        'The server named a protocol that this client has not offered: it is to name one of those, or none.',
      where: whereItConnects,
    },
    {
      when: /answered with 101, and the connection is open/,
      means: 'eve speaks nothing that is spoken here, and was let in all the same.',
      where: whereItConnects,
    },
    ...refused,
  ],
}
