import type { Criterion } from '#kit'
import { refused } from '../../handshake.ts'
import { forbidden, throttled, unwell } from '../../meanings.ts'
import { isGone } from '../../rows.ts'
import { withAccounts } from '../accounts.ts'
import { comesIn, enters, haveRows, inOrder, stillThere } from '../room.ts'

/** People with all kinds of names come in, in two windows if they like, and again after they have left. */
export const theSignedInComeIn: Criterion = {
  id: 'the-signed-in-come-in',
  says: 'A user who has signed in can connect with ?token=, and is on the list until they leave',
  hint: 'docs/authentication.md#where-the-token-travels',
  probe: scene =>
    withAccounts(scene, async ({ signIn }) => {
      const [ana, ben, ...others] = await inOrder(
        ['ana', 'ben', 'cyd', 'dan', 'eve'].map(called => signIn(called)),
      )
      await comesIn(scene, ana!)
      const second = await comesIn(scene, ben!)
      // One user may be there twice, with one token.
      const again = await comesIn(scene, { ...ana!, called: 'ana in another window' })
      await inOrder(others.map(who => enters(scene, who)))
      const all = await haveRows(scene, 6, 'ana, who is there twice, ben, cyd, dan and eve')

      const left: string[] = []
      for (const who of [again, second]) {
        await who.client.leave()
        await isGone(scene, who)
        left.push(JSON.stringify(who.row))
        const others = all.filter(row => !left.includes(JSON.stringify(row)))
        await stillThere(scene, others, who.client.name)
      }
      await comesIn(scene, ben!)
    }),
  diagnoses: [
    {
      when: /^Cognito answered (\w+): (.+)/,
      means: "The check could not sign in with the stack's own pool and client. Two outputs name them.",
      hint: 'docs/authentication.md#signing-in',
      where: { resource: 'AWS::Cognito::UserPoolClient' },
    },
    throttled,
    forbidden,
    ...unwell,
    {
      when: /Error: Unauthorized\b/,
      means: 'The authorizer was called, and said Unauthorized to a valid token.',
      hint: 'docs/authentication.md#verifying-a-token',
      where: 'the-function-that-said-it',
    },
    {
      // Not a line in which a function only tells of a token that it did not like.
      when: /(?:^| logged: )(\w*(?:Error|Exception)): (.+)/,
      means: 'A function at the door failed: $2',
      hint: 'docs/authentication.md#failing-is-not-refusing',
      where: 'the-function-that-said-it',
    },
    {
      when: /refused with 401/,
      means:
        'Most often no function was asked: with 401 API Gateway says that the token is not where the authorizer expects it. The client sends it where a browser can, in the query.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /refused with 403/,
      means:
        'Somebody who has just signed in was turned away. Either the authorizer denied it, and should not, or it allowed something else than this stage and route.',
      hint: 'docs/authentication.md#what-an-authorizer-answers',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /refused with 500/,
      means:
        'The authorizer failed, or was not allowed to be asked, or did not answer with a policy as API Gateway wants it.',
      hint: 'docs/authentication.md#what-an-authorizer-answers',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /were gone when ben had left/,
      means: 'When one client leaves, others are taken off the list as well.',
      hint: 'docs/gone.md#who-keeps-the-list',
    },
    {
      when: /^ben closed \d+/,
      means:
        'The connection was closed, and the row is still there: nobody took it off the list, by the key under which it was written.',
      hint: 'docs/gone.md#who-keeps-the-list',
    },
    {
      when: /nothing of the kind/,
      means: 'The client was let in, but was not put on the list.',
      hint: 'docs/gone.md#who-keeps-the-list',
    },
    ...refused,
  ],
}
