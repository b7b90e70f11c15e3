import type { Criterion } from '#kit'
import { type Attempt, notRefused, stayOut } from '../door.ts'

/** What some doors believe in the place of a token. */
const INSTEAD: readonly Attempt[] = [
  { as: 'brought no token' },
  { as: 'brought an empty token', token: '' },
  {
    as: 'brought no token, but a name in the headers',
    besides: {
      headers: Object.fromEntries(
        ['x-user', 'x-user-name', 'x-username', 'x-forwarded-user', 'x-amzn-oidc-identity'].map(header => [
          header,
          'ana',
        ]),
      ),
    },
  },
  {
    as: 'brought no token, but a name in the query',
    besides: { query: { name: 'ana', user: 'ana', username: 'ana', from: 'ana' } },
  },
  { as: 'brought no token, but a name in a cookie', besides: { headers: { cookie: 'user=ana; name=ana' } } },
  {
    as: 'brought no token, but a word in the Authorization header',
    besides: { headers: { authorization: 'Bearer ana' } },
  },
]

/** Nobody comes in who does not say who they are, or only says it. */
export const noTokenNoEntry: Criterion = {
  id: 'no-token-no-entry',
  says: 'Nobody can connect without a token',
  hint: 'docs/authentication.md#the-door',
  probe: scene => stayOut(scene, INSTEAD),
  diagnoses: [
    {
      when: /but .* was answered with 101/,
      means:
        'The service believed a name that came without a token. A client can write anything into headers, cookies and the query.',
      where: { resource: 'AWS::ApiGatewayV2::Authorizer' },
    },
    {
      when: /was answered with 101/,
      means: 'Nothing asked for a token: anyone who knows the address can connect.',
      where: { resource: 'AWS::ApiGatewayV2::Api' },
    },
    ...notRefused,
  ],
}
