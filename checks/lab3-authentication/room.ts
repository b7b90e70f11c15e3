import { type Client, type Scene, Unmet } from '#kit'
import { isAmong, type Row, rows } from '../rows.ts'
import type { SignedIn } from './accounts.ts'

/** Somebody who has come in under their name, and the row that they got. */
export interface Member {
  /** Their name in the pool. */
  readonly name: string
  readonly client: Client
  readonly row: Row
}

/** Comes in with the token of a sign-in, as a browser can: in the query. Waits for the row. */
export async function comesIn(
  scene: Scene,
  { name, idToken }: SignedIn,
  claims: Readonly<Record<string, string>> = {},
): Promise<Member> {
  const before = await rows(scene)
  const called = name.replace(/-.*/, '')
  const client = await scene.connect(called, { query: { token: idToken, ...claims } })
  const row = await scene.eventually(`a new row in the table, for ${called}`, async () =>
    (await rows(scene)).find(candidate => !isAmong(before, candidate)),
  )
  return { name, client, row }
}

/**
 * The statuses with which an authorizer refuses (facts: F6, F8, F9). Which of them is for its author to choose: 401 for
 * a token that is missing and for `Unauthorized`, 403 for a policy that denies.
 */
const REFUSALS: readonly number[] = [401, 403]

/** Knocks with a token that is not good, or with none. Holds if the door stays shut, and says so in the right way. */
export async function staysOut(scene: Scene, attempt: string, token?: string): Promise<void> {
  const before = await rows(scene)
  scene.did(`mallory ${attempt}`)
  const status = await scene.isRefused('mallory', token === undefined ? {} : { query: { token } })
  if (!REFUSALS.includes(status)) {
    throw new Unmet({
      expected: 'mallory to be refused with 401 or 403',
      observed: `mallory, who ${attempt}, was refused with ${status}`,
    })
  }
  if ((await rows(scene)).some(row => !isAmong(before, row))) {
    throw new Unmet({
      expected: 'nobody new in the table',
      observed: `mallory, who ${attempt}, was refused with ${status}, and has a row in the table`,
    })
  }
}
