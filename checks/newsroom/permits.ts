import type { Diagnosis, Scene } from '#kit'
import { staysWithin } from '../budget/overreach.ts'
import { connections, rows, whatEveryFunctionMay } from '../budget/purposes.ts'
import { queuesTakeFromTheTopicOnly } from './senders.ts'

/** Holds when the roles may do what the newsroom needs, and nothing else; and the queues take from the topic only. Throws `Unmet`. */
export async function nothingMoreIsAllowed(scene: Scene): Promise<void> {
  await staysWithin(scene, [...rows(scene), connections(scene), ...whatEveryFunctionMay(scene)])
  await queuesTakeFromTheTopicOnly(scene)
}

export const takesFromOthers: Diagnosis = {
  when: /its policy lets in (.+?)(?:, such as|$)/,
  means:
    'The queue takes messages from $1. SNS sends for every topic of every account, so the policy has to say for which topic it may.',
  hint: 'docs/graphql-subscriptions.md#who-may-send',
}
