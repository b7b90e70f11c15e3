import type { Criterion, Page, Scene } from '#kit'
import { endConnection } from '../../management.ts'
import { isAmong, type Row, rows } from '../../rows.ts'
import { asksFor, COMING_BACK, opens, registeredBy, shown, TOO_LONG } from '../client-programs.ts'
import { backend, publishes, type Topic, topic, waitingFor } from '../people.ts'
import { connectionIn } from '../registrations.ts'

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

    const { type } = waitingFor(about)
    const tooLong = { project: TOO_LONG, type, ref: other.ref }
    const gaveUp = new RegExp(`${other.ref}.*32 ?KB`)
    await asksFor(scene, page, tooLong, '34 KB into the field "project"')
    const losing = page.losesSocket({ within: 2 * COMING_BACK })
    const isKept = await keepsItsConnection(page, losing, gaveUp)
    if (!isKept) await comesBack(page, about)
    await endTheConnectionOf(scene, before)
    await (isKept ? losing : page.losesSocket({ within: COMING_BACK }))
    await comesBack(page, about)

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
 * and keeps its connection.
 */
const keepsItsConnection = (page: Page, losing: Promise<unknown>, gaveUp: RegExp): Promise<boolean> =>
  Promise.any([losing.then(() => false), page.shows(gaveUp).then(() => true)]).catch(() => false)

/** Connects again, and registers. */
async function comesBack(page: Page, about: Topic): Promise<void> {
  await page.opensSocket({ within: COMING_BACK })
  await registeredBy(page, about)
}

/** The service ends the connection of the page: the one that is in a row that was not there before. */
async function endTheConnectionOf(scene: Scene, before: readonly Row[]): Promise<void> {
  const added = (await rows(scene)).filter(row => !isAmong(before, row))
  const connection = await connectionIn(scene, added)
  if (!connection) return
  scene.did("the service ended the connection of ana's page")
  await endConnection(scene, connection.id)
}
