import { setTimeout as pause } from 'node:timers/promises'
import { type Client, type Criterion, type Scene, Unmet } from '#kit'
import { notAnswered } from '../meanings.ts'
import { enter, type Stage } from '../stages.ts'

/** Messages a second of each action, and how many at once. */
const RATE = 20
/** A fourth of the rate, and ten times what a bucket holds: what lies between is not judged. */
const SLOWLY = { messages: 8, every: 200 }
const FLOOD = { clients: 2, messages: 100 }
const TOO_MANY = FLOOD.clients * FLOOD.messages
/** A stage that keeps the rate has let all of them through after that time: then nothing can be told. In milliseconds. */
const LET_THROUGH_AFTER = ((TOO_MANY - RATE) / RATE) * 1000
/** By then every bucket is full again, in milliseconds. */
const FULL_AGAIN = 1_200

const STAGES = ['live', 'preview'] as const
const ANSWERS = [
  ['say', /"text":/],
  ['whoami', /"stage":/],
] as const

/** A stage is to let 20 messages a second through, of each action. */
export const theRateIsKept: Criterion = {
  id: 'the-rate-is-kept',
  says: 'Each stage lets 20 messages of an action through in a second, and not ten times as many',
  hint: 'docs/stages.md#a-rate-and-a-burst',
  after: ['live-answers', 'preview-answers'],
  async probe(scene) {
    await Promise.all(STAGES.map(async stage => areAnswered(await enter(scene, stage, `ana on ${stage}`))))
    for (const stage of STAGES)
      for (const [action, answer] of ANSWERS) await areNotAllAnswered(scene, stage, action, answer)
    await pause(FULL_AGAIN)
  },
  diagnoses: [
    {
      when: /^all \d+ were let through/,
      means: 'Nothing stops a client that sends without end. Each of its messages calls a function.',
      where: { resource: 'AWS::ApiGatewayV2::Stage' },
    },
    ...notAnswered,
  ],
}

/** What comes slowly is let through. */
async function areAnswered(client: Client): Promise<void> {
  for (let sent = 0; sent < SLOWLY.messages; sent++) {
    const text = `number ${sent}`
    client.send({ action: 'say', text })
    await Promise.all([client.hears({ text }), pause(SLOWLY.every)])
  }
}

/**
 * Of what comes all at once, some is turned away. How API Gateway says so is not judged: AWS does not document it
 * (facts: G10). Two clients send, for none of them is read from faster than it is answered.
 */
async function areNotAllAnswered(scene: Scene, stage: Stage, action: string, answer: RegExp): Promise<void> {
  const names = Array.from({ length: FLOOD.clients }, (_, at) => `one of a flood on ${stage}, ${at + 1},`)
  const flood = await Promise.all(names.map(name => enter(scene, stage, name)))
  const messages = Array.from({ length: FLOOD.messages }, (_, at) => ({ action, text: `number ${at}` }))
  const started = Date.now()
  for (const client of flood) client.sendAll(messages)
  const heard = await allThatComes(flood)
  const took = Date.now() - started
  // Those have passed the throttle, and came to nothing behind it.
  const failed = heard.filter(text => text.includes('"Internal server error"')).length
  if (heard.filter(text => answer.test(text)).length + failed < TOO_MANY) return
  if (took > LET_THROUGH_AFTER)
    throw new Error(`The answers took ${took} ms: in that time they are not too many.`)
  throw new Unmet({
    expected: `some of ${TOO_MANY} messages ${action}, sent to ${stage} at once, to be turned away`,
    observed: `all ${TOO_MANY} were let through`,
  })
}

/** Waits until nothing more comes. After an error frame a scene does not wait for long: so it is asked again and again. */
async function allThatComes(people: readonly Client[]): Promise<string[]> {
  const heard = () => people.flatMap(client => client.unheard)
  for (let before = -1; before < heard().length; ) {
    before = heard().length
    await Promise.all(people.map(client => client.hearsNothing(() => false)))
  }
  return heard()
}
