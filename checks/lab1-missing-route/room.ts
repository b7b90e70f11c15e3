import { type Client, type Diagnosis, howItCame, type Scene, Unmet } from '#kit'
import { unanswered } from '../answers.ts'
import { isGatewayError } from '../gateway-error.ts'
import { post } from '../management.ts'

/** The actions that the service has. */
export const ACTIONS = ['message', 'whoami'] as const

/** What it can mean when an answer does not come, or when something else comes. */
export const noAnswer: readonly Diagnosis[] = [
  {
    when: /(?:connection|it) was closed with \d+/,
    means:
      'The other side hung up. API Gateway does not close a connection because of a message that it cannot route. Your code asked it to.',
    hint: 'docs/routes.md#when-no-route-fits',
    where: { resource: 'AWS::Lambda::Function' },
  },
  ...unanswered,
]

/** What it means when the text comes back changed. The finding says how. */
export const textChanged: Diagnosis = {
  when: /the text that was sent is among it, but (it came back [^;]+)/,
  means: 'An answer came, but its text has changed: $1.',
  where: { resource: 'AWS::Lambda::Function' },
}

/** Asks for a client's own id. An error from API Gateway carries a `connectionId` too, but is no answer. */
export async function whoami(client: Client, besides: object = {}): Promise<string> {
  client.send({ action: 'whoami', ...besides })
  const answer = await client.hears(
    message => typeof message?.connectionId === 'string' && !isGatewayError(message),
    { as: 'its own id, as {"connectionId": …}' },
  )
  return answer.connectionId
}

/** Members that an answer, an event or its `requestContext` has: in a message they are words of the client, and no more. */
export const CLAIMS = {
  connectionId: 'nobody=',
  requestContext: { connectionId: 'nobody=', routeKey: 'message' },
  statusCode: 403,
  actions: ACTIONS,
}

/** Says a text, and hears it. */
export async function echoed(client: Client, text: string): Promise<void> {
  client.send({ action: 'message', text })
  await client.hears({ text })
}

/** Sends something that the service does not know, and is told what it knows. */
export async function isToldTheActions(client: Client, message: unknown, having: string): Promise<void> {
  client.send(message)
  await client.hears(theActions, { as: `which actions exist, having ${having}` })
}

/** Names both actions, in whatever words: each as a word of its texts, or both as members of one object. */
export function theActions(message: unknown): boolean {
  return ACTIONS.every(name => textsOf(message).some(text => wordOf(name).test(text))) || areMembers(message)
}

const wordOf = (name: string) => new RegExp(`\\b${name}\\b`)

function textsOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : valuesOf(value).flatMap(textsOf)
}

/** An object that describes each action under its name. */
function areMembers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return ACTIONS.every(name => Object.hasOwn(value, name)) || valuesOf(value).some(areMembers)
}

const valuesOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : []

/** A client hears its answer and no error. When that is certain, the function is free again, with whatever it kept. */
export const hearsNoError = (client: Client): Promise<void> =>
  client.hearsNothing(isGatewayError, { as: 'an error besides the answer' })

/** Whether a message holds one of these texts, faithfully or changed. */
export function holdsOneOf(message: unknown, texts: readonly string[]): boolean {
  const heard = JSON.stringify(message).toLowerCase()
  return texts.some(
    text => heard.includes(text.trim().slice(0, 8)) || howItCame([message], text) !== undefined,
  )
}

/** Somebody, and the id they were told. */
export interface Told {
  readonly client: Client
  readonly id: string
}

/** Every client is told an id of its own. Throws `Unmet`. */
export function allDiffer(told: readonly Told[]): void {
  for (const { client, id } of told) {
    const other = told.find(one => one.client !== client && one.id === id)
    if (!other) continue
    throw new Unmet({
      expected: 'every client to be told another id',
      observed: `${client.name} and ${other.client.name} were both told ${id}`,
    })
  }
}

/** A client is told the same id again. Throws `Unmet`. */
export function isTheSame({ client, id }: Told, again: string): void {
  if (again === id) return
  throw new Unmet({
    expected: `${client.name} to be told the same id each time, ${id}`,
    observed: `the same connection was told ${again} later`,
  })
}

/** Ids are true if what is posted to each reaches the one who was told it, and nobody else. Throws `Unmet`. */
export async function allLeadBack(scene: Scene, told: readonly Told[]): Promise<void> {
  const posts = told.map(one => ({ ...one, posted: scene.nonce() }))
  for (const { client, id, posted } of posts) {
    const refusal = await post(scene, id, JSON.stringify({ posted }))
    if (refusal) {
      throw new Unmet({
        expected: `a message posted to ${id} to reach ${client.name}, who was told that id`,
        observed: `${refusal}: under the id that ${client.name} was told there is nobody`,
      })
    }
    await client.hears({ posted }, { as: `what was posted to ${id}, the id it was told` })
  }
  const texts = posts.map(one => one.posted)
  await Promise.all(
    told.map(({ client }) =>
      client.hearsNothing(message => texts.includes(message?.posted), {
        as: "what was posted to another's id",
      }),
    ),
  )
}

/** Nobody hears the id that another client was told. Throws `Unmet`. */
export async function nobodyHearsAnothersId(told: readonly Told[]): Promise<void> {
  await Promise.all(
    told.map(({ client, id }) =>
      client.hearsNothing(message => told.some(one => one.id !== id && one.id === message?.connectionId), {
        as: "the answer to another's whoami",
      }),
    ),
  )
}
