import type { Diagnosis } from '#kit'
import { unanswered } from '../answers.ts'
import { failures, forbidden, hungUp, throttled } from '../meanings.ts'

/** What was observed when no answer came: nothing at all, or the welcome only. */
const nothingCame = /^(?:silence|\{"welcome":"[^"]*"\})(?:;.*)?$/

/** Nothing came in answer to a request, and nothing failed. */
export const noAnswer = (means: string, more: Omit<Diagnosis, 'when' | 'means'> = {}): Diagnosis => ({
  when: nothingCame,
  means,
  ...more,
})

/** A two-way route whose function returns no body. */
export const emptyAnswer = (named: RegExp): Diagnosis => ({
  when: / heard ""$/,
  means:
    'An empty message came. A route with a route response sends what its function returns: without a body, an empty message.',
  hint: 'docs/answers.md#one-way-and-two-way',
  where: { resource: 'AWS::ApiGatewayV2::Route', named },
})

/** More than one answer to a request. */
export const answeredTwice: Diagnosis = {
  when: / heard \{.*"id":/,
  means:
    'More came than was asked for. An answer can be posted or returned. If a function does both, the client hears it twice.',
  hint: 'docs/answers.md#one-way-and-two-way',
}

/** A welcome too many. */
export const welcomedAgain: Diagnosis = {
  when: / heard \{"welcome":/,
  means: 'A client was welcomed more than once.',
}

/** An answer, but not a faithful one. */
export const textChanged: Diagnosis = {
  when: /the text that was sent is among it, but (it came back [^;]+)/,
  means: 'An answer came, but a text in it has changed: $1.',
}

/** A post to a connection that does not exist so far. */
export const notYetThere: Diagnosis = {
  when: /GoneException/,
  means:
    'Posting the welcome was answered with 410 GoneException: there is no such connection. While $connect runs, the connection does not exist yet. It begins when the function has returned.',
  hint: 'docs/answers.md#when-a-connection-begins',
  where: 'the-function-that-said-it',
}

const mayNotPost: Diagnosis = {
  when: /not authorized to perform: execute-api:ManageConnections/,
  means: 'The function ran, but its role does not let it post to the connections of this API.',
  hint: 'docs/permissions.md#reading-a-refusal',
  where: 'the-function-that-said-it',
}

/** What comes before a promise's own diagnoses, and after them. */
export const first: readonly Diagnosis[] = [throttled, forbidden, hungUp, mayNotPost]
export const usual: readonly Diagnosis[] = [
  ...failures,
  welcomedAgain,
  answeredTwice,
  textChanged,
  ...unanswered,
]
export const last: readonly Diagnosis[] = [
  ...usual,
  {
    means:
      'Something came, and it is not the answer that the README describes. Compare what was expected with what was observed, member by member.',
  },
]
