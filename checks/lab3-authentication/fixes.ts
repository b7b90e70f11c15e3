// A table: every fix of lab 3 by which its check is checked.
import type { Fixes } from '../fix.ts'

export const fixes: Fixes = {
  wrong: {
    'header-only': {
      refusedAt: 'the-signed-in-come-in',
      because: "The authorizer looks for the token in a header, CDK's default, which no browser can set.",
    },
    'asks-for-the-wrong-parameter': {
      refusedAt: 'the-signed-in-come-in',
      because: 'The token is expected in the query, under another name.',
    },
    'wants-an-access-token': {
      refusedAt: 'the-signed-in-come-in',
      because: 'The verifier takes access tokens, and clients send their id token.',
    },
    'a-shared-secret': {
      refusedAt: 'the-signed-in-come-in',
      because: 'One secret for everybody: it knows nothing of users, and believes the name in the query.',
    },
    'nobody-comes-in': {
      refusedAt: 'the-signed-in-come-in',
      because: 'It denies everybody.',
    },
    'another-stage': {
      refusedAt: 'the-signed-in-come-in',
      because: 'The policy allows $connect of a stage that is not this one.',
    },
    'api-without-a-star': {
      refusedAt: 'the-signed-in-come-in',
      because: 'The policy names the API, and no stage or route of it.',
    },
    'simple-response': {
      refusedAt: 'the-signed-in-come-in',
      because: 'isAuthorized is an answer for HTTP APIs; here it is none, and a 500.',
    },
    'nested-in-the-context': {
      refusedAt: 'the-signed-in-come-in',
      because: 'The context may hold texts, numbers and truth values, and no objects.',
    },
    'nobody-hears-who-leaves': {
      refusedAt: 'the-signed-in-come-in',
      because: 'While the door was mended, $disconnect got lost.',
    },
    'made-but-not-attached': {
      refusedAt: 'no-token-no-entry',
      because: 'There is an authorizer, and no route that asks it.',
    },
    'checked-and-let-in': {
      refusedAt: 'no-token-no-entry',
      because: '$connect verifies the token, says so in its log, and lets everybody in.',
    },
    'written-before-refused': {
      refusedAt: 'no-token-no-entry',
      because: '$connect refuses, when it has already written the client on the list.',
    },
    'guests-may-come': {
      refusedAt: 'no-token-no-entry',
      because: 'A token is verified if there is one.',
    },
    'fails-without-a-token': {
      refusedAt: 'no-token-no-entry',
      because: 'Without a token the authorizer fails: a 500, which is no refusal.',
    },
    'decodes-only': {
      refusedAt: 'forged-tokens-stay-out',
      because: 'The authorizer that the starter has, attached as it is: it reads, and does not verify.',
    },
    'looks-them-up': {
      refusedAt: 'forged-tokens-stay-out',
      because: 'That a user exists does not mean that it is they who are at the door.',
    },
    'believes-alg-none': {
      refusedAt: 'forged-tokens-stay-out',
      because: 'Whether a token must be signed is not for the token to say.',
    },
    'believes-the-key-inside': {
      refusedAt: 'forged-tokens-stay-out',
      because: 'The signature is verified with a key that came with the token.',
    },
    'fails-at-the-forged': {
      refusedAt: 'forged-tokens-stay-out',
      because:
        "The verifier's error is nobody's: a token that is not good makes the authorizer fail, with 500.",
    },
    'any-pool': {
      refusedAt: 'other-tokens-stay-out',
      because: 'It asks the pool that the token names for its keys, and anybody can have a pool.',
    },
    'any-client': {
      refusedAt: 'other-tokens-stay-out',
      because: 'A token that was made for another client of the pool is taken.',
    },
    'any-use': {
      refusedAt: 'other-tokens-stay-out',
      because: 'An access token is taken for an id token.',
    },
    'name-from-the-message': {
      refusedAt: 'heard-under-their-own-name',
      because: 'The door is guarded, and inside everybody is still believed.',
    },
    'message-first': {
      refusedAt: 'heard-under-their-own-name',
      because: "The authorizer's name is used only if the message claims none.",
    },
    'name-from-the-query': {
      refusedAt: 'heard-under-their-own-name',
      because: 'The name travels beside the token, where nobody has signed it.',
    },
    'first-name-for-all': {
      refusedAt: 'heard-under-their-own-name',
      because: 'A name kept from one event to the next is the name of whoever came first.',
    },
    'names-the-connection': {
      refusedAt: 'heard-under-their-own-name',
      because: 'A connection is not a person.',
    },
    'no-name-at-all': {
      refusedAt: 'heard-under-their-own-name',
      because: 'Nobody can lie about their name any more, and nobody has one.',
    },
    'keeps-pages-out': {
      refusedAt: 'a-browser-comes-in',
      because:
        'Pages are let in from one address only, and the room has no page there. Who is no browser never notices.',
    },
    'good-for-ever': {
      refusedAt: 'expired-tokens-stay-out',
      because: 'A leeway of a year: a token is good long after it has expired.',
    },
  },
  right: {
    'says-unauthorized': 'It throws Unauthorized (401) instead of answering with a policy that denies (403).',
    'allows-every-route': 'The policy allows all routes of the stage.',
    'any-issuers-verifier': "The library's verifier for any issuer, told what Cognito's knows by itself.",
    'by-hand': "The same by node:crypto, and the pool's keys by fetch.",
    'l1-constructs': 'Pool, client, authorizer, API, routes, stage and table as L1 constructs.',
    'other-names':
      'Other names and another stage, and one function that is authorizer and stands behind all routes.',
    'names-in-the-table': '$connect writes the name on the list, and it is read from there.',
    'refused-at-connect':
      'No authorizer: $connect itself verifies, and refuses. It costs an invocation more, and from outside it is the same.',
    'subprotocol-as-well': 'The token may also come as a subprotocol, which is then answered as it must be.',
    'more-in-the-messages': 'Further members, and a message to the one who spoke.',
    'another-pool':
      'A pool that asks more of its users, a client that is silent about them, and tokens for five minutes.',
  },
}
