import type { Diagnosis } from '#kit'

/**
 * What several labs say of the same trouble. `answers.ts` and `handshake.ts` begin with it; a promise that knows more about
 * one of these says so before them.
 */

/** The stage lets so few through that not even one client or message at a time gets through it. */
export const throttled: Diagnosis = {
  when: /"message": ?"Too Many Requests"|refused with 429/,
  means:
    "The stage's throttle turned it away before any function was called: it allows fewer at a time than the room needs.",
  where: { resource: 'AWS::ApiGatewayV2::Stage' },
}

/** Beside a Deny no Allow counts. Comes before all that say that nobody allows it. */
export const forbidden: Diagnosis = {
  when: /not authorized to perform: (\S+) on resource: .* with an explicit deny/,
  means:
    'A policy forbids $1 to the function: it has a statement with the effect Deny. No grant helps against that.',
  hint: 'docs/permissions.md#reading-a-refusal',
  where: 'the-function-that-said-it',
}

/** Lambda ended the function. */
export const timedOut: Diagnosis = {
  when: /Task timed out after ([\d.]+)/,
  means: 'The function ran, and had not finished after $1 seconds. Then Lambda stopped it.',
  where: 'the-function-that-said-it',
}

/** `live.url` where `live.callbackUrl` is meant: a post there waits for ever. Comes before `timedOut`. */
export const addressForClients: Diagnosis = {
  when: /Protocol "wss:" not supported|wss?:\/\/.*\b(?:endpoint|protocol)|\b(?:endpoint|protocol)\b.*wss?:|Task timed out.* begins with wss:/i,
  means:
    'The address to which the function posts begins with wss:. That one is for clients. Functions post to the callbackUrl of the stage, which begins with https:.',
  where: 'the-function-that-said-it',
}

/** Nothing to connect to: the SDK was given `undefined`, or what is no address. */
export const noAddress: Diagnosis = {
  when: /TypeError: Invalid URL|Region is missing|ENOTFOUND|Cannot read properties of undefined \(reading 'hostname'\)/,
  means:
    'The function does not know where to post. Its code takes the address from an environment variable: does the stack set it for this function?',
  where: 'the-function-that-said-it',
}

/** A function asked for a table that nobody named to it. */
export const unnamedTable: Diagnosis = {
  when: /No value provided for input HTTP label: TableName|TableName.*(?:null|undefined|required)|(?:null|undefined|required).*TableName/i,
  means:
    'The function asked for a table without a name. Its code takes the name from an environment variable: does the stack set it for this function?',
  where: 'the-function-that-said-it',
}

/** An authorizer that does not know whose tokens it is to believe. */
export const unnamedPool: Diagnosis = {
  when: /ParameterValidationError: (?:Invalid Cognito User Pool ID: undefined.*)|Cannot read properties of undefined \(reading 'match'\)/i,
  means:
    'The verifier was not told the id of the pool. Its code takes the id from an environment variable: does the stack set it for this function?',
  where: 'the-function-that-said-it',
}

/** A function read as JSON what a client may well send. */
export const noJson: Diagnosis = {
  when: /SyntaxError: (.*JSON.*)/,
  means: 'The function ran, and failed to parse text that is not JSON: $1.',
  hint: 'docs/routes.md#what-default-is-given',
  where: 'the-function-that-said-it',
}

/** Whatever else a function logged when it failed. */
export const failed: Diagnosis = {
  when: /\b(\w*(?:Error|Exception)): (.+)/,
  means: 'The function ran, and failed with $1: $2',
  where: 'the-function-that-said-it',
}

/** The function failed, and there is no line about it. */
export const unlogged: Diagnosis = {
  when: /"message": ?"Internal server error"/,
  means:
    'There is a route for the message, but its integration failed, and no function logged a failure. Either API Gateway was not allowed to call the function, or its role does not let it write its log, or no function stands behind the route at all (MOCK).',
  hint: 'docs/routes.md#internal-server-error',
  where: { resource: 'AWS::ApiGatewayV2::Integration' },
}

/** The connection ended, and nobody at its other end wanted that. */
export const hungUp: Diagnosis = {
  when: /^silence; the connection was closed|connection to be closed|it was closed with/,
  means:
    'The connection was closed while the client waited. The client did not close it: something in the stack did.',
}

/** What a function logged that only means one thing, whatever the function is for. */
export const unwell: readonly Diagnosis[] = [addressForClients, timedOut, unnamedTable, unnamedPool]

/** How a function ended, in its own words, from the most telling on. */
export const failures: readonly Diagnosis[] = [...unwell, noAddress, noJson, failed]

/** Under spread events: somebody heard nothing. */
export const unknownToInstance: Diagnosis = {
  when: /^silence\b/,
  means:
    'Another instance of the function took this message. It did not know this client, or not all clients that had come. No instance sees what another one keeps in its memory.',
}

/** Under spread events: whatever else went wrong. */
export const inMemory: Diagnosis = {
  means:
    'It works while one instance of each function runs. No instance sees what another one keeps in its memory.',
}
