import type { Lab } from '#kit'
import { criteria } from '../../checks/lab10-the-answer-nobody-hears/criteria.ts'

/** A shop that knows four ways to answer, and its customers hear none of them. */
export const lab10: Lab = {
  id: 'lab10-the-answer-nobody-hears',
  title: 'The answer that nobody hears',
  about: 'A shop answers in four ways. All of its functions end well, and its customers hear nothing.',
  criteria,
  starterBreaks: [
    'quotes-are-answered',
    'pings-are-answered',
    'orders-are-answered',
    'the-welcome-comes-first',
  ],
  hints: {
    'door-opens': [
      'docs/answers-hints.md#hint-1-connect-lets-clients-in',
      'docs/answers-hints.md#hint-2-what-connect-must-return',
      'docs/answers-hints.md#hint-3-a-connect-that-lets-in',
    ],
    'quotes-are-answered': [
      'docs/answers-hints.md#hint-1-where-a-returned-answer-goes',
      'docs/answers-hints.md#hint-2-a-route-has-two-directions',
      'docs/answers-hints.md#hint-3-a-route-response',
    ],
    'pings-are-answered': [
      'docs/answers-hints.md#hint-1-who-answers-a-ping',
      'docs/answers-hints.md#hint-2-two-responses-not-one',
      'docs/answers-hints.md#hint-3-an-integration-response',
    ],
    'orders-are-answered': [
      'docs/answers-hints.md#hint-1-the-function-ends-too-soon',
      'docs/answers-hints.md#hint-2-one-promise-is-lost',
      'docs/answers-hints.md#hint-3-waiting-for-the-post',
    ],
    'seen-stays-silent': [
      'docs/answers-hints.md#hint-1-no-answer-is-right-here',
      'docs/answers-hints.md#hint-2-one-way-is-enough',
      'docs/answers-hints.md#hint-3-a-one-way-route',
    ],
    'the-welcome-comes-first': [
      'docs/answers-hints.md#hint-1-what-happens-to-the-welcome',
      'docs/answers-hints.md#hint-2-somebody-else-has-to-say-it',
      'docs/answers-hints.md#hint-3-a-function-of-its-own',
    ],
    'each-hears-its-own-answers': [
      'docs/answers-hints.md#hint-1-count-what-comes',
      'docs/answers-hints.md#hint-2-one-answer-one-address',
      'docs/answers-hints.md#hint-3-what-belongs-to-one-request',
    ],
    'nothing-more': [
      'docs/permissions-hints.md#hint-1-whose-role-and-whose-table',
      'docs/permissions-hints.md#hint-2-from-a-star-to-a-name',
      'docs/permissions-hints.md#hint-3-grants-that-name-their-resource',
    ],
    'every-instance-serves-all': [
      'docs/answers-hints.md#hint-1-more-than-one-instance',
      'docs/answers-hints.md#hint-2-the-event-says-it-all',
      'docs/answers-hints.md#hint-3-nothing-outside-the-handler',
    ],
  },
  explanation: 'docs/answers-hints.md#what-was-wrong',
  tries: {
    frames: [
      '{"action":"quote","id":"1","text":"For Ada"}',
      '{"action":"order","id":"2","text":"For Ada"}',
      '{"action":"seen","id":"2"}',
      '{"action":"ping"}',
    ],
  },
}
