import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import {
  buildSchema,
  type DocumentNode,
  execute,
  GraphQLError,
  getOperationAST,
  parse,
  subscribe,
  validate,
} from 'graphql'
import { forget, forgetAll, keep, subscribersOf } from './subscriptions.ts'

const schema = buildSchema(`
  type Query { hello(name: String!): String! }
  type Mutation {
    "Tells everybody in a room, and how many they were."
    say(room: String!, text: String!): Int!
    "Ends every subscription to a room, and tells how many they were."
    close(room: String!): Int!
  }
  type Subscription { said(room: String!): Line! }
  type Line { room: String! text: String! }
`)

/** What a client asks for. */
interface Operation {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
}

const callback = new ApiGatewayManagementApiClient({ endpoint: process.env.CALLBACK_URL! })

/** The server's side of graphql-transport-ws. */
export const handler = async ({ requestContext, body = '{}' }: APIGatewayProxyWebsocketEventV2) => {
  const { connectionId, routeKey } = requestContext
  const { id, payload } = JSON.parse(body)
  if (routeKey === 'connection_init')
    await tell(connectionId, { type: 'connection_ack', payload: { connectionId } })
  if (routeKey === 'ping') await tell(connectionId, { type: 'pong', payload })
  if (routeKey === 'subscribe') await run(connectionId, id, payload)
  if (routeKey === 'complete') await forget(connectionId, id)
  return { statusCode: 200 }
}

/** Queries and mutations are answered at once; a subscription is kept. */
async function run(connectionId: string, id: string, operation: Operation): Promise<void> {
  const document = understood(operation.query)
  if (!('kind' in document)) return tell(connectionId, { type: 'error', id, payload: document })

  if (getOperationAST(document)?.operation === 'subscription')
    return enter(connectionId, id, document, operation)
  const result = await execute({
    schema,
    document,
    rootValue: resolvers,
    variableValues: operation.variables,
  })
  await tell(connectionId, { type: 'next', id, payload: result })
  await tell(connectionId, { type: 'complete', id })
}

/** The document of a query, or all that is wrong with it. */
function understood(query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query)
    const errors = validate(schema, document)
    return errors.length > 0 ? errors : document
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}

/** Keeps a subscription, and welcomes the subscriber once it is kept. */
async function enter(
  connectionId: string,
  id: string,
  document: DocumentNode,
  { query, variables }: Operation,
): Promise<void> {
  const rootValue = {
    async *said({ room }: { room: string }) {
      await keep({ connectionId, id, room, query, ...(variables && { variables }) })
      yield { said: { room, text: 'welcome' } }
    },
  }
  const results = await subscribe({ schema, document, rootValue, variableValues: variables })
  if (!(Symbol.asyncIterator in results))
    return tell(connectionId, { type: 'error', id, payload: results.errors })
  for await (const payload of results) await tell(connectionId, { type: 'next', id, payload })
}

const resolvers = {
  hello: ({ name }: { name: string }) => `Hello, ${name}!`,

  async say({ room, text }: { room: string; text: string }) {
    const subscribers = await subscribersOf(room)
    await Promise.all(
      subscribers.map(async ({ connectionId, id, query, variables }) => {
        const rootValue = { said: { room, text } }
        const payload = await execute({
          schema,
          document: parse(query),
          rootValue,
          variableValues: variables,
        })
        await tell(connectionId, { type: 'next', id, payload })
      }),
    )
    return subscribers.length
  },

  async close({ room }: { room: string }) {
    const subscribers = await subscribersOf(room)
    await Promise.all(
      subscribers.map(async ({ connectionId, id }) => {
        await forget(connectionId, id)
        await tell(connectionId, { type: 'complete', id })
      }),
    )
    return subscribers.length
  },
}

async function tell(connectionId: string, message: unknown): Promise<void> {
  try {
    const Data = JSON.stringify(message)
    await callback.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }))
  } catch (error) {
    // They left before we could tell them.
    if (!(error instanceof GoneException)) throw error
    await forgetAll(connectionId)
  }
}
