// A table: every fix of lab 6 by which its check is checked.
import type { Fixes } from '../fix.ts'

export const fixes: Fixes = {
  wrong: {
    'echoes-whatever-is-offered': {
      refusedAt: 'protocols-are-agreed-on',
      because: 'The whole offer is sent back: right as long as it is one protocol.',
    },
    'lets-everybody-in': {
      refusedAt: 'protocols-are-agreed-on',
      because: 'Who speaks nothing that is spoken here is told that it is.',
    },
    'serves-strangers': {
      refusedAt: 'the-protocol-is-kept',
      because: 'Operations are run for clients that have not said connection_init.',
    },
    'lets-the-wrong-one-send': {
      refusedAt: 'messages-arrive',
      because: "The queue's policy lets in whoever sends in the queue's own name: that is nobody.",
    },
    'arrives-and-may-not-post': {
      refusedAt: 'messages-arrive',
      because: 'The messages arrive at the function, which may not post to anybody.',
    },
    'asks-nobody-what-they-want': {
      refusedAt: 'messages-arrive',
      because: 'Everybody gets the whole message, whatever fields they asked for.',
    },
    'once-for-all-of-them': {
      refusedAt: 'each-hears-their-own',
      because: 'A message is told once: to the first subscriber.',
    },
    'says-complete-and-goes-on': {
      refusedAt: 'unsubscribing-stops-it',
      because: 'Who unsubscribes is told that it is over, and it is not.',
    },
    'errors-as-results': {
      refusedAt: 'errors-are-frames',
      because: 'What is wrong with a query comes as a result of it.',
    },
    'hears-both-and-speaks-one': {
      refusedAt: 'the-older-protocol',
      because: 'Frames of both protocols are understood, and all are answered in the newer one.',
    },
    'splits-without-trimming': {
      refusedAt: 'in-a-browser',
      because: 'A browser writes a space after the comma, and then the name is another.',
    },
    'the-latest-first': {
      refusedAt: 'history-is-told',
      because: 'The history is told backwards, as the query finds it.',
    },
    'goes-by-the-id-of-the-queue': {
      refusedAt: 'each-message-once',
      because: 'What is published twice has two ids of SQS, and one of its own.',
    },
    'goes-by-what-is-said': {
      refusedAt: 'each-message-once',
      because: 'Who says the same as somebody else before them is not heard.',
    },
    'keeps-the-gone': {
      refusedAt: 'the-gone-are-forgotten',
      because: 'That a subscriber is gone is noted in the log, and the next message goes to them again.',
    },
    'posts-to-anybody': {
      refusedAt: 'nothing-more',
      because: 'The function may post to the connections of every API in the account.',
    },
    'lets-every-topic-send': {
      refusedAt: 'nothing-more',
      because: 'SNS may send to the queue, for whomsoever.',
    },
    'swallows-the-poison': {
      refusedAt: 'poison-is-put-aside',
      because: 'Whatever fails is caught, noted, and counted as done.',
    },
    'all-or-nothing': {
      refusedAt: 'poison-is-put-aside',
      because: 'There is a dead-letter queue, and whole batches end in it.',
    },
    'watches-what-is-never-sent': {
      refusedAt: 'somebody-is-called',
      because: 'The alarm counts messages that somebody sends to the dead-letter queue. Nobody does.',
    },
  },
  right: {
    'l1-constructs': 'Subscription, policy, mapping and alarm as L1 constructs, in batches of five.',
    'in-an-envelope': 'Messages come in the envelope of SNS, and are taken out of it.',
    'one-message-a-batch':
      'A batch is one message, so there is nothing to report; and it comes back when its time is over.',
    'noted-on-the-subscription':
      'Which messages a subscriber has been told is noted on the subscription itself.',
    'extra-frames':
      'Pings, ka, a payload on the acknowledgement, extensions on results, and complete after stop.',
    'history-in-redis': {
      because: 'The context says "history": "redis": the history is in a cache, by a real server.',
      needs: 'cache server',
    },
    'one-function-for-the-socket':
      'Another class, one function for everything a client does, and ${request.body.type}.',
  },
}
