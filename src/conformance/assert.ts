import strict from 'node:assert/strict'

/**
 * Node's assertions, but for one: `ok` without a message reads and parses the whole source file to say what was not so. That
 * blocks the process for many seconds, and the rows beside it run out of patience. Here it names the line.
 */
export const assert: typeof strict = Object.assign(
  (value: unknown, message?: string | Error) => ok(value, message),
  strict,
  { ok },
) as typeof strict

function ok(value: unknown, message?: string | Error): void {
  if (!value) strict.fail(message ?? `not so: ${callerOf(new Error())}`)
}

/** `(…/rows/a-ending.ts:74:12)`: the first place on the way here that is not this file. */
const callerOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .slice(1)
    .find(line => !line.includes('conformance/assert.ts'))
    ?.trim() ?? 'nobody knows where'
