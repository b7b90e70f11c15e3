import { awkward, type Client, type Criterion, notATextAtAll, Unmet, unexpectedMessages } from '#kit'
import { paced } from '../../pace.ts'
import { ACTIONS, hearsNoError, isToldTheActions, noAnswer, theActions } from '../room.ts'

export const anythingElseIsAnswered: Criterion = {
  id: 'anything-else-is-answered',
  says: 'Every other message is answered with the actions that exist',
  hint: 'docs/routes.md#when-no-route-fits',
  after: ['door-opens'],
  async probe({ connect, nonce }) {
    const ana = await connect('ana')
    const ben = await connect('ben')
    const cyd = await connect('cyd')
    const unknown = { action: nonce() }

    await isToldTheActions(ana, unknown, 'asked for one that does not')
    await hearsNoError(ana)
    await isToldTheActions(ben, `not JSON, ${nonce()}`, 'said what is not JSON')
    await hearsNoError(ben)
    await isToldTheActions(cyd, { text: nonce() }, 'named no action')
    await hearsNoError(cyd)

    // From here on ana, who spoke first, and dan, who comes last, only listen.
    const dan = await connect('dan')
    const before = countOf(ana)
    for (const [at, { as, message }] of [...others(nonce())].entries()) {
      await paced(isToldTheActions(at % 2 ? ben : cyd, message, `sent ${as}`))
    }
    await isToldTheActions(ben, unknown, 'asked for one that does not')
    await isToldTheActions(ben, unknown, 'asked for one that does not, twice')
    await Promise.all([ana, ben, cyd, dan].map(hearsNoError))
    heardNoMore(ana, before)
    heardNoMore(dan, 0)

    await ana.leave()
    const back = await connect('ana, who came back,')
    await isToldTheActions(back, unknown, 'asked for one that does not')
    await hearsNoError(back)
  },
  diagnoses: [
    {
      when: /heard what another was told/,
      means: 'An answer went to a client that had not asked. Post it to the connection of the event only.',
      hint: 'docs/routes.md#two-ways-to-answer',
    },
    ...noAnswer,
  ],
}

/** Names that every object in JavaScript knows: a table of answers must not take them for its own. */
const INHERITED = ['constructor', 'toString', '__proto__']

/** All kinds of messages that no route of an action fits. None names both actions: an echo of it is no answer. */
function* others(unknown: string): Iterable<{ readonly as: string; readonly message: unknown }> {
  for (const { as, text } of unexpectedMessages) yield { as, message: text }
  for (const { as, value } of notATextAtAll) {
    if (value !== undefined) yield { as: `an action that is ${as}`, message: { action: value } }
  }
  for (const action of [...INHERITED, 'WhoAmI', ' message ', awkward({ short: true })])
    yield { as: `the action ${JSON.stringify(action.slice(0, 20))}`, message: { action } }
  // API Gateway makes text of an action that is none: `[whoami]` is no route (facts: B4).
  for (const name of ACTIONS) yield { as: `a list with the action ${name}`, message: { action: [name] } }
  yield { as: 'whoami as a text', message: { action: unknown, text: awkward({ actions: ['whoami'] }) } }
  yield { as: 'whoami as another member', message: { type: 'whoami' } }
  yield { as: 'a text that is not JSON', message: awkward({ actions: ['message'] }) }
}

const countOf = ({ unheard }: Client): number => unheard.filter(isTold).length

function heardNoMore(client: Client, before: number): void {
  const told = client.unheard.filter(isTold)
  if (told.length <= before) return
  throw new Unmet({
    expected: `${client.name}, who had not asked, not to hear which actions exist`,
    observed: `${client.name} heard what another was told: ${told.at(-1)}`,
  })
}

function isTold(text: string): boolean {
  try {
    return theActions(JSON.parse(text))
  } catch {
    return theActions(text)
  }
}
