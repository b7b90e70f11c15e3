import { isDeepStrictEqual } from 'node:util'
import type { Criterion } from '#kit'
import { everything } from '../../newsroom/documents.ts'
import { notDelivered, whereItConnects } from '../../newsroom/meanings.ts'
import { aMessage, publish } from '../../newsroom/messages.ts'
import { visitorScript } from '../browser.ts'

/** A page with the package graphql-ws, and a socket of its own that offers two protocols. */
export const inABrowser: Criterion = {
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
    await page.logs('agreed on graphql-transport-ws')
    await page.sends({ type: 'subscribe' })
    await page.hearsNothing({ type: 'error' })

    const message = aMessage(scene, room)
    await publish(scene, message)
    const data = everything(message)
    await page.logs((line: unknown) => isDeepStrictEqual(line, { data }), { as: JSON.stringify({ data }) })
    await page.hears({ type: 'next' })
    await page.hearsNothing({ type: 'next' }, { as: 'the same a second time' })
  },
  diagnoses: [
    {
      when: /refused|Unexpected response code: 4\d\d|agreed on nothing/,
      means:
        'A browser puts a space after each comma of what it offers: "mqtt, graphql-transport-ws". The clients that were let in before offered one protocol, or wrote no spaces.',
      where: whereItConnects,
    },
    ...notDelivered,
  ],
}
