import type { Criterion } from '#kit'
import { afterActOne } from '../after-act-one.ts'
import { asksFor, opens, registeredBy, shown } from '../client-programs.ts'
import { backend, publishes, topic, waitingFor } from '../people.ts'

/** The page in a browser: what it is opened for, and what it is asked for by its form. */
export const pageHears: Criterion = {
  id: 'page-hears',
  says: 'The page registers as soon as it can, and shows what it hears',
  hint: 'docs/notifications.md#before-it-is-open',
  after: afterActOne,
  needs: ['browser'],
  async probe(scene) {
    const about = topic(scene)
    const { project, type } = waitingFor(about)
    // A name may have blanks anywhere. The form's fields keep them.
    const more = { ...about, ref: `  ${topic(scene).ref}  und mehr ` }
    const page = await opens(scene, about)
    await registeredBy(page, about)
    await asksFor(scene, page, { project, type, ref: more.ref }, 'one more ref')
    await registeredBy(page, more)

    const by = await backend(scene)
    for (const [one, status] of [
      [more, 'failed'],
      [about, 'done'],
    ] as const) {
      const message = shown(scene)
      await publishes(by, one, message, 1, status)
      await page.shows(message)
    }
  },
  diagnoses: [
    {
      when: /Still in CONNECTING state/,
      means:
        'The page has sent its envelope before the connection was open. A WebSocket keeps nothing for later: it throws InvalidStateError.',
    },
    {
      when: /console: (.*)/,
      means: 'The page said on its console: $1',
    },
    {
      when: /^"/,
      means: 'The page has heard the message, and does not show it, or shows it changed.',
    },
    { means: 'The page opened, and no registration came from it.' },
  ],
}
