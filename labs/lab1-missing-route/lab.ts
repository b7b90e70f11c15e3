import type { Lab } from '#kit'
import { criteria } from '../../checks/lab1-missing-route/criteria.ts'

/** A service that does more than its clients can ask for. */
export const lab1: Lab = {
  id: 'lab1-missing-route',
  title: 'The missing route',
  about:
    'A service answers one question and says Forbidden to all others, and nobody has forbidden anything.',
  criteria,
  starterBreaks: ['whoami-is-true', 'anything-else-is-answered'],
  hints: {
    'door-opens': [
      'docs/handshake-hints.md#hint-1-the-starter-lets-everybody-in',
      'docs/handshake-hints.md#hint-2-stage-permission-function',
      'docs/handshake-hints.md#hint-3-the-door-as-it-was',
    ],
    'whoami-is-true': [
      'docs/routes-hints.md#hint-1-who-said-forbidden',
      'docs/routes-hints.md#hint-2-two-lists-to-compare',
      'docs/routes-hints.md#hint-3-a-route-for-an-action',
    ],
    'anything-else-is-answered': [
      'docs/routes-hints.md#hint-1-a-message-that-fits-nowhere',
      'docs/routes-hints.md#hint-2-the-route-that-takes-the-rest',
      'docs/routes-hints.md#hint-3-a-default-route',
    ],
    'message-comes-back': [
      'docs/routes-hints.md#hint-1-it-worked-before',
      'docs/routes-hints.md#hint-2-from-the-action-to-the-answer',
      'docs/routes-hints.md#hint-3-the-route-as-it-was',
    ],
    'connection-survives': [
      'docs/routes-hints.md#hint-1-who-hung-up',
      'docs/routes-hints.md#hint-2-an-answer-and-nothing-else',
      'docs/routes-hints.md#hint-3-a-default-that-only-answers',
    ],
    'comings-and-goings-are-noted': [
      'docs/routes-hints.md#hint-1-two-events-without-a-message',
      'docs/routes-hints.md#hint-2-an-option-each',
      'docs/routes-hints.md#hint-3-both-ends-of-a-connection',
    ],
    'every-instance-answers': [
      'docs/routes-hints.md#hint-1-more-than-one-of-you',
      'docs/routes-hints.md#hint-2-outside-the-handler',
      'docs/routes-hints.md#hint-3-from-this-event-alone',
    ],
    'nothing-more': [
      'docs/permissions-hints.md#hint-1-whose-role-and-whose-table',
      'docs/permissions-hints.md#hint-2-from-a-star-to-a-name',
      'docs/permissions-hints.md#hint-3-grants-that-name-their-resource',
    ],
  },
  explanation: 'docs/routes-hints.md#what-was-wrong',
  tries: {
    frames: ['{"action":"message","text":"hello"}', '{"action":"whoami"}', '{"action":"dance"}'],
  },
}
