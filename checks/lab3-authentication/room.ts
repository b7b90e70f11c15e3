import { type Client, type Scene, Unmet } from '#kit'
import { isAmong, type Row, rows } from '../rows.ts'
import type { SignedIn } from './accounts.ts'

/** Somebody who is in the room under their name. */
export interface Guest {
  /** Their name in the pool. */
  readonly name: string
  readonly client: Client
}

/** Somebody who has come in alone, so that it is known which row is theirs. */
export interface Member extends Guest {
  readonly row: Row
}

/** Members by which a message, or a query, may claim a name. */
export const claimed = <T>(name: T): Readonly<Record<string, T>> =>
  Object.fromEntries(
    [
      'name',
      'from',
      'user',
      'username',
      'userName',
      'sender',
      'author',
      'nickname',
      'sub',
      'principalId',
      'cognito:username',
      'preferred_username',
    ].map(member => [member, name]),
  )

/** Connects with the token of a sign-in, as a browser can: in the query. Does not wait for the row, so that several can come at once. */
export async function enters(
  scene: Scene,
  { name, called, idToken }: SignedIn,
  claims: Readonly<Record<string, string>> = {},
): Promise<Guest> {
  return { name, client: await scene.connect(called, { query: { token: idToken, ...claims } }) }
}

/** The same, and waits for the row. Nobody else may come in meanwhile. */
export async function comesIn(scene: Scene, who: SignedIn): Promise<Member> {
  const before = await rows(scene)
  const guest = await enters(scene, who)
  const row = await scene.eventually(`a new row in the table, for ${who.called}`, async () =>
    (await rows(scene)).find(candidate => !isAmong(before, candidate)),
  )
  return { ...guest, row }
}

/** Waits until there are as many rows as clients, one for each. */
export async function haveRows(scene: Scene, count: number, of: string): Promise<Row[]> {
  const ask = async () => {
    const found = await rows(scene)
    return found.length === count ? found : undefined
  }
  return scene.eventually(`${count} rows in the table, one for each of ${of}`, ask, { stays: true })
}

/** What somebody says, and whatever else stands in their message. */
export interface Saying {
  readonly speaker: Guest
  readonly text: string
  readonly members?: Readonly<Record<string, unknown>>
}

/** Each of these things is said, all at once, and everybody hears each of them from the one who said it. */
export async function everybodyHears(everybody: readonly Guest[], ...sayings: Saying[]): Promise<void> {
  for (const { speaker, text, members } of sayings) {
    speaker.client.send({ ...members, action: 'sendMessage', text })
  }
  await inOrder(
    everybody.flatMap(({ client }) =>
      sayings.map(({ speaker, text }) => client.hears({ from: speaker.name, text })),
    ),
  )
}

/** Waits for all of them, and fails as the first in their order does: then a report is the same each time. */
export async function inOrder<T>(tasks: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(tasks)
  const results: T[] = []
  for (const task of tasks) results.push(await task)
  return results
}

/** Nobody hears any of this any more: neither once more, nor under another name. */
export async function nobodyHearsMore(everybody: readonly Guest[], texts: readonly string[]): Promise<void> {
  await inOrder(
    everybody.map(({ client }) =>
      client.hearsNothing(message => texts.includes(message?.text), { as: 'the same text once more' }),
    ),
  )
}

/** Fails when somebody who should be there is not in the table any more. */
export async function stillThere(scene: Scene, expected: readonly Row[], whoLeft: string): Promise<void> {
  const now = await rows(scene)
  const missing = expected.filter(row => !isAmong(now, row))
  if (missing.length === 0) return
  throw new Unmet({
    expected: 'the rows of those who are still there to stay in the table',
    observed: `${missing.length} of ${expected.length} were gone when ${whoLeft} had left`,
  })
}
