import type { Lab } from '#kit'
import { criteria } from '../../checks/lab4-stale-connections/criteria.ts'

/** Hints for learners who have broken what the starter does right. */
const asItWas = [
  'docs/stale-connections-hints.md#hint-1-it-worked-before',
  'docs/stale-connections-hints.md#hint-2-who-does-what',
  'docs/stale-connections-hints.md#hint-3-the-grants-of-the-room',
]

const notes = [
  'docs/stale-connections-hints.md#hint-1-which-line-is-missing',
  'docs/stale-connections-hints.md#hint-2-before-anything-else',
  'docs/stale-connections-hints.md#hint-3-the-line-as-it-was',
]

/** A chat room that believes its own list. */
export const lab4: Lab = {
  id: 'lab4-stale-connections',
  title: 'Stale connections',
  about:
    'A chat room trusts $disconnect to keep its list true. It is not told of everybody who goes, and by Friday half the room hears nothing.',
  criteria,
  starterBreaks: ['the-gone-do-no-harm', 'rows-expire'],
  hints: {
    'door-opens': asItWas,
    'leaving-takes-you-off-the-list': asItWas,
    'everybody-hears': asItWas,
    'the-gone-do-no-harm': [
      'docs/stale-connections-hints.md#hint-1-where-the-round-ended',
      'docs/stale-connections-hints.md#hint-2-a-try-for-each-of-them',
      'docs/stale-connections-hints.md#hint-3-one-of-them-is-gone',
    ],
    'the-gone-are-forgotten': [
      'docs/stale-connections-hints.md#hint-1-who-knows-it-now',
      'docs/stale-connections-hints.md#hint-2-that-row-with-permission',
      'docs/stale-connections-hints.md#hint-3-deleting-a-row',
    ],
    'other-failures-are-no-goodbye': [
      'docs/stale-connections-hints.md#hint-1-slow-is-not-gone',
      'docs/stale-connections-hints.md#hint-2-three-things-at-once',
      'docs/stale-connections-hints.md#hint-3-noting-it-and-going-on',
    ],
    'rows-expire': [
      'docs/stale-connections-hints.md#hint-1-two-places',
      'docs/stale-connections-hints.md#hint-2-seconds-and-how-many',
      'docs/stale-connections-hints.md#hint-3-a-table-and-a-row',
    ],
    'comings-and-goings-are-noted': notes,
    'nothing-more': [
      'docs/permissions-hints.md#hint-1-whose-role-and-whose-table',
      'docs/permissions-hints.md#hint-2-from-a-star-to-a-name',
      'docs/stale-connections-hints.md#hint-3-the-grants-of-the-room',
    ],
    'the-list-is-read-to-its-end': [
      'docs/stale-connections-hints.md#hint-1-how-much-of-the-list',
      'docs/stale-connections-hints.md#hint-2-what-comes-with-the-answer',
      'docs/stale-connections-hints.md#hint-3-all-pages',
    ],
    'few-at-a-time': [
      'docs/stale-connections-hints.md#hint-1-what-waits-in-memory',
      'docs/stale-connections-hints.md#hint-2-a-number-of-your-own',
      'docs/stale-connections-hints.md#hint-3-twenty-workers',
    ],
    'the-idle-are-noted': notes,
    'expired-rows-go': [
      'docs/stale-connections-hints.md#hint-1-who-deletes-rows',
      'docs/stale-connections-hints.md#hint-2-leave-it-to-the-table',
      'docs/stale-connections-hints.md#hint-3-the-attribute-alone',
    ],
  },
  explanation: 'docs/stale-connections-hints.md#what-was-wrong',
  tries: {
    frames: ['{"action":"sendMessage","text":"hello"}'],
  },
}
