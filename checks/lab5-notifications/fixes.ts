// A table: every fix of lab 5 by which its check is checked.
import type { Fixes } from '../fix.ts'

export const fixes: Fixes = {
  wrong: {
    'moved-the-permission': {
      refusedAt: 'who-waits-hears',
      because: 'Who registers may post now, and who publishes no longer may.',
    },
    'told-again-and-again': {
      refusedAt: 'everybody-waiting-hears',
      because: 'Who has been told stays on the list, and hears it again when the backend says it again.',
    },
    'knows-who-came-first': {
      refusedAt: 'everybody-waiting-hears',
      because: 'The list is read once and kept: whoever comes later is never told.',
    },
    'fails-at-what-it-is-sent': {
      refusedAt: 'bad-envelopes-are-answered',
      because:
        'A bad envelope makes the function fail: Internal server error, says API Gateway, as if it were ours.',
    },
    'bad-request': {
      refusedAt: 'bad-envelopes-are-answered',
      because: 'There is an error, and it does not say what is wrong.',
    },
    'stops-at-the-gone': {
      refusedAt: 'the-gone-are-forgotten',
      because:
        'The first who is gone ends the round, and any other failure is dropped: the two were swapped.',
    },
    'first-act-only': {
      refusedAt: 'nobody-else-hears',
      because: 'Everybody hears, of any merchant; and there is a second act.',
    },
    'joined-with-a-hash': {
      refusedAt: 'nobody-else-hears',
      because: 'Merchant and ref are joined by a sign that may stand in either of them.',
    },
    'door-left-open': {
      refusedAt: 'only-backends-publish',
      because: "All faults but one: the backends' door asks nobody who they are.",
    },
    'anything-that-looks-signed': {
      refusedAt: 'only-backends-publish',
      because: 'A signature is asked for, and nobody verifies it.',
    },
    'expires-in-milliseconds': {
      refusedAt: 'registrations-expire',
      because: 'DynamoDB counts in seconds.',
    },
    'one-table-for-both': {
      refusedAt: 'stages-are-apart',
      because: 'Both stages write on one list: dev finds the waiters of prod, and takes them off it.',
    },
    'any-backend': {
      refusedAt: 'stages-are-apart',
      because: "The role of dev's backends may invoke every API there is.",
    },
    'posts-everywhere': {
      refusedAt: 'stages-are-apart',
      because: 'The function of dev may post to whoever is connected to prod.',
    },
    'reads-the-whole-table': {
      refusedAt: 'nothing-more',
      because: 'The usual grant includes a scan.',
    },
    'gives-up-at-the-long-one': {
      refusedAt: 'backend-client-recovers',
      because: 'What comes after the message that was too long is never delivered.',
    },
    'catches-what-it-throws': {
      refusedAt: 'page-hears',
      because: 'The page no longer fails at sending too early, and does not send later either.',
    },
    'comes-back-in-silence': {
      refusedAt: 'page-recovers',
      because: 'The page connects anew, and takes itself for registered.',
    },
  },
  right: {
    'found-by-an-index': 'A key of its own for each row, and an index by merchant and ref.',
    'errors-are-posted': 'Answers and errors are posted to the connection instead of returned.',
    'one-after-the-other': 'A loop instead of twenty at a time.',
    'marked-not-deleted': 'Whoever has been told is marked, and expires with their row.',
    'l1-authorization':
      "IAM asked by the route's own property, and a permission for POST only, as a statement.",
    'more-in-the-messages': 'Further members in every message, and a message more.',
    'other-names': 'Other classes, construct ids and folders.',
  },
}
