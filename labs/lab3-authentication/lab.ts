import type { Lab } from '#kit'
import { criteria } from '../../checks/lab3-authentication/criteria.ts'

/** A chat room with a pool of users at its side, which asks nobody who they are. */
export const lab3: Lab = {
  id: 'lab3-authentication',
  title: 'Authentication',
  about: 'A chat room lets anyone in, and believes whatever name stands in a message.',
  criteria,
  starterBreaks: ['no-token-no-entry', 'heard-under-their-own-name'],
  hints: {
    'the-signed-in-come-in': [
      'docs/authentication-hints.md#hint-1-what-the-status-says',
      'docs/authentication-hints.md#hint-2-where-the-token-is-and-what-is-answered',
      'docs/authentication-hints.md#hint-3-a-door-that-opens',
    ],
    'no-token-no-entry': [
      'docs/authentication-hints.md#hint-1-a-function-that-nobody-calls',
      'docs/authentication-hints.md#hint-2-an-authorizer-on-one-route',
      'docs/authentication-hints.md#hint-3-asking-for-the-token',
    ],
    'forged-tokens-stay-out': [
      'docs/authentication-hints.md#hint-1-who-can-write-a-token',
      'docs/authentication-hints.md#hint-2-the-pools-public-keys',
      'docs/authentication-hints.md#hint-3-a-verifier',
    ],
    'other-tokens-stay-out': [
      'docs/authentication-hints.md#hint-1-three-questions',
      'docs/authentication-hints.md#hint-2-what-your-verifier-is-told',
      'docs/authentication-hints.md#hint-3-pool-client-and-use',
    ],
    'heard-under-their-own-name': [
      'docs/authentication-hints.md#hint-1-who-writes-the-name',
      'docs/authentication-hints.md#hint-2-what-the-door-knows',
      'docs/authentication-hints.md#hint-3-from-the-authorizer-to-the-message',
    ],
    'a-browser-comes-in': [
      'docs/authentication-hints.md#hint-1-what-a-browser-tells',
      'docs/authentication-hints.md#hint-2-two-clients-and-one-door',
      'docs/authentication-hints.md#hint-3-the-token-and-nothing-else',
    ],
    'expired-tokens-stay-out': [
      'docs/authentication-hints.md#hint-1-what-time-is-it',
      'docs/authentication-hints.md#hint-2-the-claim-exp',
      'docs/authentication-hints.md#hint-3-no-leeway-for-hours',
    ],
    'every-instance-knows-them': [
      'docs/authentication-hints.md#hint-1-more-than-one-instance',
      'docs/authentication-hints.md#hint-2-what-a-variable-knows',
      'docs/authentication-hints.md#hint-3-a-row-for-each-and-a-name-from-the-gateway',
    ],
    'nothing-more': [
      'docs/permissions-hints.md#hint-1-whose-role-and-whose-table',
      'docs/permissions-hints.md#hint-2-from-a-star-to-a-name',
      'docs/permissions-hints.md#hint-3-grants-that-name-their-resource',
    ],
  },
  explanation: 'docs/authentication-hints.md#what-was-wrong',
  tries: {
    frames: ['{"action":"sendMessage","text":"hello"}'],
    query: 'token={idToken}',
  },
}
