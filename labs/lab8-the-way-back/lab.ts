import type { Lab } from '#kit'
import { criteria } from '../../checks/lab8-the-way-back/criteria.ts'

/** Functions that put together the address at which their clients are, and get it wrong in three ways. */
export const lab8: Lab = {
  id: 'lab8-the-way-back',
  title: 'The way back',
  about:
    'A counter takes orders, and what is ready never reaches those who ordered: its functions post to addresses that they have put together.',
  criteria,
  // Clients also come by a domain of our own. What is in a zone is not asked here.
  context: { domain: 'ws.example.com', zone: 'Z00000000000000000000' },
  starterBreaks: ['ready-arrives', 'whichever-door'],
  hints: {
    'orders-are-taken': [
      'docs/the-way-back-hints.md#hint-1-it-worked-before',
      'docs/the-way-back-hints.md#hint-2-the-host-the-stage-and-a-permission',
      'docs/the-way-back-hints.md#hint-3-one-address-from-the-stack',
    ],
    'ready-arrives': [
      'docs/the-way-back-hints.md#hint-1-print-the-address',
      'docs/the-way-back-hints.md#hint-2-two-addresses-of-one-stage',
      'docs/the-way-back-hints.md#hint-3-the-callback-url',
    ],
    'stages-never-mix': [
      'docs/the-way-back-hints.md#hint-1-who-knows-the-connection',
      'docs/the-way-back-hints.md#hint-2-each-stage-its-own',
      'docs/the-way-back-hints.md#hint-3-one-definition-twice',
    ],
    'whichever-door': [
      'docs/the-way-back-hints.md#hint-1-what-the-event-says',
      'docs/the-way-back-hints.md#hint-2-what-it-does-not-say',
      'docs/the-way-back-hints.md#hint-3-the-same-address-for-both',
    ],
    'every-door-every-stage': [
      'docs/the-way-back-hints.md#hint-1-one-name-two-stages',
      'docs/the-way-back-hints.md#hint-2-the-door-does-not-matter',
      'docs/the-way-back-hints.md#hint-3-not-the-domain',
    ],
    'nothing-more': [
      'docs/the-way-back-hints.md#hint-1-read-the-arn',
      'docs/the-way-back-hints.md#hint-2-a-stage-can-grant',
      'docs/the-way-back-hints.md#hint-3-two-grants-and-no-more',
    ],
    'every-instance-serves-all': [
      'docs/the-way-back-hints.md#hint-1-who-came-first',
      'docs/the-way-back-hints.md#hint-2-what-may-be-kept',
      'docs/the-way-back-hints.md#hint-3-from-the-environment',
    ],
  },
  explanation: 'docs/the-way-back.md#debrief',
  tries: {
    frames: ['{"action":"order","text":"two rolls"}'],
  },
}
