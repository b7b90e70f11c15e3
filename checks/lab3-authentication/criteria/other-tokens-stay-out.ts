import type { Criterion } from '#kit'
import { withAccounts } from '../accounts.ts'
import { notRefused, stayOut } from '../door.ts'
import { inOrder } from '../room.ts'

/** Genuine tokens that were made for another room, or for another purpose. */
export const otherTokensStayOut: Criterion = {
  id: 'other-tokens-stay-out',
  says: 'Nobody can connect with a token that is meant for somewhere else',
  hint: 'docs/authentication.md#for-whom-a-token-is-valid',
  after: ['the-signed-in-come-in', 'no-token-no-entry', 'forged-tokens-stay-out'],
  probe: scene =>
    withAccounts(scene, async ({ signIn, anotherClient, anotherPool, othersOfTheStack, newName }) => {
      const name = newName()
      const others = await othersOfTheStack()
      const [ana, otherwise, elsewhere] = await inOrder([
        // Somebody in another pool may have the name of somebody in this one.
        signIn('ana', { name }),
        anotherClient().then(at => signIn('mallory', { at })),
        anotherPool().then(at => signIn('mallory', { at, name })),
      ])
      const byOthers = await inOrder(others.map(at => signIn('mallory', { at })))
      await stayOut(scene, [
        { as: 'brought the id token of another pool', token: elsewhere!.idToken },
        { as: 'brought the access token of another pool', token: elsewhere!.accessToken },
        { as: 'brought an id token for another client of the pool', token: otherwise!.idToken },
        ...byOthers.map(({ idToken }) => ({
          as: 'brought an id token for a client of the pool that is not the one of UserPoolClientId',
          token: idToken,
        })),
        { as: "brought ana's access token instead of her id token", token: ana!.accessToken },
        { as: "brought ana's refresh token instead of her id token", token: ana!.refreshToken },
      ])
    }),
  diagnoses: [
    {
      when: /was answered with 101/,
      means:
        'The token is genuine, and was not made for this room. A signature says who signed; whether it was meant for here is in the claims.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    ...notRefused,
  ],
}
