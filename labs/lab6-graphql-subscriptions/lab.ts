import type { Lab } from '#kit'
import { criteria } from '../../checks/lab6-graphql-subscriptions/criteria.ts'

/** Subscriptions that reach nobody, and then everybody. */
export const lab6: Lab = {
  id: 'lab6-graphql-subscriptions',
  title: 'GraphQL subscriptions',
  about:
    'Messages travel by SNS and SQS to the clients that subscribed to them, in GraphQL. Browsers are turned away at the door, and that is only the first act.',
  criteria,
  starterBreaks: ['protocols-are-agreed-on'],
  hints: {
    'protocols-are-agreed-on': [
      'docs/graphql-subscriptions-hints.md#hint-1-what-did-it-offer',
      'docs/graphql-subscriptions-hints.md#hint-2-what-connect-returns',
      'docs/graphql-subscriptions-hints.md#hint-3-the-header',
    ],
    'the-protocol-is-kept': [
      'docs/graphql-subscriptions-hints.md#hint-1-before-the-acknowledgement',
      'docs/graphql-subscriptions-hints.md#hint-2-it-can-only-be-ended',
      'docs/graphql-subscriptions-hints.md#hint-3-hanging-up',
    ],
    'messages-arrive': [
      'docs/graphql-subscriptions-hints.md#hint-1-how-far-did-it-come',
      'docs/graphql-subscriptions-hints.md#hint-2-two-that-may-not',
      'docs/graphql-subscriptions-hints.md#hint-3-a-policy-and-a-grant',
    ],
    'each-hears-their-own': [
      'docs/graphql-subscriptions-hints.md#hint-1-by-what-they-are-told-apart',
      'docs/graphql-subscriptions-hints.md#hint-2-a-key-of-all-that-matters',
      'docs/graphql-subscriptions-hints.md#hint-3-as-it-was',
    ],
    'rooms-are-apart': [
      'docs/graphql-subscriptions-hints.md#hint-1-nearly-the-same-name',
      'docs/graphql-subscriptions-hints.md#hint-2-what-is-compared',
      'docs/graphql-subscriptions-hints.md#hint-3-equal-and-nothing-else',
    ],
    'unsubscribing-stops-it': [
      'docs/graphql-subscriptions-hints.md#hint-1-two-names',
      'docs/graphql-subscriptions-hints.md#hint-2-that-one-only',
      'docs/graphql-subscriptions-hints.md#hint-3-forgetting-it',
    ],
    'errors-are-frames': [
      'docs/graphql-subscriptions-hints.md#hint-1-when-it-is-known',
      'docs/graphql-subscriptions-hints.md#hint-2-a-list-and-the-end-of-it',
      'docs/graphql-subscriptions-hints.md#hint-3-understood-or-not',
    ],
    'the-older-protocol': [
      'docs/graphql-subscriptions-hints.md#hint-1-who-knows-it',
      'docs/graphql-subscriptions-hints.md#hint-2-it-goes-with-the-subscription',
      'docs/graphql-subscriptions-hints.md#hint-3-by-name',
    ],
    'in-a-browser': [
      'docs/graphql-subscriptions-hints.md#hint-1-the-very-text',
      'docs/graphql-subscriptions-hints.md#hint-2-around-the-comma',
      'docs/graphql-subscriptions-hints.md#hint-3-trimmed',
    ],
    'history-is-told': [
      'docs/graphql-subscriptions-hints.md#hint-1-the-same-topic',
      'docs/graphql-subscriptions-hints.md#hint-2-which-end',
      'docs/graphql-subscriptions-hints.md#hint-3-the-latest-at-the-end',
    ],
    'the-gone-are-forgotten': [
      'docs/graphql-subscriptions-hints.md#hint-1-two-occasions',
      'docs/graphql-subscriptions-hints.md#hint-2-everything-of-theirs',
      'docs/graphql-subscriptions-hints.md#hint-3-at-410',
    ],
    'nothing-more': [
      'docs/graphql-subscriptions-hints.md#hint-1-whose-and-what',
      'docs/graphql-subscriptions-hints.md#hint-2-from-a-star-to-a-name',
      'docs/graphql-subscriptions-hints.md#hint-3-the-condition',
    ],
    'every-instance-serves-all': [
      'docs/graphql-subscriptions-hints.md#hint-1-another-instance',
      'docs/graphql-subscriptions-hints.md#hint-2-a-row-for-each',
      'docs/graphql-subscriptions-hints.md#hint-3-one-write',
    ],
  },
  explanation: 'docs/graphql-subscriptions-hints.md#what-was-wrong',
  tries: {
    frames: [
      '{"type":"connection_init","payload":{"displayName":"Ana"}}',
      '{"type":"subscribe","id":"1","payload":{"query":"subscription { message { from { displayName } content } }"}}',
      '{"type":"subscribe","id":"2","payload":{"query":"mutation { say(content: \\"hello\\") { sentAt } }"}}',
    ],
    protocol: 'graphql-transport-ws',
  },
}
