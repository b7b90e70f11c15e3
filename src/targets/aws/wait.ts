import { setTimeout as pause } from 'node:timers/promises'
import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation'

/** How often to look, in milliseconds: more and more seldom, but never more seldom than `most`. */
export interface Pace {
  readonly first: number
  readonly most: number
}

/** On AWS a stack takes a minute, and thirty people may wait in one account. */
export const AWS_PACE: Pace = { first: 2_000, most: 10_000 }

/** An endpoint of one's own has usually finished when it answers. */
export const ENDPOINT_PACE: Pace = { first: 20, most: 500 }

/** How long a stack may take, in milliseconds: far more than a table, a few functions and an API ever do. */
const LONGEST = 20 * 60_000

/** A stack that is still on its way after twenty minutes. */
export class TooSlow extends Error {
  constructor(status: string) {
    super(`It is still ${status} after ${LONGEST / 60_000} minutes.`)
    this.name = 'TooSlow'
  }
}

/** The stack once it is made, or is not to be. Throws `TooSlow`. */
export const whenMade = (client: CloudFormationClient, stackId: string, pace: Pace) =>
  when(client, stackId, pace, ({ StackStatus }) => !StackStatus?.endsWith('_IN_PROGRESS'))

/**
 * The stack once it is gone, or will not go; undefined when nobody knows it any more. One whose exports are in use
 * keeps its status, and has a reason. Throws `TooSlow`.
 */
export const whenGone = (client: CloudFormationClient, stackId: string, pace: Pace) =>
  when(
    client,
    stackId,
    pace,
    ({ StackStatus = '', StackStatusReason }) =>
      /^DELETE_(COMPLETE|FAILED)$/.test(StackStatus) ||
      (StackStatusReason !== undefined && !StackStatus.endsWith('_IN_PROGRESS')),
  )

async function when(
  client: CloudFormationClient,
  stackId: string,
  pace: Pace,
  isSettled: (stack: Stack) => boolean,
): Promise<Stack | undefined> {
  const end = Date.now() + LONGEST
  for (let wait = pace.first; ; wait = Math.min(wait * 1.5, pace.most)) {
    const stack = await look(client, stackId)
    if (!stack || isSettled(stack)) return stack
    if (Date.now() > end) throw new TooSlow(stack.StackStatus ?? 'of no status')
    await pause(wait)
  }
}

async function look(client: CloudFormationClient, StackName: string): Promise<Stack | undefined> {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]
  } catch (error) {
    if (error instanceof Error && /^Stack with id .* does not exist$/.test(error.message)) return
    throw error
  }
}
