import type { Criterion, Page, Scene } from '#kit'
import { endConnection } from '../../management.ts'
import { isAmong, rows } from '../../rows.ts'
import { asksFor, COMING_BACK, opens, registeredBy, shown, TOO_LONG } from '../client-programs.ts'
import { backend, publishes, topic, waitingFor } from '../people.ts'
import { connectionIn } from '../registrations.ts'

/** The page loses its connection because of one thing that is too long, and goes on with the others. */
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
    const added = (await rows(scene)).filter(row => !isAmong(before, row))
    const connection = await connectionIn(scene, added)

    const { type } = waitingFor(about)
    const tooLong = { project: 'x'.repeat(TOO_LONG), type, ref: other.ref }
    await asksFor(scene, page, tooLong, '33,000 characters into the field "project"')
    const gaveUp = new RegExp(`${other.ref}.*32 ?KB`)
    await losesItsConnection(scene, page, gaveUp, connection?.id)
    await page.opensSocket({ within: COMING_BACK })
    await registeredBy(page, about)

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

/**
 * API Gateway ends the connection of a page that sends what is too long. A page that measures it beforehand says so, sends nothing,
 * and keeps its connection: then the service ends it.
 */
async function losesItsConnection(
  scene: Scene,
  page: Page,
  gaveUp: RegExp,
  connectionId: string | undefined,
): Promise<void> {
  const losing = page.losesSocket({ within: 2 * COMING_BACK })
  const kept = page.shows(gaveUp).then(() => true)
  const isKept = await Promise.any([losing.then(() => false), kept]).catch(() => false)
  if (isKept && connectionId !== undefined) {
    scene.did("the service ended the connection of ana's page")
    await endConnection(scene, connectionId)
  }
  await losing
}
