import type { Criterion, Page } from '#kit'
import { endConnection } from '../../management.ts'
import { rows } from '../../rows.ts'
import { asksFor, COMING_BACK, opens, registeredBy, shown, TOO_LONG } from '../client-programs.ts'
import { backend, publishes, type Topic, topic, waitingFor } from '../people.ts'
import { newConnection } from '../registrations.ts'

/** What a report calls the page. */
const NAME = "ana's page"

/** The page loses its connection because of one thing that is too long, and because the service ends it. It goes on with the others. */
export const pageRecovers: Criterion = {
  id: 'page-recovers',
  says: 'A page that loses its connection comes back, and registers again what it waits for',
  hint: 'docs/notifications.md#too-long-a-message',
  after: ['page-hears'],
  needs: ['browser'],
  async probe(scene) {
    const [about, other] = [topic(scene), topic(scene)]
    const before = await rows(scene)
    const page = await opens(scene, about)
    await registeredBy(page, about)
    await page.opensSocket()
    const first = await newConnection(scene, NAME, before)

    const { type } = waitingFor(about)
    const tooLong = { project: TOO_LONG, type, ref: other.ref }
    const gaveUp = new RegExp(`${other.ref}.*32 ?KB`)
    await asksFor(scene, page, tooLong, '34 KB into the field "project"')
    // API Gateway ends the connection on which it comes. A page that measures it beforehand sends nothing, and keeps its connection.
    const losing = page.losesSocket({ within: 2 * COMING_BACK })
    await Promise.any([losing, page.shows(gaveUp)]).catch(() => {})
    const isKept = await endConnection(scene, first.id)
    if (isKept) scene.did(`the check deleted the connection of ${NAME}`)
    await losing
    await comesBack(page, about)
    if (!isKept) {
      const second = await newConnection(scene, NAME, [...before, ...first.rows])
      scene.did(`the check deleted the connection of ${NAME}`)
      await endConnection(scene, second.id)
      await page.losesSocket({ within: COMING_BACK })
      await comesBack(page, about)
    }

    const message = shown(scene)
    await publishes(await backend(scene), about, message, 1)
    await page.shows(message)
    await page.shows(gaveUp)
  },
  diagnoses: [
    {
      when: /^saw|to open a socket|^\{"opened"|^\{"closed"|^silence/,
      means:
        'The connection was closed with 1009, and the page did not come back, or not with what it waits for. The service has forgotten it together with its connection.',
    },
    {
      means:
        'The page came back. A message that was too long once is too long every time. Give it up, and show that.',
    },
  ],
}

/** Connects again, and registers. */
async function comesBack(page: Page, about: Topic): Promise<void> {
  await page.opensSocket({ within: COMING_BACK })
  await registeredBy(page, about)
}
