import type { Asked } from './frames.ts'
import type { Message } from './messages.ts'

/** The document of the lab's story, to the letter. */
export const MESSAGE_ADDED =
  'subscription MessageAdded { message { from { id displayName } content sentAt } }'

export const everything = ({ from, content, sentAt }: Message) => ({ message: { from, content, sentAt } })
export const contentOnly = ({ content }: Message) => ({ message: { content } })

/** A document, and the data that it makes of a message. */
export interface Document {
  readonly asked: Asked
  shows(message: Message): object
}

/** A subscription to one room, by a variable. */
export const inRoom = (room: string, fields = 'content'): Asked => ({
  query: `subscription InRoom($room: ID!) { message(room: $room) { ${fields} } }`,
  variables: { room },
})

/** Which fields it asks for depends on its variables alone. */
const DIRECTIVES = `subscription ($room: ID!, $yes: Boolean!, $no: Boolean = false) {
  message(room: $room) { content @skip(if: $yes) sentAt from @include(if: $no) { id } }
}`

/** Several operations in one text. Which of them is meant its name says. */
const operations = (room: string) =>
  `query Other { messages { sentAt } } subscription This { message(room: ${room}) { content } } subscription That { message(room: ${room}) { sentAt } }`

/**
 * Subscriptions to one room that differ in all that GraphQL offers: aliases, fragments, directives, names of types, several
 * operations in a document, variables with defaults.
 */
export function documentsOf(room: string): Record<string, Document> {
  const text = JSON.stringify(room)
  return {
    plain: { asked: inRoom(room), shows: contentOnly },
    aliases: {
      asked: {
        query: `subscription { said: message(room: ${text}) { what: content who: from { displayName also: displayName } } }`,
      },
      shows: ({ content, from: { displayName } }) => ({
        said: { what: content, who: { displayName, also: displayName } },
      }),
    },
    fragments: {
      asked: {
        query: `fragment Who on User { id }
          subscription Fragments($room: ID!) { message(room: $room) { ...When from { ...Who } ... on Message { content } } }
          fragment When on Message { sentAt }`,
        variables: { room },
      },
      shows: ({ content, sentAt, from: { id } }) => ({ message: { sentAt, from: { id }, content } }),
    },
    directives: {
      asked: {
        query: DIRECTIVES,
        variables: { room, yes: true },
      },
      shows: ({ sentAt }) => ({ message: { sentAt } }),
    },
    otherwise: {
      asked: {
        query: DIRECTIVES,
        variables: { room, yes: false },
      },
      shows: ({ content, sentAt }) => ({ message: { content, sentAt } }),
    },
    types: {
      asked: {
        query: `subscription ($room: ID = ${text}) { message(room: $room) { __typename from { __typename displayName } } }`,
      },
      shows: ({ from: { displayName } }) => ({
        message: { __typename: 'Message', from: { __typename: 'User', displayName } },
      }),
    },
    operations: { asked: { query: operations(text), operationName: 'This' }, shows: contentOnly },
    otherOperation: {
      asked: { query: operations(text), operationName: 'That' },
      shows: ({ sentAt }) => ({ message: { sentAt } }),
    },
  }
}
