import type { Diagnosis } from '#kit'
import { addressForClients, failures, noAddress } from '../meanings.ts'

const forClients: Diagnosis = {
  ...addressForClients,
  means:
    'The address to which the function posts begins with wss:. That one is for the sockets of clients. A post is an HTTPS request, so the function waited for an answer that never came.',
  hint: 'docs/the-way-back.md#what-each-wrong-address-answers',
}

/** The address has no stage, or one that is not there: API Gateway answers before it asks IAM (facts: E10, E17). */
const withoutStage: Diagnosis = {
  when: /ForbiddenException/,
  means:
    'API Gateway answered the post with Forbidden. It knows the host, and nothing at this path. On the host of an API the path is the stage. No permission is at fault: a missing one is called AccessDeniedException.',
  hint: 'docs/the-way-back.md#what-each-wrong-address-answers',
  where: 'the-function-that-said-it',
}

/** The path goes on where the mapping has led to the stage already (facts: E18). */
const stageTooMany: Diagnosis = {
  when: /No method found matching route|NotFoundException/,
  means:
    'API Gateway found the stage, and then more path than it knows. Behind a custom domain the mapping leads to the stage already.',
  hint: 'docs/the-way-back.md#what-each-wrong-address-answers',
  where: 'the-function-that-said-it',
}

const noHost: Diagnosis = {
  // Without an endpoint the SDK asks for a host without an API: that is no address at all (facts: E16).
  when: /ENOTFOUND (?!execute-api\.)|EAI_AGAIN|ECONNREFUSED/,
  means: 'The function posted to a host that does not exist. Print the endpoint that it uses.',
  hint: 'docs/the-way-back.md#what-each-wrong-address-answers',
  where: 'the-function-that-said-it',
}

const mayNotPost: Diagnosis = {
  when: /not authorized to perform: execute-api:ManageConnections on resource: (\S+)/,
  means:
    'The address is right, and the role of the function does not let it post there: $1. Compare the API and the stage in it with those that the role is granted.',
  hint: 'docs/permissions.md#reading-a-refusal',
  where: 'the-function-that-said-it',
}

/** What a function was told at the address to which it posted. */
export const misaddressed: readonly Diagnosis[] = [
  forClients,
  mayNotPost,
  withoutStage,
  stageTooMany,
  noHost,
  noAddress,
  ...failures,
]

/** At the custom domain. */
export const atTheDomain: readonly Diagnosis[] = [
  {
    when: /ForbiddenException/,
    means:
      'The client came by the custom domain, and the function posted to a path that the domain does not know. The event has the name of the domain and the name of the stage. It does not have the path under which the domain leads there.',
    hint: 'docs/the-way-back.md#two-doors-one-stage',
    where: 'the-function-that-said-it',
  },
]

/** Nothing came by the queue, and no function said that it failed. */
export const notServed: readonly Diagnosis[] = [
  {
    when: /^silence\b/,
    means:
      'Nothing came by the queue, and no function logged a failure. A post to a connection that is not known at this API and stage is answered with 410, as if the client had left. The function takes that for a goodbye. Does it post to the stage at which the client is, and does it deal with every record of its event?',
    hint: 'docs/the-way-back.md#an-api-and-a-stage',
  },
]

/** Somebody heard what is for the other stage. */
export const mixed: Diagnosis = {
  when: / heard \{.*"(?:ready|taken)":/,
  means:
    'A client heard something that was put into the queue of the other stage, or heard one thing twice. The queue of a stage is for clients of that stage only.',
}

/** An answer came, but not the one that was expected. */
export const somethingElse: Diagnosis = {
  when: / heard \{.*"(?:ready|taken)":/,
  means: 'A client heard more than it should: one thing twice, or something that another client ordered.',
}

/** Under spread events: what one instance has noted of an address, another does not know. */
export const unknownToThisInstance: Diagnosis = {
  when: /^silence\b/,
  means:
    'Another instance of the function took this event. It did not know, or wrongly remembered, where to post: no instance sees what another one keeps in its memory.',
}
