import type { Diagnosis } from '#kit'
import { forbidden, throttled, unwell } from './meanings.ts'

/** What a refused handshake can mean (facts: A8, A10, A12, A14). */
export const refused: readonly Diagnosis[] = [
  throttled,
  forbidden,
  {
    when: /not authorized to perform: (\S+) on resource: (\S+)/,
    means:
      'The function that takes $connect ran, and was refused $1. When it fails, the client is not let in.',
    hint: 'docs/permissions.md#reading-a-refusal',
    where: 'the-function-that-said-it',
  },
  ...unwell,
  {
    when: /\b(\w*(?:Error|Exception)): (.+)/,
    means: 'The function that takes $connect failed, so the client was not let in: $2',
    where: 'the-function-that-said-it',
  },
  {
    when: /refused with 403/,
    means:
      'No function was called: 403 comes from API Gateway itself. Most often the stage serves no deployment.',
    where: { resource: 'AWS::ApiGatewayV2::Stage' },
  },
  {
    when: /refused with 500/,
    means:
      'Either API Gateway could not call the function that takes $connect, or the function answered with 500 itself.',
    where: { resource: 'AWS::ApiGatewayV2::Integration' },
  },
  {
    when: /refused with 502/,
    means: 'The function that takes $connect failed, or its answer has no statusCode.',
  },
  {
    when: /refused with (\d+)/,
    means: 'The function that takes $connect answered with $1. Only 2xx lets a client in.',
  },
]
