// A table: every fix of lab 4 by which its check is checked.
import type { Fixes } from '../fix.ts'

export const fixes: Fixes = {
  wrong: {
    'moved-instead-of-added': {
      refusedAt: 'door-opens',
      because:
        'The function that writes the rows is allowed to update them, and no longer to put them there.',
    },
    'leaves-it-to-time-to-live': {
      refusedAt: 'leaving-takes-you-off-the-list',
      because: 'Rows expire, so nobody is taken off the list when they leave.',
    },
    'says-it-again-to-be-sure': {
      refusedAt: 'everybody-hears',
      because: 'Everybody is told everything twice.',
    },
    'stops-at-the-gone': {
      refusedAt: 'the-gone-do-no-harm',
      because: 'The row is deleted, and the round ends there, in silence.',
    },
    'promises-all': {
      refusedAt: 'the-gone-do-no-harm',
      because: 'Promise.all does not wait for the others once one of them has failed.',
    },
    'settled-and-forgotten': {
      refusedAt: 'the-gone-are-forgotten',
      because: 'Everybody hears, and nobody is ever taken off the list.',
    },
    'forgets-without-leave': {
      refusedAt: 'the-gone-are-forgotten',
      because: 'The gone are to be taken off the list by a function that may not do so.',
    },
    'clears-the-list-after-a-410': {
      refusedAt: 'the-gone-are-forgotten',
      because: 'One of them is gone, and everybody is taken off the list.',
    },
    'any-failure-is-a-goodbye': {
      refusedAt: 'other-failures-are-no-goodbye',
      because: 'Whoever is slow to read is taken for gone, and taken off the list.',
    },
    'swallows-everything-else': {
      refusedAt: 'other-failures-are-no-goodbye',
      because: 'Any other failure is caught and dropped.',
    },
    'fails-at-the-slow': {
      refusedAt: 'other-failures-are-no-goodbye',
      because: 'The round ends at the first failure that is not 410.',
    },
    'blames-the-speaker': {
      refusedAt: 'other-failures-are-no-goodbye',
      because: 'Everybody else has heard, and the one who spoke is told that it failed.',
    },
    'expires-in-milliseconds': {
      refusedAt: 'rows-expire',
      because: 'Time to live is counted in seconds: these rows expire in more than fifty thousand years.',
    },
    'expires-in-words': {
      refusedAt: 'rows-expire',
      because: 'The attribute holds a date in words, and DynamoDB looks for a number.',
    },
    'nobody-looks-when-it-expires': {
      refusedAt: 'rows-expire',
      because: 'Every row says when it expires, and the table was not told to look.',
    },
    'expires-after-ten-minutes': {
      refusedAt: 'rows-expire',
      because: 'Ten idle minutes end a connection; a busy one lives for two hours.',
    },
    'expires-in-a-year': {
      refusedAt: 'rows-expire',
      because: 'The rows expire, long after anybody has any use for that.',
    },
    'notes-that-it-ended-not-how': {
      refusedAt: 'comings-and-goings-are-noted',
      because: 'That somebody went is noted, without the code and the reason.',
    },
    'everything-allowed': {
      refusedAt: 'nothing-more',
      because: 'Every action on everything in the account.',
    },
    'first-page-only': {
      refusedAt: 'the-list-is-read-to-its-end',
      because: 'Whoever is not in the first megabyte of the list hears nothing.',
    },
    'every-page-from-the-beginning': {
      refusedAt: 'the-list-is-read-to-its-end',
      because: 'With each page everybody on the pages before is told again.',
    },
    'all-at-once': {
      refusedAt: 'few-at-a-time',
      because: 'As many posts are under way as there are rows on the list.',
    },
    'idling-is-no-news': {
      refusedAt: 'the-idle-are-noted',
      because: 'It is noted when a client ends the connection, but not when API Gateway does.',
    },
    'whoever-leaves-sweeps': {
      refusedAt: 'expired-rows-go',
      because: 'Rows are deleted when they are ten minutes old, whether or not anybody is still there.',
    },
  },
  right: {
    'batch-after-batch':
      'Pages read by hand, fifty posts at a time, Promise.allSettled, a warning for failures.',
    'sixteen-segments': 'A scan in sixteen segments, and in each of them one client after the other.',
    'query-by-room':
      'A table with another key, a query instead of a scan, and rows that expire to the second.',
    'index-of-the-room': 'Ids as part of a key, and a query on an index that holds nothing but keys.',
    'forgets-them-by-the-batch':
      'The gone are collected, and deleted 25 at a time when everybody has been told.',
    'l1-constructs': 'API, routes, stage and table as L1 constructs.',
    'other-names':
      'Another class, one file with all functions, other attributes, low-level clients, ten posts at a time over pages of fifty.',
  },
}
