import type { Criterion } from '#kit'
import { forgeries } from '../../tokens/forgeries.ts'
import { claimsOf } from '../../tokens/jwt.ts'
import { ownIssuer } from '../../tokens/own-issuer.ts'
import { poolKeys } from '../../tokens/pool-keys.ts'
import { withAccounts } from '../accounts.ts'
import { notRefused, stayOut } from '../door.ts'
import { enters, inOrder } from '../room.ts'

/** Forged tokens of every kind, in the name of somebody who is in already and of somebody new. */
export const forgedTokensStayOut: Criterion = {
  id: 'forged-tokens-stay-out',
  says: 'Nobody can connect with a token that the pool has not signed',
  hint: 'docs/authentication.md#decoding-is-not-verifying',
  after: ['the-signed-in-come-in', 'no-token-no-entry'],
  probe: scene =>
    withAccounts(scene, async ({ signIn, newName }) => {
      const [ana, ben] = await inOrder([signIn('ana'), signIn('ben')])
      // What a door remembers of those whom it let in proves nothing about the next who claims to be one of them.
      await enters(scene, ben!)
      const keys = await poolKeys(scene, claimsOf(ben!.idToken).iss)
      const issuer = await ownIssuer(scene)
      await stayOut(
        scene,
        forgeries({ own: ana!.idToken, anothers: ben!.idToken, newcomer: newName(), keys, issuer }),
      )
      // And the forger has not spoiled it for those who have a good one.
      await inOrder([enters(scene, ana!), enters(scene, ben!)])
    }),
  diagnoses: [
    {
      when: /(?:alg "none"|no alg|alg "n\w+") .*was answered with 101/i,
      means:
        'The authorizer believed a token that says that it is not signed. The verifier decides which algorithm a token must have.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /alg HS256.* was answered with 101/,
      means:
        'The authorizer believed a token that is signed with the public key as if it were a secret. Everybody has that key. The verifier decides which algorithm a token must have: RS256.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /alg \w+ and garbage for a signature, was answered with 101/,
      means: 'The authorizer believed a token without verifying its signature.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /\((?:jwk|jku|iss)\).* was answered with 101/,
      means:
        'The authorizer believed what a token says about its own key. The key must belong to the pool of the stack, which is known beforehand.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /was answered with 101/,
      means:
        'The authorizer believed a token that anybody could have written. The code read what it says, and did not check who signed it.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    ...notRefused,
  ],
}
