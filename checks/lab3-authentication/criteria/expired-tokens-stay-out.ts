import type { Criterion, Scene } from '#kit'
import { refused } from '../../handshake.ts'
import { claimsOf } from '../../tokens/jwt.ts'
import { withAccounts } from '../accounts.ts'
import { notRefused, stayOut } from '../door.ts'
import { comesIn, enters, inOrder } from '../room.ts'

/** How much later than a token's end is late enough, in milliseconds: a minute's leeway for clocks that differ is usual. */
const WELL_PAST = 110_000

/** How often somebody knocks meanwhile, in milliseconds: often enough for the authorizer to keep the instance it runs in. */
const EVERY = 5 * 60_000

/** A token ends, also one that the door has let in before. */
export const expiredTokensStayOut: Criterion = {
  id: 'expired-tokens-stay-out',
  says: 'Nobody can connect with a token that has expired',
  hint: 'docs/authentication.md#when-a-token-ends',
  after: ['the-signed-in-come-in', 'no-token-no-entry', 'forged-tokens-stay-out'],
  // The pool alone can sign a token, and it signs none for less than five minutes.
  needs: ['clock'],
  probe: scene =>
    withAccounts(scene, async ({ signIn }) => {
      const [ana, ben] = await inOrder([signIn('ana'), signIn('ben')])
      const { client } = await enters(scene, ana!)
      await client.leave()
      const { iat, exp } = claimsOf(ana!.idToken)

      await timePasses(scene, (exp - iat) * 1000 + WELL_PAST)
      await stayOut(scene, [
        { as: "brought ana's token, which had let her in and then expired", token: ana!.idToken },
        { as: "brought ben's token, which had expired unused", token: ben!.idToken },
      ])

      // It is the token that is old: a user who signs in now comes in.
      await comesIn(scene, await signIn('cyd'))
    }),
  diagnoses: [
    {
      when: /had let her in and then expired, was answered with 101/,
      means:
        'A token that once was good is good for ever: nobody looks at when it ends, or only the first time that it is brought.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /was answered with 101/,
      means: 'A token that was valid once stays valid for ever: no code checks when it expires.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    ...notRefused,
    ...refused,
  ],
}

/** Time passes, and the instance that let somebody in stays, with whatever it remembers. */
async function timePasses(scene: Scene, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += EVERY) {
    scene.advanceClock(Math.min(EVERY, ms - passed))
    await stayOut(scene, [{ as: 'brought what is no token', token: scene.nonce() }])
  }
}
