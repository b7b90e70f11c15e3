import type { Lab } from '#kit'
import { criteria } from '../../checks/lab5-notifications/criteria.ts'

/** Hints for learners who have broken what the starter does right. */
const asItWas = [
  'docs/notifications-hints.md#hint-1-it-did-before',
  'docs/notifications-hints.md#hint-2-which-function-does-what',
  'docs/notifications-hints.md#hint-3-the-grants-of-the-service',
]

const recovery = [
  'docs/notifications-hints.md#hint-1-a-close-is-no-end',
  'docs/notifications-hints.md#hint-2-what-went-with-the-connection',
  'docs/notifications-hints.md#hint-3-losing-a-connection',
]

/** A service that tells pages what came of something, tried by one person with one tab. */
export const lab5: Lab = {
  id: 'lab5-notifications',
  title: 'Notifications',
  about:
    'A service tells pages that a report is done. It tells only the first page, and pages of other merchants, and anyone can make it tell them something.',
  criteria,
  starterBreaks: ['everybody-waiting-hears', 'bad-envelopes-are-answered'],
  hints: {
    'who-waits-hears': asItWas,
    'waits-for-several': asItWas,
    'everybody-waiting-hears': [
      'docs/notifications-hints.md#hint-1-how-many-the-backend-was-told-of',
      'docs/notifications-hints.md#hint-2-the-way-out-of-the-loop',
      'docs/notifications-hints.md#hint-3-counting-to-the-end',
    ],
    'bad-envelopes-are-answered': [
      'docs/notifications-hints.md#hint-1-who-closes-the-connection',
      'docs/notifications-hints.md#hint-2-the-answer-is-a-return-away',
      'docs/notifications-hints.md#hint-3-saying-what-is-wrong',
    ],
    'the-gone-are-forgotten': asItWas,
    'nobody-else-hears': [
      'docs/notifications-hints.md#hint-1-what-they-have-in-common',
      'docs/notifications-hints.md#hint-2-the-key-of-a-row',
      'docs/notifications-hints.md#hint-3-two-texts-in-one-key',
    ],
    'only-backends-publish': [
      'docs/notifications-hints.md#hint-1-a-door-without-a-lock',
      'docs/notifications-hints.md#hint-2-who-asks-and-when',
      'docs/notifications-hints.md#hint-3-asking-iam',
    ],
    'registrations-expire': [
      'docs/stale-connections-hints.md#hint-1-two-places',
      'docs/stale-connections-hints.md#hint-2-seconds-and-how-many',
      'docs/stale-connections-hints.md#hint-3-a-table-and-a-row',
    ],
    'stages-are-apart': asItWas,
    'nothing-more': [
      'docs/permissions-hints.md#hint-1-whose-role-and-whose-table',
      'docs/permissions-hints.md#hint-2-from-a-star-to-a-name',
      'docs/notifications-hints.md#hint-3-the-grants-of-the-service',
    ],
    'backend-client-recovers': recovery,
    'page-hears': [
      'docs/notifications-hints.md#hint-1-what-the-console-says',
      'docs/notifications-hints.md#hint-2-the-event-to-wait-for',
      'docs/notifications-hints.md#hint-3-when-it-is-open',
    ],
    'page-recovers': recovery,
    'every-instance-serves-all': [
      'docs/notifications-hints.md#hint-1-one-after-the-other-it-works',
      'docs/notifications-hints.md#hint-2-between-reading-and-writing',
      'docs/notifications-hints.md#hint-3-one-call-decides',
    ],
  },
  explanation: 'docs/notifications-hints.md#what-was-wrong',
  tries: {
    frames: [
      '{"merchant_id":"m1","client":"frontend","project":"reports","type":"report.Task","ref":"1042"}',
      '{"merchant_id":"m1","client":"backend","project":"reports","type":"report.Task","ref":"1042","status":"done","message":"42 pages"}',
    ],
  },
}
