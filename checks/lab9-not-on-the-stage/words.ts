import { awkward, type Client, type Scene, shortened, Unmet } from '#kit'
import { isGatewayError } from '../gateway-error.ts'
import { post } from '../management.ts'
import { callbackUrlOf, type Stage } from './stages.ts'

/** What a release is told by: release 1 says a text back, release 2 says from whom it came as well. */
export type Release = 1 | 2

const ACTIONS = ['say', 'whoami', 'spell'] as const

/** Something that nobody has said before, and that only a faithful copy survives. */
export const aText = (): string => awkward({ actions: ACTIONS })

/** A client is told its own connection, and its stage. Answers with the id. */
export async function whoami(client: Client, stage: Stage): Promise<string> {
  client.send({ action: 'whoami' })
  const answer = await client.hears(
    message => typeof message?.connectionId === 'string' && !isGatewayError(message),
    { as: 'who it is, as {"connectionId": …, "stage": …}' },
  )
  if (answer.stage === stage) return answer.connectionId
  throw new Unmet({
    expected: `${client.name}, who is on ${stage}, to be told the stage ${stage}`,
    observed: JSON.stringify(answer),
  })
}

/** What is posted to the id reaches the client that was told the id. */
export async function leadsBack(scene: Scene, client: Client, id: string, stage: Stage): Promise<void> {
  const posted = scene.nonce()
  const expected = `${client.name} to be told the id of its own connection`
  const refusal = await post(scene, id, JSON.stringify({ posted }), callbackUrlOf(scene, stage))
  if (refusal)
    throw new Unmet({ expected, observed: `under the id that it was told there is nobody (${refusal})` })
  await client.hears({ posted }).catch(error => {
    if (!(error instanceof Unmet)) throw error
    throw new Unmet({ expected, observed: `under the id that it was told there is somebody else` })
  })
}

/** A client says a text, and hears it as the release answers. `id` is the client's connection. */
export async function says(client: Client, release: Release, id: string, text = aText()): Promise<void> {
  client.send({ action: 'say', text })
  const answer = await client.hears({ text })
  if (releaseOf(answer) !== release) throw otherRelease(client, release, answer)
  if (release === 2 && answer.from !== id)
    throw new Unmet({
      expected: `${client.name} to hear {"text": …, "from":"${id}"}`,
      observed: shown(answer),
    })
}

/** A client has a text spelt: joined, the letters are the text, and each is one letter at most. */
export async function spells(client: Client, text = aText()): Promise<void> {
  client.send({ action: 'spell', text })
  const { letters } = await client.hears(message => Array.isArray(message?.letters), {
    as: 'a text in its letters, as {"letters": […]}',
  })
  const isOne = (letter: unknown) => typeof letter === 'string' && [...graphemes.segment(letter)].length === 1
  if (letters.join('') === text && letters.every(isOne)) return
  throw new Unmet({
    expected: `${client.name} to hear the letters of ${shortened(JSON.stringify(text), 200)}, one by one`,
    observed: shown({ letters }),
  })
}

/** What a reader takes for one letter. Parts of one are letters as well. */
const graphemes = new Intl.Segmenter()

/** API Gateway has no route for what the client sends, and says so. */
export async function isForbidden(client: Client, action: string): Promise<void> {
  client.send({ action, text: aText() })
  await client.hears(message => isGatewayError(message) && message.message === 'Forbidden', {
    as: `Forbidden, because the release has no action ${action}`,
  })
}

/** Nobody hears anything besides their answers. Asked for all at once, so that they share one proof. */
export async function nothingElse(people: readonly Client[]): Promise<void> {
  await Promise.all(
    people.map(client => client.hearsNothing(() => true, { as: 'anything besides its answers' })),
  )
}

/** Waits until the stage of this client serves a release: after a deployment, AWS takes some seconds. */
export async function reached(scene: Scene, client: Client, release: Release): Promise<void> {
  let last: unknown = 'silence'
  try {
    await scene.eventually(`${client.name}'s stage to serve release ${release}`, async () => {
      const text = aText()
      client.send({ action: 'say', text })
      last = await client.hears(message => message?.text === text || isGatewayError(message), {
        as: 'an answer to say',
      })
      return releaseOf(last) === release || undefined
    })
  } catch (error) {
    if (!(error instanceof Unmet) || last === 'silence') throw error
    throw otherRelease(client, release, last)
  }
}

function otherRelease(client: Client, release: Release, answer: unknown): Unmet {
  const other = releaseOf(answer)
  return new Unmet({
    expected: `${client.name} to be answered by release ${release}`,
    observed: `${other ? `release ${other} answered: ` : ''}${shown(answer)}`,
  })
}

const releaseOf = (answer: any): Release | undefined =>
  typeof answer?.text !== 'string' ? undefined : answer.from === undefined ? 1 : 2

const shown = (answer: unknown): string => shortened(JSON.stringify(answer), 300)

/** A connection keeps its id. */
export function isTheSame(client: Client, before: string, now: string): void {
  if (before === now) return
  throw new Unmet({
    expected: `${client.name} to be told ${before} again`,
    observed: `it was told ${now}`,
  })
}
