import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Events } from '../events.ts'
import type { Properties } from './properties.ts'
import type { Physical } from './resource.ts'
import type { Template } from './template.ts'

/** One line of a stack's history: a member of `DescribeStackEvents`, in lower camel case. */
export interface StackEvent {
  readonly eventId: string
  readonly stackId: string
  readonly stackName: string
  /** The stack's own name where the event is about the stack. */
  readonly logicalResourceId: string
  readonly physicalResourceId: string
  readonly resourceType: string
  /** `CREATE_IN_PROGRESS`, `UPDATE_FAILED`, `DELETE_SKIPPED` … */
  readonly resourceStatus: string
  readonly resourceStatusReason?: string
  /** The name that the caller of the API gave to the operation. */
  readonly clientRequestToken?: string
  /** Milliseconds since the epoch by the cloud's clock. */
  readonly timestamp: number
}

/** A resource of a stack, as it is now: a member of `ListStackResources` and what the engine needs besides. */
export interface ResourceRecord extends Physical {
  readonly logicalId: string
  readonly type: string
  readonly properties: Properties
  /** The logical ids that it was made after. */
  readonly needs: ReadonlySet<string>
  readonly deletionPolicy: string | undefined
  readonly updateReplacePolicy: string | undefined
  readonly status: string
  readonly reason?: string
  /** Milliseconds since the epoch. */
  readonly updatedAt: number
}

/** One output of a stack. */
export interface Output {
  readonly key: string
  readonly value: string
  readonly description?: string
  readonly exportName?: string
}

/** What a caller of the API says of a stack beside its template. It is shown again; none of it makes another resource. */
export interface StackSettings {
  /** The template as it was sent. */
  readonly templateBody?: string
  readonly capabilities?: readonly string[]
  readonly disableRollback?: boolean
  /** While it is on, the API deletes the stack for nobody. */
  readonly terminationProtection?: boolean
  /** The role that CloudFormation takes on for the stack, from the call on that names it. */
  readonly roleArn?: string
  /** The change set that made the stack what it is. */
  readonly changeSetId?: string
}

/** A stack as the engine keeps it. */
export interface StackRecord {
  readonly stackName: string
  /** `arn:aws:cloudformation:us-east-1:123456789012:stack/Chat/<uuid>`. */
  readonly stackId: string
  /** Of a nested stack: the stack around it, and the outermost one. */
  readonly parentId: string | undefined
  readonly rootId: string | undefined
  readonly createdAt: number
  updatedAt?: number
  deletedAt?: number
  status: string
  reason: string | undefined
  template: Template
  /** As they were given, before any lookup. */
  parameters: Readonly<Record<string, string>>
  tags: Readonly<Record<string, string>>
  settings: StackSettings
  /** The name that the caller of the API gave to the operation under way, or to the last one. */
  token: string | undefined
  resources: Map<string, ResourceRecord>
  outputs: readonly Output[]
  /** The exports of other stacks that it uses. */
  imports: ReadonlySet<string>
  /** What a rollback has yet to do: of a stack that is UPDATE_ROLLBACK_FAILED. */
  unfinished?: Unfinished | undefined
  /** Oldest first. */
  readonly events: StackEvent[]
}

/** One thing that was done, with what is needed to undo it. */
export type Step =
  | { readonly kind: 'created'; readonly logicalId: string }
  | { readonly kind: 'updated' | 'replaced'; readonly logicalId: string; readonly before: ResourceRecord }

/** A resource to be taken down, and the policy that may spare it. */
export interface Doomed {
  readonly record: ResourceRecord
  /** `Retain` spares it: DELETE_SKIPPED. */
  readonly policy: string | undefined
}

/** A rollback that stopped on the way. */
export interface Unfinished {
  /** The steps that could not be taken back, in the order in which they were taken. */
  readonly steps: readonly Step[]
  /** What is to be taken down in the end. */
  readonly doomed: readonly Doomed[]
}

/** How many events of a stack are kept: one that is deployed all day must not grow without end. */
const KEPT = 2_000

export const STACK_TYPE = 'AWS::CloudFormation::Stack'

/** Writes down what happened to a resource. */
export type Note = (
  stack: StackRecord,
  resource: { readonly logicalId: string; readonly type: string; readonly physicalId: string },
  status: string,
  reason?: string,
) => void

/** A pen that writes into a stack's own history and into the cloud's one stream of events. */
export function historian(clock: Clock, events: Events): Note {
  return (stack, { logicalId, type, physicalId }, status, reason) => {
    stack.events.push({
      eventId: randomUUID(),
      stackId: stack.stackId,
      stackName: stack.stackName,
      logicalResourceId: logicalId,
      physicalResourceId: physicalId,
      resourceType: type,
      resourceStatus: status,
      ...(reason !== undefined && { resourceStatusReason: reason }),
      ...(stack.token !== undefined && { clientRequestToken: stack.token }),
      // No two at the same time: the CDK CLI sorts by it.
      timestamp: Math.max(clock.now(), (stack.events.at(-1)?.timestamp ?? 0) + 1),
    })
    if (stack.events.length >= 2 * KEPT) stack.events.splice(0, stack.events.length - KEPT)
    events.emit({
      kind: 'resource',
      stackName: stack.stackName,
      logicalId,
      type,
      status,
      ...(reason !== undefined && { reason }),
    })
  }
}

/** Moves the stack itself on to another status. */
export function noteStack(note: Note, stack: StackRecord, status: string, reason?: string): void {
  stack.status = status
  stack.reason = reason
  note(stack, { logicalId: stack.stackName, type: STACK_TYPE, physicalId: stack.stackId }, status, reason)
}
