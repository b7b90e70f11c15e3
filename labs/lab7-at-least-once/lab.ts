import type { Lab } from '#kit'
import { criteria } from '../../checks/lab7-at-least-once/criteria.ts'
import { lab6 } from '../lab6-graphql-subscriptions/lab.ts'

const hints = (...anchors: readonly string[]) =>
  anchors.map(anchor => `docs/at-least-once-hints.md#${anchor}`)

/** Messages that come twice, and messages that nobody can read. */
export const lab7: Lab = {
  id: 'lab7-at-least-once',
  title: 'At least once',
  about:
    'The newsroom of lab 6 works, until a message comes twice, or one comes that nobody can read. Then everybody hears it twice, or nobody hears anything.',
  criteria,
  starterBreaks: ['each-message-once', 'remembered-once', 'poison-is-put-aside'],
  hints: {
    'each-hears-their-own': hints(
      'hint-1-what-has-changed',
      'hint-2-a-round-that-ends-early',
      'hint-3-each-and-every-one',
    ),
    'history-is-told': hints('hint-1-where-it-lies', 'hint-2-in-order', 'hint-3-the-place'),
    'the-gone-are-forgotten': hints(
      'hint-1-a-failure-that-is-none',
      'hint-2-at-410',
      'hint-3-forgetting-all',
    ),
    'each-message-once': hints('hint-1-the-same-as-what', 'hint-2-who-has-seen-it', 'hint-3-a-condition'),
    'remembered-once': hints(
      'hint-1-two-places',
      'hint-2-a-place-that-is-decided-by-the-message',
      'hint-3-a-key',
    ),
    'once-however-late': hints('hint-1-for-how-long', 'hint-2-as-long-as-a-connection-lives', 'hint-3-a-day'),
    'poison-is-put-aside': hints(
      'hint-1-what-happens-to-the-others',
      'hint-2-three-things',
      'hint-3-a-queue-and-an-answer',
    ),
    'the-history-goes-on': hints('hint-1-two-queues', 'hint-2-two-functions', 'hint-3-the-same-for-both'),
    'somebody-is-called': hints('hint-1-what-grows', 'hint-2-and-then', 'hint-3-an-alarm'),
    'nothing-more': hints('hint-1-whose-and-what', 'hint-2-from-a-star-to-a-name', 'hint-3-two-actions'),
    'every-instance-serves-all': hints('hint-1-two-at-once', 'hint-2-one-step', 'hint-3-who-decides'),
  },
  explanation: 'docs/at-least-once-hints.md#what-was-wrong',
  // Its starter is lab 6, solved: clients say the same.
  tries: lab6.tries,
}
