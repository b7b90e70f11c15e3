import type { ExecutionResult, GraphQLError } from 'graphql'

/** How a protocol says what both of them have to say. */
export interface Dialect {
  /** The frames with which a client begins an operation, and ends it. */
  readonly starts: string
  readonly stops: string
  /** The frame with a result. */
  result(id: string, result: ExecutionResult): object
  /** The frame with what was wrong with an operation, which has then never begun. */
  failed(id: string, errors: readonly GraphQLError[]): object
}

/** By the names of the subprotocols, the one we prefer first. The older one is called as the newer one's package is. */
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

/** What people speak who come without a subprotocol, as wscat does. */
export const SPOKEN: Subprotocol = 'graphql-transport-ws'

/** The best of what a client offers, `graphql-ws, graphql-transport-ws`, that we speak. */
export function choose(offered: string): Subprotocol | undefined {
  const theirs = offered.split(',')
  return (Object.keys(dialects) as Subprotocol[]).find(ours => theirs.includes(ours))
}
