import { awkward, type Criterion } from '#kit'
import { unanswered } from '../../answers.ts'
import { forbidden, hungUp, throttled, unwell } from '../../meanings.ts'
import { rows } from '../../rows.ts'
import { claimsOf } from '../../tokens/jwt.ts'
import { withAccounts } from '../accounts.ts'
import { stayOut } from '../door.ts'
import { enters, everybodyHears, haveRows, inOrder, nobodyHearsMore } from '../room.ts'

/** Consecutive events go to different instances of a function, and two who come at once are both there. */
export const everyInstanceKnowsThem: Criterion = {
  id: 'every-instance-knows-them',
  says: 'Who is connected, and under which name, does not depend on the instance of a function',
  hint: 'docs/authentication.md#instances-share-no-memory',
  after: ['the-signed-in-come-in', 'heard-under-their-own-name'],
  probe: scene =>
    withAccounts(scene, async ({ signIn }) => {
      const [ana, ben, cyd, one] = await inOrder(
        ['ana', 'ben', 'cyd', 'one of the crowd'].map(called => signIn(called)),
      )
      await scene.spread(
        async together => {
          const before = (await rows(scene)).length
          const [first, second] = await together(
            () => enters(scene, ana!),
            () => enters(scene, ben!),
          )
          const third = await enters(scene, cyd!)
          const everybody = [first!, second!, third]
          await haveRows(scene, before + 3, 'ana, ben and cyd, who are all there now')
          const texts: string[] = []
          const says = (speaker: (typeof everybody)[number]) => {
            const text = awkward({ short: true })
            texts.push(text)
            return everybodyHears(everybody, { speaker, text })
          }
          for (const speaker of everybody) await says(speaker)
          // A forged token is refused by each instance, whichever has let ben in.
          const [header, claims] = ben!.idToken.split('.')
          const token = `${header}.${claims}.${ana!.idToken.split('.')[2]}`
          const as = "brought ben's claims under ana's signature"
          await stayOut(scene, [
            { as, token },
            { as: `${as} again`, token },
            { as: `${as} once more`, token },
          ])
          await together(
            () => says(second!),
            () => says(third),
          )
          await together(
            () => first!.client.leave(),
            () => second!.client.leave(),
          )
          await haveRows(scene, before + 1, 'those who are still there: ana and ben have left')
          const last = awkward({ short: true })
          await everybodyHears([third], { speaker: third, text: last })
          await nobodyHearsMore([third], [...texts, last])
        },
        {
          size: 10,
          enter: async called => (await enters(scene, { ...one!, called })).client,
          says: { action: 'sendMessage', text: `murmur ${claimsOf(one!.idToken).sub}` },
        },
      )
    }),
  diagnoses: [
    throttled,
    forbidden,
    ...unwell,
    hungUp,
    {
      when: /was answered with 101/,
      means: 'One instance of the authorizer refused a forged token, and another one believed it.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /nothing of the kind/,
      means:
        'Two came or left at once, and the list is wrong: one of them wrote over what the other had written.',
      where: { resource: 'AWS::Lambda::Function', named: /connect/i },
    },
    {
      when: /^\{(?!"message": ?"|.*"from")/,
      means:
        'With one instance everybody had a name; with several, somebody has none. What a function keeps in a variable, only that instance knows.',
      where: { resource: 'AWS::Lambda::Function', named: /send/i },
    },
    {
      when: /^\{.*"from"/,
      means:
        'With one instance everybody had their own name; with several, somebody was heard under that of another. What a function keeps in a variable, only that instance knows.',
      where: { resource: 'AWS::Lambda::Function', named: /send/i },
    },
    {
      when: /silence/,
      means:
        'With one instance everybody heard everything; with several, somebody hears nothing. What a function keeps in a variable, only that instance knows.',
      where: { resource: 'AWS::Lambda::Function', named: /send/i },
    },
    ...unanswered,
  ],
}
