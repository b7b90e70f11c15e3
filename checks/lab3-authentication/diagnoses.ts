import type { Diagnosis } from '#kit'

/** The stage lets so few through that not even one client or message at a time gets through it. */
export const throttled: Diagnosis = {
  when: /"message": ?"Too Many Requests"|refused with 429/,
  means:
    "The stage's throttle turned it away before any function was asked: it lets fewer through at a time than the room needs.",
  where: { resource: 'AWS::ApiGatewayV2::Stage' },
}

/** Beside a Deny no Allow counts: a grant more would not help. */
export const forbidden: Diagnosis = {
  when: /not authorized to perform: (\S+) on resource: .* with an explicit deny/,
  means:
    'A policy forbids $1 to the function: it has a statement with the effect Deny. A grant does not help against that.',
  hint: 'docs/permissions.md#reading-a-refusal',
  where: 'the-function-that-said-it',
}

/** What a function logged that is no refusal by IAM: it ended too late, or was not told something by the stack. */
export const unwell: readonly Diagnosis[] = [
  {
    when: /Task timed out after ([\d.]+)/,
    means: 'The function ran, and had not finished after $1 seconds. Then Lambda stopped it.',
    where: 'the-function-that-said-it',
  },
  {
    when: /Protocol "wss:" not supported|wss?:\/\/.*\b(?:endpoint|protocol)|\b(?:endpoint|protocol)\b.*wss?:/i,
    means:
      'The address to which the function posts begins with wss:. That one is for clients. Functions post to the callbackUrl of the stage, which begins with https:.',
    where: 'the-function-that-said-it',
  },
  {
    when: /No value provided for input HTTP label: TableName|TableName.*(?:null|undefined|required)|(?:null|undefined|required).*TableName/i,
    means:
      'The function asked for a table without a name. Its code takes the name from an environment variable: does the stack set it for this function?',
    where: 'the-function-that-said-it',
  },
  {
    when: /ParameterValidationError: (Invalid Cognito User Pool ID: undefined.*)/i,
    means:
      'The verifier was not told the id of the pool. Its code takes the id from an environment variable: does the stack set it for this function?',
    where: 'the-function-that-said-it',
  },
]

/** The connection ended, and nobody at its other end wanted that. */
export const hungUp: Diagnosis = {
  when: /^silence; the connection was closed|connection to be closed|it was closed with/,
  means:
    'The connection was closed while the client waited. The client did not close it: something in the stack did.',
}
