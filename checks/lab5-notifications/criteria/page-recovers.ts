import type { Criterion } from '#kit'
import { asksFor, COMING_BACK, opens, registeredBy, shown, TOO_LONG } from '../client-programs.ts'
import { backend, publishes, topic, waitingFor } from '../people.ts'

/** The page loses its connection because of one thing that is too long, and goes on with the others. */
export const pageRecovers: Criterion = {
  id: 'page-recovers',
  says: 'A page that loses its connection comes back, and registers again what it waits for',
  hint: 'docs/notifications.md#too-long-a-message',
  after: ['page-hears'],
  needs: ['browser'],
  async probe(scene) {
    const [about, other] = [topic(scene), topic(scene)]
    const page = await opens(scene, about)
    await registeredBy(page, about)
    await page.opensSocket()

    const { type } = waitingFor(about)
    const tooLong = { project: 'x'.repeat(TOO_LONG), type, ref: other.ref }
    await asksFor(scene, page, tooLong, '33,000 characters into the field "project"')
    await page.losesSocket()
    await page.opensSocket({ within: COMING_BACK })
    await registeredBy(page, about)

    const message = shown(scene)
    await publishes(await backend(scene), about, message, 1)
    await page.shows(message)
    await page.shows(new RegExp(`${other.ref}.*32 ?KB`))
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
