import type { Page, Program, Scene } from '#kit'
import { backendCredentials, type Topic, waitingFor } from './people.ts'

/** Longer than the 32 KB which a frame may have, in bytes, and not in characters (facts: G3, G4). */
export const TOO_LONG = 'ü'.repeat(17_000)

/** How long a page may take to come back, in milliseconds: it waits a little before it connects anew. */
export const COMING_BACK = 5_000

/** A message that a page must show as text. It is one line with single blanks, as HTML shows no others. */
export const shown = (scene: Scene): string => `${scene.nonce()} <b>42</b> &amp; "Größe" %41 $& 👩‍🚀 ende`

/** Opens the page that ships with the service, as somebody who waits for something. */
export const opens = (scene: Scene, about: Topic): Promise<Page> => {
  const { merchant_id, ref, project, type } = waitingFor(about)
  return scene.page('ana', {
    file: 'clients/frontend.html',
    query: { url: scene.output('Url'), merchant_id, ref, project, type },
  })
}

/** Waits until the page has heard that what it waits for is written down. */
export async function registeredBy(page: Page, { merchant_id, ref }: Topic): Promise<void> {
  const about = { merchant_id, ref }
  await page.hears({ registered: about }, { as: JSON.stringify({ registered: about }), within: COMING_BACK })
}

/** Writes into the page's form, and presses its button. */
export async function asksFor(
  scene: Scene,
  page: Page,
  fields: Readonly<Record<'project' | 'type' | 'ref', string>>,
  as: string,
): Promise<void> {
  scene.did(`ana wrote ${as} and pressed the button`)
  for (const [name, text] of Object.entries(fields)) await page.tab.fill(`[name=${name}]`, text)
  await page.tab.click('button')
}

/** Starts the backend client with envelopes, as a job that has taken the role of a backend. */
export async function runs(scene: Scene, name: string, envelopes: readonly unknown[]): Promise<Program> {
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
