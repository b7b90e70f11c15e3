import type { Diagnosis } from '#kit'

/** A refusal in AWS's own words that names who forbids it. Comes before all that say that nobody allows it. */
export const forbidden: Diagnosis = {
  when: /not authorized to perform: (\S+) on resource: .* with an explicit deny/,
  means:
    'A policy forbids $1 to the function: it has a statement with the effect Deny. A grant does not help against that.',
  hint: 'docs/permissions.md#reading-a-refusal',
  where: 'the-function-that-said-it',
}

/** The stage has a throttle that is too tight for the room. */
export const throttled: Diagnosis = {
  when: /"message": ?"Too Many Requests"|refused with 429/,
  means:
    "The stage's throttle turned it away before any function was asked: it lets fewer through at a time than the room needs.",
  where: { resource: 'AWS::ApiGatewayV2::Stage' },
}

/** A function ran, and its own log says how it ended. More telling than any silence. */
export const failures: readonly Diagnosis[] = [
  {
    when: /Task timed out after ([\d.]+)/,
    means: 'The function ran, and had not finished after $1 seconds. Then Lambda stopped it.',
    where: 'the-function-that-said-it',
  },
  {
    when: /No value provided for input HTTP label: TableName|TableName.*(?:null|undefined|required)|(?:null|undefined|required).*TableName/i,
    means:
      'The function asked for a table without a name. Its code takes the name from an environment variable: does the stack set it for this function?',
    where: 'the-function-that-said-it',
  },
  {
    when: /SyntaxError: (.*JSON.*)/,
    means: 'The function ran, and failed to read as JSON what is not JSON: $1.',
    where: 'the-function-that-said-it',
  },
  {
    when: /logged: (\w*(?:Error|Exception)): (.+)/,
    means: 'The function ran, and failed with $1: $2',
    where: 'the-function-that-said-it',
  },
]

/** The function failed, and there is no line about it. */
export const unlogged: Diagnosis = {
  when: /"message": ?"Internal server error"/,
  means:
    "What stands behind the route failed, and logged nothing. Either API Gateway may not call the function, or the function's role does not let it write its log.",
  hint: 'docs/routes.md#internal-server-error',
  where: { resource: 'AWS::ApiGatewayV2::Integration' },
}

/** Nobody waits for somebody whose connection has been closed. */
export const hungUp: Diagnosis = {
  when: /^silence; the connection was closed/,
  means:
    'The connection was closed while the client waited. The client did not close it: something in the stack did.',
}

/** More than was said. */
export const heardTwice: Diagnosis = {
  when: / heard \{.*"text":/,
  means: 'What was said once was heard more than once.',
}
