import type { Diagnosis } from '#kit'

/** What it can mean when something that was published does not reach who subscribed to it. */
export const notDelivered: readonly Diagnosis[] = [
  {
    when: /Server sent no subprotocol/,
    means:
      'The server let the client in without a word on the protocols that it offered, so the client hung up.',
    hint: 'docs/graphql-subscriptions.md#agreeing-on-a-protocol',
  },
  {
    when: /not authorized to perform: execute-api:ManageConnections/,
    means:
      'The message reached the function, which ran the subscription. Its role does not let it post the result.',
    hint: 'docs/permissions.md#reading-a-refusal',
    where: 'the-function-that-said-it',
  },
  {
    when: /not authorized to perform: (\S+) on resource: (\S+)/,
    means: 'A function asked for $1 on $2, and its role does not allow that.',
    hint: 'docs/permissions.md#reading-a-refusal',
    where: 'the-function-that-said-it',
  },
  {
    when: /Task timed out after ([\d.]+)/,
    means: 'A function was still at it after $1 seconds, and was stopped.',
    where: 'the-function-that-said-it',
  },
  {
    when: /heard it (\d+) times/,
    means: 'One message, shown more than once.',
    hint: 'docs/graphql-subscriptions.md#each-message-once',
  },
  {
    when: /\b(\w*(?:Error|Exception)): (.+)/,
    means: 'A function failed: $2',
    where: 'the-function-that-said-it',
  },
  {
    when: /silence/,
    means:
      'What was published came nowhere, and no function says that it failed. SNS took it. Follow it from there: topic, subscription, queue, function.',
    hint: 'docs/graphql-subscriptions.md#where-a-message-can-get-lost',
    where: { resource: 'AWS::SQS::Queue', named: /Deliver/ },
  },
  { means: 'What came is not what this subscription asked for: exactly its fields, of what was said.' },
]
