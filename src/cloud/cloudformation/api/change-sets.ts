import { randomUUID } from 'node:crypto'
import { AwsError } from '../../error.ts'
import type { ResourceChange } from '../changes.ts'
import type { Stack } from '../describe.ts'
import type { StackRequest } from '../goal.ts'
import { type Input, refusal, required } from './members.ts'
import { findStack, type Site } from './site.ts'

/** A change set: a request, looked at and not carried out yet. */
export interface ChangeSet {
  readonly id: string
  readonly name: string
  readonly kind: 'CREATE' | 'UPDATE'
  readonly stackId: string
  readonly stackName: string
  readonly description: string | undefined
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly request: StackRequest
  /** As they are shown. */
  readonly parameters: Readonly<Record<string, string>>
  /** Undefined when there is nothing to change. */
  readonly changes: readonly ResourceChange[] | undefined
  readonly onStackFailure: string | undefined
  readonly includeNestedStacks: boolean
  executionStatus:
    | 'AVAILABLE'
    | 'UNAVAILABLE'
    | 'OBSOLETE'
    | 'EXECUTE_IN_PROGRESS'
    | 'EXECUTE_COMPLETE'
    | 'EXECUTE_FAILED'
}

/** The change sets of an account. Those of a stack go with it. */
export interface ChangeSets {
  add(changeSet: Omit<ChangeSet, 'id' | 'executionStatus'>): ChangeSet
  /** The one that `ChangeSetName`, a name or an ARN, and `StackName` mean. Throws `ValidationError` for a stack that there is not. */
  find(input: Input): ChangeSet | undefined
  /** As `find`. Throws `ChangeSetNotFound` when there is none. */
  get(input: Input): ChangeSet
  /** Those of a stack that can still be looked through, oldest first. */
  of(stackId: string): readonly ChangeSet[]
  remove(changeSet: ChangeSet): void
  /** Those of a stack that has become another one without them: they can be looked at, and not carried out. */
  outdate(stackId: string): void
}

/** Starts without any. */
export function changeSets(site: Site): ChangeSets {
  const { partition, region, accountId } = site.account
  const all = new Map<string, ChangeSet>()

  return {
    add(changeSet) {
      const there = new Set(site.stacks.list().map(({ stackId }) => stackId))
      for (const one of all.values()) if (!there.has(one.stackId)) all.delete(one.id)
      const id = `arn:${partition}:cloudformation:${region}:${accountId}:changeSet/${changeSet.name}/${randomUUID()}`
      const executionStatus = changeSet.changes ? 'AVAILABLE' : 'UNAVAILABLE'
      const added: ChangeSet = { ...changeSet, id, executionStatus }
      all.set(id, added)
      return added
    },
    find,
    get(input) {
      const found = find(input)
      if (!found) {
        throw new AwsError('ChangeSetNotFound', `ChangeSet [${input.ChangeSetName}] does not exist`, 404)
      }
      return found
    },
    of: stackId =>
      [...all.values()].filter(one => one.stackId === stackId && !one.executionStatus.startsWith('EXECUTE_')),
    remove: ({ id }) => all.delete(id),
    outdate(stackId) {
      for (const one of all.values()) {
        if (one.stackId === stackId && one.executionStatus === 'AVAILABLE') one.executionStatus = 'OBSOLETE'
      }
    },
  }

  function find(input: Input): ChangeSet | undefined {
    const name = required(input, 'ChangeSetName')
    if (name.startsWith('arn:')) return all.get(name)
    const stack = stackOf(input)
    return [...all.values()].findLast(one => one.stackId === stack.stackId && one.name === name)
  }

  function stackOf({ StackName }: Input): Stack {
    if (!StackName) throw refusal('StackName must be specified if ChangeSetName is not specified as an ARN.')
    const stack = findStack(site, StackName)
    if (!stack) throw refusal(`Stack [${StackName}] does not exist`)
    return stack
  }
}
