import { awkward, type Criterion, notATextAtAll, type Scene, unexpectedMessages } from '#kit'
import { unanswered } from '../../answers.ts'
import { isGatewayError } from '../../gateway-error.ts'
import { forbidden, hungUp, throttled, unwell } from '../../meanings.ts'
import { withAccounts } from '../accounts.ts'
import { claimed, enters, everybodyHears, type Guest, inOrder, nobodyHearsMore } from '../room.ts'

/** Everybody speaks, claims to be somebody else in every way there is, and is heard under their own name. */
export const heardUnderTheirOwnName: Criterion = {
  id: 'heard-under-their-own-name',
  says: 'Everybody is heard under the name they signed in with, whatever their message says',
  hint: 'docs/authentication.md#who-said-it',
  after: ['the-signed-in-come-in'],
  probe: scene =>
    withAccounts(scene, async ({ signIn, newName }) => {
      const names = [newName(), newName(), newName()]
      // What a user says of themselves, in their profile, is no more than another claim.
      const claiming = (at: number) => ({ name: names[at]!, claims: names[(at + 1) % 3]! })
      const ana = await signIn('ana', claiming(0))
      const first = await enters(scene, ana)
      const alone = awkward({ short: true })
      await everybodyHears([first], { speaker: first, text: alone })

      const [ben, cyd] = await inOrder([signIn('ben', claiming(1)), signIn('cyd', claiming(2))])
      const [second, third, again] = (await inOrder([
        enters(scene, ben!),
        // A name beside the token, in the address, is no better than one in a message.
        enters(scene, cyd!, claimed(ana.name)),
        enters(scene, { ...ana, called: 'ana in another window' }),
      ])) as [Guest, Guest, Guest]
      const everybody = [first, second, third, again]
      const texts = everybody.map(() => awkward({ actions: ['sendMessage'] }))
      // Twice: who has spoken before, and who has not, and each of them once more.
      for (const round of [texts, texts.map(() => awkward({ actions: ['sendMessage'], short: true }))]) {
        await everybodyHears(
          everybody,
          { speaker: second, text: round[1]! },
          { speaker: third, text: round[2]! },
          { speaker: first, text: round[0]!, members: claimed(ben!.name) },
          { speaker: again, text: round[3]!, members: claimed(cyd!.name) },
        )
        texts.push(...round)
      }
      const claims = await claimsWithOddMembers(second, everybody)
      // Somebody who comes back is the same person still.
      await third.client.leave()
      const back = await enters(scene, cyd!, claimed(ben!.name))
      const last = awkward({ short: true })
      await everybodyHears([first, second, again, back], { speaker: back, text: last })

      await nothingElseComes(scene, back, [first, second, again], [alone, ...texts, ...claims, last])
    }),
  diagnoses: [
    throttled,
    forbidden,
    ...unwell,
    hungUp,
    {
      when: /^[\w ]+ heard \{"message":/,
      means: 'A client sent something that is no message of the room, and others were told of its failure.',
      where: { resource: 'AWS::Lambda::Function', named: /send/i },
    },
    {
      when: /^[\w ]+ heard \{.*"text":/,
      means: 'Something was heard that nobody said, or more than once.',
      where: { resource: 'AWS::Lambda::Function', named: /send/i },
    },
    {
      when: /the text that was sent is among it, but (it came back .*)/,
      means: 'A message was heard, but not as it was sent: $1.',
      where: { resource: 'AWS::Lambda::Function', named: /send/i },
    },
    {
      when: /^\{(?!"message": ?"|.*"from")/,
      means:
        'Something was heard, and no name came with it. The client said who it is at the handshake, and not in its message.',
      where: { resource: 'AWS::Lambda::Function', named: /send/i },
    },
    {
      when: /^\{.*"from"/,
      means: 'A message was heard under another name than that of the user who sent it.',
      where: { resource: 'AWS::Lambda::Function', named: /send/i },
    },
    ...unanswered,
  ],
}

/** Whatever stands where a name could stand, it is none. */
async function claimsWithOddMembers(speaker: Guest, everybody: readonly Guest[]): Promise<string[]> {
  const sayings = notATextAtAll
    .filter(({ value }) => value !== undefined)
    .map(({ value }) => ({ speaker, text: awkward({ short: true }), members: claimed(value) }))
  await everybodyHears(everybody, ...sayings)
  return sayings.map(({ text }) => text)
}

/** What has no text, and what API Gateway has no route for. */
const OF_ANOTHER_FORM: readonly string[] = [
  ...unexpectedMessages.map(({ text }) => text),
  ...notATextAtAll.map(({ value }) => JSON.stringify({ action: 'sendMessage', text: value })),
]
/** The texts that code may make of it. */
const TEXTS_OF_IT: ReadonlySet<unknown> = new Set([
  ...unexpectedMessages.map(({ text }) => text),
  ...[
    ...unexpectedMessages.map(({ text }) => parsed(text)),
    ...notATextAtAll.map(({ value }) => value),
  ].flatMap(value => [String(value), JSON.stringify(value)]),
])

/**
 * Nobody hears anything once more. And of what is no message of the room, the others hear no failure, and nothing under the name of
 * somebody else, and no text but what was sent, in whatever form; the client that sent it stays.
 */
async function nothingElseComes(
  scene: Scene,
  sender: Guest,
  others: readonly Guest[],
  texts: readonly string[],
): Promise<void> {
  scene.did('cyd sent what is no message of the room')
  for (const text of OF_ANOTHER_FORM) sender.client.send(text)
  const isWrong = (message: any) =>
    isGatewayError(message) ||
    (message?.from !== undefined &&
      (message.from !== sender.name || (typeof message.text === 'string' && !TEXTS_OF_IT.has(message.text))))
  await inOrder([
    nobodyHearsMore([...others, sender], texts),
    ...others.map(({ client }) => client.hearsNothing(isWrong, { as: WHAT_CYD_SENT })),
  ])
  await sender.client.isStillThere()
}

/** What others may not hear when somebody sends what is no message. */
const WHAT_CYD_SENT = 'a failure of what cyd sent, or another name with it'

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
