import type { Criterion, Page, Scene } from '#kit'
import { afterActOne } from './act-two.ts'
import {
  backend,
  backendCredentials,
  done,
  hear,
  publishes,
  type Topic,
  topic,
  waiter,
  waitingFor,
} from './people.ts'

/** Characters of a message that is longer than the 32 KB which a frame may have (facts: G3, G4). */
const TOO_LONG = 33_000

/** How long a page may take to come back, in milliseconds: it waits a little before it connects anew. */
const COMING_BACK = 5_000

/** What ships with the service, driven as it is used: a program, and a page in a browser. */
export const clients: readonly Criterion[] = [
  {
    id: 'backend-client-recovers',
    says: 'The backend client delivers, and one message that is too long does not keep it from delivering the others',
    hint: 'docs/notifications.md#too-long-a-message',
    after: [...afterActOne, 'only-backends-publish'],
    async probe(scene) {
      const [first, second, third] = [topic(scene), topic(scene), topic(scene)]
      const ana = await waiter(scene, 'ana', first)
      const ben = await waiter(scene, 'ben', third)
      const message = scene.nonce()

      const longWinded = await backend(scene)
      longWinded.send(done(second, 'x'.repeat(TOO_LONG)))
      await longWinded.isClosed({ code: 1009 })

      const job = await runs(scene, 'the job', [
        done(first, message),
        done(second, 'x'.repeat(TOO_LONG)),
        done(third, message),
      ])
      for (const { ref } of [first, second, third])
        await job.prints(mentions(ref), { as: `a line about ${ref}` })
      await job.ends({ code: 1 })
      await hear([ana], first, message)
      await hear([ben], third, message)
      const short = await runs(scene, 'the next job', [done(first, message)])
      await short.ends({ code: 0 })
    },
    diagnoses: [
      {
        when: /Unexpected server response: (\d+)/,
        means: 'The backend client was not let in: its handshake was refused with $1.',
      },
      {
        when: /the job to end with exit code 1/,
        means: 'One envelope could not be delivered, and the person who started the job is not told.',
      },
      {
        means:
          'API Gateway closes the connection with 1009 on which a frame of more than 32 KB has come. The client has to notice, connect anew, and go on with the next envelope.',
      },
    ],
  },
  {
    id: 'page-hears',
    says: 'The page registers as soon as it can, and shows what it hears',
    hint: 'docs/notifications.md#before-it-is-open',
    after: afterActOne,
    needs: ['browser'],
    async probe(scene) {
      const about = topic(scene)
      const page = await opens(scene, about)
      await registered(page, about)

      const message = scene.nonce()
      await publishes(await backend(scene), about, message, 1)
      await page.shows(message)
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
      { means: 'The page opened, and no registration came from it.' },
    ],
  },
  {
    id: 'page-recovers',
    says: 'A page that loses its connection comes back, and registers again what it waits for',
    hint: 'docs/notifications.md#too-long-a-message',
    after: ['page-hears'],
    needs: ['browser'],
    async probe(scene) {
      const [about, other] = [topic(scene), topic(scene)]
      const page = await opens(scene, about)
      await registered(page, about)
      await page.opensSocket()

      scene.did('ana wrote 33,000 characters into the field "project" and pressed the button')
      await page.tab.fill('[name=project]', 'x'.repeat(TOO_LONG))
      await page.tab.fill('[name=ref]', other.ref)
      await page.tab.click('button')
      await page.losesSocket()
      await page.opensSocket({ within: COMING_BACK })
      await registered(page, about)

      const message = scene.nonce()
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
          'The page came back. What was too long the first time is too long every time: it is to be given up, and shown as given up.',
      },
    ],
  },
]

/** Opens the page that ships with the service, as somebody who waits for something. */
const opens = (scene: Scene, about: Topic): Promise<Page> => {
  const { merchant_id, ref, project, type } = waitingFor(about)
  return scene.page('ana', {
    file: 'clients/frontend.html',
    query: { url: scene.output('Url'), merchant_id, ref, project, type },
  })
}

async function registered(page: Page, { merchant_id, ref }: Topic): Promise<void> {
  const about = { merchant_id, ref }
  await page.hears({ registered: about }, { as: JSON.stringify({ registered: about }), within: COMING_BACK })
}

/** Starts the backend client with envelopes, as a job that has taken the role of a backend. */
async function runs(scene: Scene, name: string, envelopes: readonly unknown[]) {
  const { credentials, region } = await backendCredentials(scene)
  return scene.run(name, 'clients/backend.ts', {
    args: [scene.output('BackendUrl'), ...envelopes.map(one => JSON.stringify(one))],
    env: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
    },
  })
}

/** Lines of a program that are JSON come parsed. */
const mentions = (ref: string) => (line: unknown) => JSON.stringify(line).includes(ref)
