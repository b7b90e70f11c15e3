import type { Diagnosis } from '#kit'
import { failures, forbidden, throttled, unlogged } from './meanings.ts'

/** What it can mean when a client waits for an answer and hears something else, or nothing. */
export const unanswered: readonly Diagnosis[] = [
  throttled,
  forbidden,
  {
    when: /"message": ?"Forbidden"/,
    means:
      'API Gateway itself said Forbidden, and called no function: no route fits the message. The word sounds like a permission, but no permission is at fault.',
    hint: 'docs/routes.md#forbidden',
    where: { resource: 'AWS::ApiGatewayV2::Api' },
  },
  {
    when: /not authorized to perform: execute-api:ManageConnections/,
    means: 'The function ran, but its role does not let it post to the connections of this API.',
    hint: 'docs/permissions.md#reading-a-refusal',
    where: 'the-function-that-said-it',
  },
  ...failures,
  unlogged,
  {
    when: /"message": ?"Endpoint request timed out"/,
    means:
      'There is a route for the message, and its function was not done after 29 seconds. API Gateway does not wait longer.',
    hint: 'docs/routes.md#endpoint-request-timed-out',
    where: { resource: 'AWS::ApiGatewayV2::Integration' },
  },
  {
    when: /\bsilence\b/,
    means:
      'Nothing came, not even an error: the message found a route, and the function behind it ended well without posting anything to this client.',
    hint: 'docs/routes.md#two-ways-to-answer',
  },
]
