import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  parse,
  subscribe,
  validate,
} from 'graphql'
import type { Connection, User } from './connections.ts'
import { dialects } from './dialects.ts'
import { hangUp, post } from './post.ts'
import { resolvers } from './resolvers.ts'
import { schema } from './schema.ts'
import { keep } from './subscriptions.ts'

/** What a client asks for. */
export interface Operation {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  readonly operationName?: string | undefined
}

/** No honest question has more tokens than this. */
const maxTokens = 1_000

/** Answers a query or a mutation at once, and keeps a subscription. */
export async function operate(connection: Connection & { user: User }, id: string, operation: Operation) {
  const { connectionId, subprotocol } = connection
  const dialect = dialects[subprotocol]
  const document = understood(operation)
  if (!('kind' in document)) return post(connectionId, dialect.failed(id, document))

  const asked = {
    schema,
    document,
    variableValues: operation.variables,
    operationName: operation.operationName,
    contextValue: connection.user,
  }
  if (getOperationAST(document, operation.operationName)?.operation !== 'subscription') {
    await post(connectionId, dialect.result(id, discreet(await execute({ ...asked, rootValue: resolvers }))))
    return post(connectionId, { type: 'complete', id })
  }

  let room = ''
  const started = await subscribe({
    ...asked,
    rootValue: {
      message(arguments_: { room: string }) {
        room = arguments_.room
        return nothingYet()
      },
    },
  })
  if (!(Symbol.asyncIterator in started))
    return post(connectionId, dialect.failed(id, discreet(started).errors ?? []))

  const { expiresAt } = connection
  const kept = await keep({ ...operation, connectionId, id, subprotocol, room, expiresAt })
  if (!kept) await hangUp(connectionId, 4409, `Subscriber for ${id} already exists`)
}

/** The document of an operation, or all that is wrong with it. */
function understood({ query, operationName }: Operation): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query, { maxTokens })
    const errors = validate(schema, document)
    if (errors.length > 0) return errors
    if (getOperationAST(document, operationName)) return document
    return [new GraphQLError('Which operation is meant? Give its name in "operationName".')]
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}

/** The events of a subscription come from a queue, to another function. */
async function* nothingYet() {}

/** Tells what the client did wrong. Of our own failures it tells only that there was one. */
function discreet(result: ExecutionResult): ExecutionResult {
  const errors = result.errors?.map(error => {
    if (!error.originalError || error.originalError instanceof GraphQLError) return error
    console.error(error.originalError)
    return new GraphQLError('Something went wrong here.', { nodes: error.nodes, path: error.path })
  })
  return errors ? { ...result, errors } : result
}
