// A table: every fix of lab 2 by which its check is checked.
import type { Fixes } from '../fix.ts'

export const fixes: Fixes = {
  wrong: {
    'names-no-table': {
      refusedAt: 'door-opens',
      because:
        'The room works, but the output TableName is the id of a construct, and no table has that name.',
    },
    'moved-instead-of-added': {
      refusedAt: 'door-opens',
      because: 'The grant was taken from one function to be given to another.',
    },
    'nobody-takes-them-off': {
      refusedAt: 'leaving-takes-you-off-the-list',
      because: 'Without a $disconnect route nobody hears that somebody left.',
    },
    'clears-out-the-old': {
      refusedAt: 'leaving-takes-you-off-the-list',
      because: 'Whoever leaves takes off the list those who are still there.',
    },
    'first-act-only': {
      refusedAt: 'everybody-hears',
      because: 'The list can be read, but nobody on it can be told anything.',
    },
    'second-act-only': {
      refusedAt: 'everybody-hears',
      because: 'Everybody could be told, but who they are cannot be read.',
    },
    'other-function': {
      refusedAt: 'everybody-hears',
      because: 'Both grants are there, for a function that does not need them.',
    },
    'reads-one-row-only': {
      refusedAt: 'everybody-hears',
      because: 'Reading one row, or a query, is another action than the scan that the function does.',
    },
    'invoke-is-not-manage': {
      refusedAt: 'everybody-hears',
      because: 'execute-api:Invoke lets clients connect; it lets nobody post.',
    },
    'no-star-after-connections': {
      refusedAt: 'everybody-hears',
      because: 'The resource names the collection of connections, and no connection in it.',
    },
    'swallows-the-refusal': {
      refusedAt: 'everybody-hears',
      because: 'The refusal is caught and ignored: no error any more, and no message either.',
    },
    'swallows-the-second-refusal': {
      refusedAt: 'everybody-hears',
      because: 'Every failure to post is taken for somebody who has left.',
    },
    'talks-to-itself': {
      refusedAt: 'everybody-hears',
      because: 'It works for one client only: the one who speaks.',
    },
    'tells-the-others-only': {
      refusedAt: 'everybody-hears',
      because: 'The one who speaks is left out.',
    },
    'reads-the-list-once': {
      refusedAt: 'everybody-hears',
      because: 'The list is kept from one event to the next: who comes later is never on it.',
    },
    'says-something-else': {
      refusedAt: 'everybody-hears',
      because: 'Everybody hears something, whatever was said.',
    },
    'says-what-was-said-before': {
      refusedAt: 'everybody-hears',
      because: 'Everybody hears what was said the last time.',
    },
    'stops-at-the-gone': {
      refusedAt: 'the-gone-do-no-harm',
      because: 'The round ends, in silence, at the first who has left.',
    },
    'fails-at-the-gone': {
      refusedAt: 'the-gone-do-no-harm',
      because: 'GoneException is no longer caught: one who has left makes the function fail.',
    },
    'forgets-the-gone-without-leave': {
      refusedAt: 'the-gone-do-no-harm',
      because: 'It takes the gone off the list, which its role does not allow.',
    },
    'everything-allowed': {
      refusedAt: 'nothing-more',
      because: 'Every action on everything in the account.',
    },
    'connections-of-all-apis': {
      refusedAt: 'nothing-more',
      because: 'The right action, on the connections of every API.',
    },
    'full-access-to-the-table': {
      refusedAt: 'nothing-more',
      because: 'Every action on the table, dropping it included.',
    },
    'reads-every-table': {
      refusedAt: 'nothing-more',
      because: 'The right action, on every table.',
    },
    'managed-policies': {
      refusedAt: 'nothing-more',
      because: 'Two policies of AWS, which are made for all tables and all APIs.',
    },
  },
  right: {
    'grant-from-the-api': 'grantManageConnections of the API instead of the grant of its stage.',
    'explicit-statements': 'Two policy statements instead of grants.',
    'managed-policy-of-its-own': 'The same in a managed policy of the stack.',
    'one-role': 'One role for all three functions.',
    'all-but': 'Grants, and an explicit Deny for everything else besides.',
    'forgets-the-gone': 'The sending function takes the gone off the list, and is allowed to.',
    'l1-constructs': 'API, routes, stage and table as L1 constructs.',
    'query-by-room': 'A table with another key, and a query instead of a scan.',
    'other-names': 'Another class, other construct ids, one file with all three functions, another stage.',
    'one-after-the-other':
      'The list in reverse, one client after the other, with further messages and members.',
    'all-settled': 'Promise.allSettled, and a warning for failures other than GoneException.',
    'slow-start': 'New instances that take more than a second to start.',
  },
}
