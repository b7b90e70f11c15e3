import type { ExecutionResult, GraphQLError } from 'graphql'

/** What both protocols say, and how one of them says it. */
export interface Dialect {
  /** The frames with which a client begins an operation, and ends it. */
  readonly starts: string
  readonly stops: string
  /** The frame with a result. */
  result(id: string, result: ExecutionResult): object
  /** The frame that says why an operation cannot be run. */
  failed(id: string, errors: readonly GraphQLError[]): object
}

/** By the names of the subprotocols, the one we prefer first. The older one has the name of the newer one's package. */
export const dialects = {
  'graphql-transport-ws': {
    starts: 'subscribe',
    stops: 'complete',
    result: (id, result) => ({ type: 'next', id, payload: result }),
    failed: (id, errors) => ({ type: 'error', id, payload: errors }),
  },
  'graphql-ws': {
    starts: 'start',
    stops: 'stop',
    result: (id, result) => ({ type: 'data', id, payload: result }),
    failed: (id, [first]) => ({ type: 'error', id, payload: first }),
  },
} satisfies Record<string, Dialect>

export type Subprotocol = keyof typeof dialects

/** What clients speak that offer no subprotocol, such as wscat. */
export const SPOKEN: Subprotocol = 'graphql-transport-ws'

/** The first of our subprotocols that a client offers, as in `graphql-ws, graphql-transport-ws`. */
export function choose(offered: string): Subprotocol | undefined {
  const theirs = offered.split(',').map(one => one.trim())
  return (Object.keys(dialects) as Subprotocol[]).find(ours => theirs.includes(ours))
}
