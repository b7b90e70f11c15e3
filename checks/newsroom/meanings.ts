import type { Diagnosis } from '#kit'
import { failures, forbidden, throttled } from '../meanings.ts'

/** What several promises of labs 6 and 7 say of the same trouble. */

/** Where a function is made, as long as it has the starter's name. */
const made = (named: RegExp) => ({ resource: 'AWS::Lambda::Function', named })
export const whereItDelivers = made(/deliver/i)
export const whereItConverses = made(/converse/i)
export const whereItConnects = made(/^(?!.*dis).*connect/i)
export const whereItRemembers = made(/remember|histor|memor/i)
export const whereItFansOut = { resource: 'AWS::SQS::Queue', named: /Deliver/ }

const PERMISSIONS = 'docs/permissions.md#reading-a-refusal'

export const agreedOnNothing: Diagnosis = {
  when: /Server sent no subprotocol/,
  means:
    'The handshake was answered with 101, and without a word on the protocols that the client had offered. A client that offers some hangs up on that, as browsers do; wscat, which offers none, does not.',
  hint: 'docs/graphql-subscriptions.md#agreeing-on-a-protocol',
  where: whereItConnects,
}

/** A function was not allowed to do its work, and says so. */
export const notAllowed: readonly Diagnosis[] = [
  forbidden,
  {
    when: /not authorized to perform: execute-api:ManageConnections/,
    means:
      'The message reached the function, which ran the subscription. Its role does not let it post the result.',
    hint: PERMISSIONS,
    where: 'the-function-that-said-it',
  },
  {
    when: /not authorized to perform: (\S+) on resource: (\S+)/,
    means: 'A function asked for $1 on $2, and its role does not allow that.',
    hint: PERMISSIONS,
    where: 'the-function-that-said-it',
  },
]

export const heardTwice: Diagnosis = {
  when: /heard the same a second time/,
  means: 'One message, which was published once, was shown more than once.',
  hint: 'docs/at-least-once.md#each-message-once',
  where: whereItDelivers,
}

export const heardLate: Diagnosis = {
  when: /heard what was said before it subscribed/,
  means:
    'A client that came later was told what had been said before. A subscription is about what is said from then on.',
  hint: 'docs/graphql-subscriptions.md#what-was-left-out',
  where: whereItConverses,
}

export const heardOthers: Diagnosis = {
  when: /heard what it did not ask for/,
  means: 'A client heard a message of a room to which it has not subscribed, or no longer has.',
  hint: 'docs/graphql-subscriptions.md#who-listens',
  where: whereItDelivers,
}

/** The text of a message came back changed. */
export const changed: Diagnosis = {
  when: /the text that was sent is among it, but (it came back .+)/,
  means: 'What was said arrived, but changed: $1.',
  where: whereItDelivers,
}

export const otherFields: Diagnosis = {
  when: /(it (?:has|lacks) fields that were (?:not )?asked for: .+)/,
  means:
    'The result is not what the document asks for: $1. GraphQL works it out: run the document, do not cut fields by hand.',
  hint: 'docs/graphql-subscriptions.md#who-listens',
  where: whereItDelivers,
}

export const incomplete: Diagnosis = {
  when: /nothing that completes it|^silence$/,
  means:
    'The result came, and the operation was never completed. A query and a mutation have one result, and then the frame "complete".',
  hint: 'docs/graphql-subscriptions.md#the-frames',
  where: whereItConverses,
}

export const failedForClient: Diagnosis = {
  when: /heard an error: |an error frame with/,
  means: 'The document is one that fits the schema, and it was answered with an error.',
  hint: 'docs/graphql-subscriptions.md#an-error-is-an-answer',
  where: whereItConverses,
}

/** The package graphql-ws says how a subscription ended; a plain client, how its connection was closed. */
export const endedEarly: Diagnosis = {
  when: /the subscription was completed|the connection was closed with|^it was closed with/,
  means:
    'The connection or the subscription was ended while the client listened. The client did not end it: something in the stack did.',
  where: whereItDelivers,
}

/** Nothing came, and no function says that it failed. */
export const lost: Diagnosis = {
  when: /silence/,
  means:
    'What was published came nowhere, and no function says that it failed. SNS took it. Follow it from there: topic, subscription, queue, function.',
  hint: 'docs/graphql-subscriptions.md#where-a-message-can-get-lost',
  where: whereItFansOut,
}

/** What it can mean when something that was published does not reach those who subscribed to it, or reaches others. */
export const notDelivered: readonly Diagnosis[] = [
  agreedOnNothing,
  throttled,
  ...notAllowed,
  heardTwice,
  heardLate,
  heardOthers,
  changed,
  otherFields,
  ...failures,
  endedEarly,
  failedForClient,
  lost,
  {
    means: 'What came is not what this subscription asked for: exactly its fields, of what was said.',
    where: whereItDelivers,
  },
]
