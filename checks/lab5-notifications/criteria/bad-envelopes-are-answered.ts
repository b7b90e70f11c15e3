import { awkward, type Client, type Criterion, Unmet } from '#kit'
import { unanswered } from '../../answers.ts'
import { paced } from '../../pace.ts'
import { atTheLimit, type Bad, badFromBackends, badFromFrontends } from '../envelopes.ts'
import { notAllowed, whereItPublishes, whereItRegisters } from '../meanings.ts'
import { backend, hear, hearOfNothing, publishes, registers, topic, waiter } from '../people.ts'

/** The most characters of an error: a sentence. */
const LONGEST_ERROR = 300

/** Every rule of the envelopes is broken once, at both doors. Both clients stay, and can do what they could before. */
export const badEnvelopesAreAnswered: Criterion = {
  id: 'bad-envelopes-are-answered',
  says: 'A client that sends a bad envelope is told what is wrong with it, and stays connected',
  hint: 'docs/notifications.md#messages-that-make-no-sense',
  after: ['who-waits-hears'],
  async probe(scene) {
    const about = topic(scene)
    const witness = await waiter(scene, 'ben', about)
    const ana = await scene.connect('ana')
    await areTold(ana, badFromFrontends(about))
    const by = await backend(scene)
    await areTold(by, badFromBackends(about))
    await Promise.all([ana.isStillThere(), by.isStillThere()])
    await hearOfNothing([witness], 'a bad envelope')

    // The connections are good for what they were good for before, and a name may have 200 characters.
    for (const name of [about, ...atTheLimit(about)]) {
      await registers(ana, name)
      const message = awkward({ short: true })
      const waiters = name === about ? [ana, witness] : [ana]
      await publishes(by, name, message, waiters.length)
      await hear(waiters, name, message)
    }
  },
  diagnoses: [
    notAllowed,
    {
      when: /^the backend closed 1000/,
      means:
        'The backend that sent it was disconnected, without an answer. A client that reconnects by itself sends it again.',
      where: whereItPublishes,
    },
    {
      when: /closed with 1000/,
      means:
        'The client that sent it was disconnected, without an answer. A client that reconnects by itself sends it again.',
      where: whereItRegisters,
    },
    {
      when: /^\{"registered"/,
      means: 'An envelope that makes no sense was taken for one that does.',
      where: whereItRegisters,
    },
    {
      when: /^\{"delivered"|^ben heard/,
      means: 'An envelope that makes no sense was taken for one that does, and published.',
      where: whereItPublishes,
    },
    {
      when: /the same error as of (\w+)/,
      means:
        'There is an answer, and it is the same whatever is wrong. It does not tell which member is meant.',
    },
    {
      when: /\b(\w*(?:Error|Exception)): (.+)/,
      means: 'The function failed, and the client that made the mistake cannot know that: $2',
      where: 'the-function-that-said-it',
    },
    {
      when: /^the backend < \{"error"/,
      means: 'There is an answer, but it does not say what is wrong: it does not name the member, or JSON.',
      where: whereItPublishes,
    },
    {
      when: /\{"error"/,
      means: 'There is an answer, but it does not say what is wrong: it does not name the member, or JSON.',
      where: whereItRegisters,
    },
    ...unanswered,
  ],
}

/** Sends each of them, and waits for `{"error":"…"}` that names what is wrong, in a sentence of its own. Throws `Unmet`. */
async function areTold(client: Client, all: readonly Bad[]): Promise<void> {
  const saidOf = new Map<string, string>()
  for (const { message, names } of all) {
    client.send(message)
    const { error } = await paced(
      client.hears((answer: any) => isSentence(answer?.error) && (!names || namesIt(answer.error, names)), {
        as: names ? `{"error":"…${names}…"}` : '{"error":"…"}',
      }),
    )
    if (!names) continue
    const other = saidOf.get(error)
    if (other !== undefined && other !== names) {
      throw new Unmet({
        expected: `${client.name} to be told that ${names} is wrong`,
        observed: `the same error as of ${other}: ${JSON.stringify(error)}`,
      })
    }
    saidOf.set(error, names)
  }
}

const isSentence = (error: unknown): error is string =>
  typeof error === 'string' && error !== '' && error.length <= LONGEST_ERROR

/** As a word of its own: `ref` is part of "refused". */
const namesIt = (error: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(error)
