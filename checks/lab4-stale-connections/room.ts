import type { Diagnosis, Scene, Where } from '#kit'
import { linesWith } from '../function-logs.ts'
import { endConnection } from '../management.ts'
import type { Guest } from './list.ts'

/** How long a round may take, in milliseconds: as long as API Gateway waits for a function (facts: C15). */
export const LONG_ROUND = 29_000

/** The line that brings messages to the function that passes them on, where the route is made by name. */
export const theRound: Where = { resource: 'AWS::ApiGatewayV2::Route', named: /sendMessage/i }
/** The line that makes the function for $disconnect, where it has that name. */
export const theGoodbye: Where = { resource: 'AWS::Lambda::Function', named: /disconnect/i }
export const theTable: Where = { resource: 'AWS::DynamoDB::Table' }

/** What a function that could not be allowed to do its work says of itself. */
export const notAllowed: Diagnosis = {
  when: /not authorized to perform: (\S+) on resource: (\S+)/,
  means: 'A function asked for $1, and its role does not allow that.',
  hint: 'docs/permissions.md#reading-a-refusal',
  where: 'the-function-that-said-it',
}

/** Somebody was told the same thing again, in a round that met trouble. */
export const toldAgain: Diagnosis = {
  when: / heard \{.*"text":/,
  means: 'Somebody was told the same thing more than once.',
  hint: 'docs/stale-connections.md#one-post-for-each',
  where: theRound,
}

/** Not API Gateway's error, and nothing that anybody said. */
export const inItsOwnWords: Diagnosis = {
  when: /^(.+) heard (?!.*"message": ?"Internal server error")/,
  means:
    '$1 was told something that nobody has said. That one of the others could not be told is for the log, and not for the clients.',
  hint: 'docs/stale-connections.md#failures-other-than-410',
  where: theRound,
}

/** Somebody was sent away, instead of being kept on the list or taken off it. */
export const thrownOut: Diagnosis = {
  when: /connection was closed|it was closed with/,
  means:
    'Something in the stack closed the connection of a client that was there. What went wrong with one connection is no reason to end it, or another.',
  where: theRound,
}

/** Ends a connection from this side, as a function of the stack could. */
export async function hangUp(scene: Scene, { client, id }: Guest): Promise<void> {
  scene.did(`the check deleted the connection of ${client.name}`)
  await endConnection(scene, id)
  await client.isClosed()
}

/** Holds when one line of the log has a connection's id and all of the words. Throws `Unmet`. */
export async function isNoted(scene: Scene, { client, id }: Guest, words: readonly string[]): Promise<void> {
  await scene.eventually(
    `a line with the id of ${client.name} in the log, and ${words.join(', ')}`,
    async () => (await linesWith(scene, id)).find(line => words.every(word => line.includes(word))),
  )
}
