import { buildSchema } from 'graphql'

/** What can be asked, said and heard. */
export const schema = buildSchema(`
  type Query {
    "The last messages of a room, the latest at the end."
    messages(room: ID! = "lobby", last: Int! = 10): [Message!]!
  }

  type Mutation {
    say(room: ID! = "lobby", content: String!): Message!
  }

  type Subscription {
    "What is said in a room from now on."
    message(room: ID! = "lobby"): Message!
  }

  type Message {
    from: User!
    content: String!
    "In the form of RFC 3339, in UTC."
    sentAt: String!
  }

  type User {
    id: ID!
    displayName: String!
  }
`)
