import { type ConnectOptions, type Diagnosis, type Scene, Unmet } from '#kit'
import { isAmong, type Row, rows } from '../rows.ts'
import { inOrder } from './room.ts'

/** Somebody knocks who must not come in. */
export interface Attempt {
  /** What they did, for a report: `brought no token`. It completes "mallory, who …". */
  readonly as: string
  readonly token?: string
  /** What they bring besides. */
  readonly besides?: ConnectOptions
}

/**
 * The statuses with which an authorizer refuses (facts: F6, F8, F9). Which of them is for its author to choose: 401 for
 * a token that is missing and for `Unauthorized`, 403 for a policy that denies.
 */
const REFUSALS: readonly number[] = [401, 403]

/** How many knock at the same time: fewer than any sensible stage lets in at once. */
const AT_ONCE = 6

/**
 * Knocks with each of these, with the first alone and then with several at a time. Holds if the door stays shut for all of them, and
 * says so in the right way.
 */
export async function stayOut(scene: Scene, attempts: readonly Attempt[]): Promise<void> {
  const before = await rows(scene)
  const [first, ...waiting] = attempts
  // A door that stands open shows at once.
  await isTurnedAway(scene, first!)
  const knocked: Promise<void>[] = []
  const knockOn = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const knock = isTurnedAway(scene, next)
      knocked[attempts.indexOf(next) - 1] = knock
      // What is wrong is told below, in the order of the list.
      await knock.catch(() => {})
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, knockOn))
  await inOrder(knocked)
  if (await someRow(scene, before)) await findWhose(scene, attempts)
}

/** Somebody who was refused got a row. Who it was shows when they come one by one. */
async function findWhose(scene: Scene, attempts: readonly Attempt[]): Promise<never> {
  const leavesARow = (as: string) =>
    new Unmet({
      expected: 'nobody new in the table',
      observed: `mallory, who ${as}, was refused, and has a row in the table`,
    })
  for (const attempt of attempts) {
    const before = await rows(scene)
    await isTurnedAway(scene, attempt)
    if (await someRow(scene, before)) throw leavesARow(attempt.as)
  }
  throw leavesARow(attempts.length === 1 ? attempts[0]!.as : 'knocked several times')
}

const someRow = async (scene: Scene, before: readonly Row[]): Promise<boolean> =>
  (await rows(scene)).some(row => !isAmong(before, row))

async function isTurnedAway(scene: Scene, { as, token, besides = {} }: Attempt): Promise<void> {
  const name = `mallory, who ${as},`
  const query = { ...besides.query, ...(token !== undefined && { token }) }
  const status = await knock(scene, name, { ...besides, query })
  if (REFUSALS.includes(status)) return
  throw new Unmet({
    expected: 'mallory to be refused with 401 or 403',
    observed: `${name} was refused with ${status}`,
  })
}

/** Fails as `scene.isRefused` does, but says who it is that was let in. */
async function knock(scene: Scene, name: string, options: ConnectOptions): Promise<number> {
  try {
    return await scene.isRefused(name, options)
  } catch (error) {
    if (!(error instanceof Unmet) || !error.observed.includes('101')) throw error
    throw new Unmet({
      expected: "mallory's handshake to be refused",
      observed: `${name} was answered with 101, and the connection is open`,
    })
  }
}

/** What it can mean that somebody was refused otherwise than by 401 or 403, or not at all. */
export const notRefused: readonly Diagnosis[] = [
  {
    when: /was refused with 500/,
    means:
      'The door stayed shut, but by an accident: 500 is what a client is told when the authorizer fails or does not answer with a policy. In the errors this looks like a broken room, not like a client that was turned away.',
    hint: 'docs/authentication.md#failing-is-not-refusing',
    where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
  },
  {
    when: /was refused with 502/,
    means:
      'The function that takes $connect failed. That keeps a client out, but it is no answer to who they are.',
    hint: 'docs/authentication.md#failing-is-not-refusing',
  },
  {
    when: /was refused with 429/,
    means:
      'The stage lets so few in at once that it answered 429 again and again, before anybody was asked who they are.',
    where: { resource: 'AWS::ApiGatewayV2::Stage' },
  },
  {
    when: /was refused with (?!401|403)(\d+)/,
    means: 'The door stayed shut, but $1 does not say why.',
    hint: 'docs/authentication.md#what-a-refusal-looks-like',
  },
  {
    when: /has a row in the table/,
    means:
      'The client was turned away only after it had been written on the list. Until the row is deleted, somebody who never came in counts among those who are there.',
    hint: 'docs/authentication.md#what-a-refusal-looks-like',
  },
]
